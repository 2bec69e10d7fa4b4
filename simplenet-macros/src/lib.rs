//! The attribute macro of `simplenet`, to be used through that crate.

mod attr;
mod expand;
mod fallback;
mod pin;

use proc_macro::TokenStream;

/// Generates a channel from its schema, into the module it stands on.
///
/// ```ignore
/// #[simplenet::channel(schema = "../schemas/chat.ron")]
/// pub mod chat {}
/// ```
///
/// # Arguments
///
/// - `schema = "path"`: the schema file, relative to the directory of the crate's `Cargo.toml`.
/// - `crate = path`: where the crate `simplenet` is found; `::simplenet` unless given.
///
/// The crate is compiled anew whenever the schema changes, or a file that it includes.
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
/// All errors of a schema are told at once, each with its place in the file. Code that uses the channel is not blamed for
/// what follows from them.
#[proc_macro_attribute]
pub fn channel(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::channel(attribute.into(), item.into()).into()
}

/// Generates the types of a file that several channels include, into the module it stands on.
#[proc_macro_attribute]
pub fn types(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::types(attribute.into(), item.into()).into()
}
