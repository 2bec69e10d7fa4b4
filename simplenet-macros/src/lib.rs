//! The attribute macro of `simplenet`, to be used through that crate.

mod attr;
mod expand;
mod fallback;
mod pin;

use proc_macro::TokenStream;

/// Generates a channel, from a schema file or from the module it stands on.
///
/// ```text
/// #[simplenet::channel(schema = "../schemas/chat.ron")]
/// pub mod chat {}
/// ```
///
/// A file suits a channel that several crates, or programs in other languages, have to agree on; the crate is compiled
/// anew whenever the file changes, or one that it includes. A module suits a channel of one crate. Both give the same
/// code, and the same protocol if they say the same.
///
/// # Arguments
///
/// - `schema = "path"`: the schema file, relative to the directory of the crate's `Cargo.toml`. Without it the channel is
///   declared in the module.
/// - `hash = "9f2c…"`: the protocol hash that the channel must have, in 32 hexadecimal digits, or the first 8 or more of
///   them. If it has another, that is an error that tells the new one. So a copied schema cannot change unnoticed.
/// - `include(common = path::to::module)`: the types of the included file `common.ron` are generated in that module, by
///   [`#[types]`](macro@types), and not once more in this one.
/// - `crate = path`: where the crate `simplenet` is found; `::simplenet` unless given.
///
/// Without a schema file also
///
/// - `name = "chat"`: the channel's name; that of the module unless given.
/// - `external(uuid::Uuid = "uuid-1", ..)`: types of other crates, with a fingerprint of each.
/// - `include("path", ..)`: files of types, relative to the directory of the crate's `Cargo.toml`. The two kinds of
///   `include` go together: `include("../schemas/common.ron", common = crate::common)`.
///
/// # The schema
///
/// ```ron
/// Channel(
///     name: "chat",
///     include: ["common.ron"],                // files of types, relative to this one
///     connect: "Hello",                       // sent as a client connects; `()` if left out
///     client: (
///         messages: ["Typing"],               // declared types that a client sends
///         requests: { "Join": "Result<Joined, JoinError>" },      // and those it wants answered, with what
///     ),
///     server: (
///         messages: ["Posted", "Left"],
///     ),
///     types: {
///         "Hello":     Struct({ "name": "String" }),
///         "Typing":    Unit,
///         "Join":      Struct({ "room": "RoomId" }),
///         "Joined":    Struct({ "members": "Vec<String>" }),
///         "JoinError": Enum({ "Full": Unit, "Banned": Struct({ "until": "u64" }) }),
///         "Posted":    Struct({ "room": "RoomId", "text": "String", "id": "uuid::Uuid" }),
///         "Left":      Tuple(["RoomId", "String"]),
///     },
///     external: { "uuid::Uuid": "uuid-1" },   // types of other crates, with a fingerprint
///     docs: { "Hello.name": "Shown to the others in the room." },
///     derive: { "RoomId": ["Copy"] },
/// )
/// ```
///
/// Only the name is required. An included file is `Types(types: {..})`, with `include`, `external`, `docs` and `derive` of
/// its own if need be.
///
/// # The module
///
/// ```text
/// #[simplenet::channel]
/// pub mod chat {
///     /// Who is connecting.
///     #[connect]
///     pub struct Hello { pub name: String }
///     #[client_message]
///     pub struct Typing;
///     #[request(Result<Joined, JoinError>)]
///     pub struct Join { pub room: RoomId }
///     pub struct Joined { pub members: Vec<String> }
///     pub enum JoinError { Full, Banned { until: u64 } }
///     #[server_message]
///     pub struct Posted { pub room: RoomId, pub text: String }
///     #[derive(Copy)]
///     pub struct RoomId(pub u32);
/// }
/// ```
///
/// `#[connect]` stands on at most one type, `#[client_message]`, `#[request(Response)]` and `#[server_message]` on any
/// number; their order is that of the messages. The types are read as a schema's are, and generated from that: docs and
/// derives are kept, names of types mean what they mean in a schema file, whatever is in scope outside. So a module holds
/// structs and enums, public with all their fields, and nothing that a file could not say. In particular `#[serde]` and
/// `#[cfg]`, type parameters and numbers of variants are refused: they would change what travels behind the back of the
/// protocol hash.
///
/// # The rules of both
///
/// A schema is a closed world. A type is a primitive (`bool`, `u8` to `u128`, `i8` to `i128`, `f32`, `f64`, `char`,
/// `String`, `Bytes`), a container (`Option`, `Vec`, `[T; N]`, tuples, `Result`, `Box`, `HashMap`, `BTreeMap`, `HashSet`,
/// `BTreeSet`), declared, included, or external. It cannot contain itself, since a peer would choose how deep its values
/// go; elements of sequences take bytes; keys can be compared and hashed. An external type is written with its full path,
/// begins with `crate` if it is of the crate that holds the module, and implements what generated types derive. Its
/// fingerprint is any text, to be changed whenever the type's form on the wire changes.
///
/// Names and the order of fields, variants, messages and requests are part of the protocol; docs, derives and the order
/// of declarations are not.
///
/// # What is generated
///
/// - The declared types, with `Clone`, `Debug`, `PartialEq`, `Serialize` and `Deserialize`, what `derive` asks for, and
///   what keys need. Every type of the schema's own file is there; of included files, what the channel uses.
/// - The tag that stands for the channel: `Chat` for `"chat"`, `MatchMaking` for `"match-making"`.
/// - One enum per direction: `ClientMsg`, `ClientRequest`, `ServerMsg`, `ServerResponse`.
/// - `IncomingRequest`, which pairs each request with the token that takes its response and no other.
/// - The trait `Service`, for `Server::serve`: one async method for every message and request of a client, called like it
///   (`GetRoom` is handled by `get_room`), and one for the beginning and the end of a session.
/// - The aliases `Server`, `ServerHandle`, `ServerEvent`, `ServiceContext`, `RequestToken`, `Client`, `ClientHandle`,
///   `ClientEvent`.
///
/// # Errors
///
/// All errors are told at once, each with its place in the file or the module. Code that uses the channel is not blamed for
/// what follows from them.
#[proc_macro_attribute]
pub fn channel(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::channel(attribute.into(), item.into()).into()
}

/// Generates the types of a file that several channels include, into the module it stands on.
///
/// ```text
/// #[simplenet::types(schema = "../schemas/common.ron")]
/// pub mod common {}
///
/// #[simplenet::channel(schema = "../schemas/chat.ron", include(common = crate::common))]
/// pub mod chat {}
///
/// #[simplenet::channel(schema = "../schemas/lobby.ron", include(common = crate::common))]
/// pub mod lobby {}
/// ```
///
/// `chat::RoomId` and `lobby::RoomId` are now both `common::RoomId`. The protocols of the channels stay the same. The module
/// may be that of another crate: if it holds other types than the file that the channel includes, that is an error.
///
/// The file is a `Types(types: {..})`, and the module holds all its types and all that it includes. They derive what
/// [`channel`](macro@channel) would have them derive, what the file itself asks for, and wherever it is possible `Eq`,
/// `Hash`, `PartialOrd` and `Ord`, so that a channel can use them as keys. A type with something of another crate in it
/// is not known to have these; if it does, the file asks for them.
///
/// # Arguments
///
/// `schema`, `crate` and `include(base = path::to::module)`, as for [`channel`](macro@channel).
#[proc_macro_attribute]
pub fn types(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::types(attribute.into(), item.into()).into()
}
