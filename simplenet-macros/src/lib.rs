//! The attribute macros of `simplenet`, which re-exports them.

mod arguments;
mod expand;
mod fallback;
mod pin;

use proc_macro::TokenStream;

/// Generates a channel from a schema file, or from the content of the annotated module.
///
/// ```text
/// #[simplenet::channel(schema = "../schemas/chat.ron")]
/// pub mod chat {}
/// ```
///
/// Use a schema file if several crates, or programs in other languages, share the channel. Cargo
/// compiles the crate again when the file or an included file changes. Use a module if only one
/// crate needs the channel. A file and a module with equal declarations give the same code and the
/// same protocol.
///
/// # Arguments
///
/// - `schema = "path"`: the schema file, relative to the directory of the crate's `Cargo.toml`.
///   Without it, the module declares the channel.
/// - `hash = "9f2c…"`: the required protocol hash, in 32 hexadecimal digits, or the first 8 or more
///   of them. If the channel has another hash, the macro reports an error with the new hash. Use
///   this argument to notice changes in a copied schema file.
/// - `include(common = path::to::module)`: the module that holds the types of the included file
///   `common.ron`, which [`#[types]`](macro@types) has generated. The channel's module imports
///   these types instead of generating its own.
/// - `crate = path`: the path of the crate `simplenet`. The default is `::simplenet`.
///
/// These arguments are only for a channel without a schema file:
///
/// - `name = "chat"`: the name of the channel. The default is the name of the module.
/// - `external(uuid::Uuid = "uuid-1", ..)`: external types, each with a fingerprint.
/// - `include("path", ..)`: files of types, relative to the directory of the crate's `Cargo.toml`.
///   Both kinds of `include` may be combined:
///   `include("../schemas/common.ron", common = crate::common)`.
///
/// # The schema
///
/// ```ron
/// Channel(
///     name: "chat",
///     include: ["common.ron"],                // files of types, relative to this one
///     connect: "Hello",                       // the connect message; `()` by default
///     client: (
///         messages: ["Typing"],               // declared types that a client sends
///         requests: { "Join": "Result<Joined, JoinError>" },     // requests, with their responses
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
///     external: { "uuid::Uuid": "uuid-1" },   // external types, with fingerprints
///     docs: { "Hello.name": "Shown to the others in the room." },
///     derive: { "RoomId": ["Copy"] },
/// )
/// ```
///
/// Only the name is required. An included file is a `Types(types: {..})`, optionally with
/// `include`, `external`, `docs` and `derive`.
///
/// # The module
///
/// ```text
/// #[simplenet::channel]
/// pub mod chat {
///     /// The first message of a client.
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
/// At most one type has `#[connect]`. Any number of types have `#[client_message]`,
/// `#[request(Response)]` or `#[server_message]`, and the order of the types is the order of the
/// messages. The macro generates the types again from their declarations, with their docs and
/// derives. Names of types have the same meaning as in a schema file. Items outside of the module
/// do not change this meaning.
///
/// The module contains only structs and enums, which are public with all their fields. A schema
/// file must be able to declare the same types. So `#[serde]`, `#[cfg]`, type parameters and
/// explicit discriminants are errors: they would change the encoding, but not the protocol hash.
///
/// # Rules
///
/// A type is one of these:
///
/// - a primitive: `bool`, `u8` to `u128`, `i8` to `i128`, `f32`, `f64`, `char`, `String`, `Bytes`;
/// - a container: `Option`, `Vec`, `[T; N]`, a tuple, `Result`, `Box`, `HashMap`, `BTreeMap`,
///   `HashSet`, `BTreeSet`;
/// - a type that the schema or an included file declares;
/// - an external type, by its full path. The path begins with `crate` if the type belongs to the
///   crate of the channel's module. An external type must implement the traits that all generated
///   types derive. Its fingerprint is any text. Change the text whenever the encoding of the type
///   changes.
///
/// A type cannot contain itself, because a peer could choose the depth of its values. The elements
/// of a sequence must be encoded in at least one byte. Keys must implement `Ord` and `Hash`.
///
/// Names and the order of fields, variants, messages and requests are part of the protocol. Docs,
/// derives and the order of declarations are not part of it.
///
/// # Generated items
///
/// - The declared types. They derive `Clone`, `Debug`, `PartialEq`, `Serialize`, `Deserialize`, the
///   traits in `derive`, and the traits that keys need. A type of an included file is generated
///   only if the channel uses it.
/// - The tag type of the channel: `Chat` for `"chat"`, `MatchMaking` for `"match-making"`.
/// - One enum per direction: `ClientMsg`, `ClientRequest`, `ServerMsg`, `ServerResponse`.
/// - `IncomingRequest`, which pairs each request with the token for its response.
/// - The trait `Service`, for `Server::builder().service(..)`: one async method for every message
///   and request of a client, in snake case (`get_room` for `GetRoom`), and one method each for the
///   beginning and the end of a session.
/// - The aliases `Server`, `ServerHandle`, `ServerEvent`, `ServiceContext`, `RequestToken`,
///   `Client`, `ClientHandle`, `ClientEvent`.
///
/// # Errors
///
/// All errors are reported together, each with its position in the file or the module. Code that
/// uses the channel gets no further errors as a consequence.
#[proc_macro_attribute]
pub fn channel(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::channel(attribute.into(), item.into()).into()
}

/// Fills the annotated module with the types of a schema file that several channels share.
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
/// `chat::RoomId` and `lobby::RoomId` are now both `common::RoomId`. The protocols of the channels
/// do not change. The module may belong to another crate. If the types of the module differ from
/// the types of the included file, the compiler reports an error.
///
/// The file is a `Types(types: {..})`. The module contains all types of the file and of the files
/// that it includes. The types derive the same traits as the types of a [`channel`](macro@channel).
/// If possible, they also derive `Eq`, `Hash`, `PartialOrd` and `Ord`, so that a channel can use
/// them as keys. A type that contains an external type derives these four traits only if the file
/// lists them in `derive`.
///
/// # Arguments
///
/// `schema`, `crate` and `include(base = path::to::module)`, as for [`channel`](macro@channel).
#[proc_macro_attribute]
pub fn types(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::types(attribute.into(), item.into()).into()
}
