//! The canonical form: a text that represents a [`Schema`](crate::Schema). It contains everything
//! that affects the compatibility of two peers, and nothing else.
//!
//! The form is injective: different schemas have different texts, because every name is prefixed by
//! its length, every kind by a tag, and every list by its count. The form contains the wire
//! version, the codec, the name of the channel, the directions in the order of their variants, and
//! the types in use, sorted by name. It contains neither docs nor derives nor the order of
//! declarations in a file. `docs/protocol.md` describes the form for authors in other languages.
//!
//! ```text
//! form      = "simplenet 1\n" "wire " NUMBER "\n" "codec " text "\n"
//!             "channel " text "\n" "connect " type "\n"
//!             "client messages " NUMBER "\n" (text "\n")*
//!             "client requests " NUMBER "\n" (text " " type "\n")*
//!             "server messages " NUMBER "\n" (text "\n")*
//!             "externals " NUMBER "\n" (text " " text "\n")*
//!             "types " NUMBER "\n" (text " " shape "\n")*
//! shape     = fields | "enum " NUMBER "(" (text " " fields ";")* ")"
//! fields    = "unit" | "newtype(" type ")" | "tuple " NUMBER "(" (type ",")* ")"
//!           | "struct " NUMBER "(" (text " " type ",")* ")"
//! type      = "@" text | "^" text | KEYWORD | KEYWORD "(" (type ",")* ")"
//!           | "array " NUMBER "(" type ",)" | "tuple " NUMBER "(" (type ",")* ")"
//! text      = NUMBER ":" BYTES        (NUMBER counts the bytes)
//! ```
//!
//! `@` marks a declared type, `^` an external one. A keyword with a list is one of `option`, `vec`,
//! `box`, `hashset`, `btreeset` (one type), `result`, `hashmap`, `btreemap` (two types). A keyword
//! without a list is the name of a primitive, as in a schema. Numbers are decimal, without leading
//! zeros. The text after `codec` is [`CODEC`](crate::CODEC).

mod read;
mod write;

pub use read::{ReadError, read};
pub use write::write;

/// The maximum length of a canonical form, in bytes.
pub const MAX_LENGTH: usize = 256 * 1024;
