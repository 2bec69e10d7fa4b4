//! The canonical form: one text per [`Schema`](crate::Schema), which says all that both sides must agree on and nothing
//! else.
//!
//! The form is injective: every name has its length before it, every kind its tag, every list its count, so no two
//! schemas share a text. It holds the wire version, the codec, the channel's name, the directions in the order of their
//! variants, and the types in use ordered by name. It does not hold documentation, derives, or the order of declarations
//! in a file.
//!
//! ```text
//! form      = "simplenet 1\n" "wire " NUMBER "\n" "codec " text "\n" "channel " text "\n" "connect " type "\n"
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
//! `@` is a declared type, `^` an external one. A keyword with a list is one of `option`, `vec`, `box`, `hashset`,
//! `btreeset` (one type), `result`, `hashmap`, `btreemap` (two); alone it is the name of a primitive. Numbers are
//! decimal, without leading zeros.

mod read;
mod write;

pub use read::{ReadError, read};
pub use write::write;

/// The longest canonical form that a schema may have and that is read, in bytes.
pub const MAX_LENGTH: usize = 256 * 1024;
