#[cfg(feature = "server")]
mod raw_token;

use std::fmt::Debug;

#[cfg(feature = "server")]
pub use raw_token::RawToken;
#[cfg(feature = "server")]
pub(crate) use raw_token::RequestSession;

use serde::{Serialize, de::DeserializeOwned};

use crate::protocol::Protocol;
#[cfg(feature = "_session")]
use crate::wire::Payloads;

/// A channel: the types of each direction, and the protocol hash that identifies them.
///
/// [`#[channel]`](macro@crate::channel) generates the implementation. Do not implement it by hand:
/// the protocol hash must match the types exactly.
pub trait ChannelPack: Sized + Send + Sync + 'static {
    /// The name, the hash and the canonical form of the schema.
    const PROTOCOL: Protocol;
    /// The message that a client sends once when it connects, and that the server receives with
    /// `Connected`. `()` if the schema declares none.
    type ConnectMsg: Serialize + DeserializeOwned + Debug + Send + 'static;
    /// The one-shot messages of a client.
    type ClientMsg: Serialize + DeserializeOwned + Debug + Send + 'static;
    /// The requests of a client.
    type ClientRequest: Serialize + DeserializeOwned + Debug + Send + 'static;
    /// The one-shot messages of a server.
    type ServerMsg: Serialize + DeserializeOwned + Debug + Send + 'static;
    /// The responses, one variant per request, in the order of the requests.
    type ServerResponse: Serialize + DeserializeOwned + Debug + Send + 'static;
    /// The requests of a client, each with the [`RequestToken`](crate::RequestToken) that answers
    /// it.
    #[cfg(feature = "server")]
    type IncomingRequest: Debug + Send + 'static;

    /// Returns the structure of the payloads.
    #[cfg(feature = "_session")]
    #[doc(hidden)]
    fn payloads() -> &'static Payloads;

    /// Combines a request with its token.
    #[cfg(feature = "server")]
    #[doc(hidden)]
    fn incoming(request: Self::ClientRequest, token: RawToken) -> Self::IncomingRequest;
}

/// A one-shot message from a client to a server of `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent by a client of `{C}`",
    label = "not a client message of this channel",
    note = "clients send the types under `client: (messages: [..])` of the schema; requests go through `request` or `call`"
)]
pub trait ClientMessage<C: ChannelPack>: Into<C::ClientMsg> {
    /// Returns the message if it has this type.
    #[doc(hidden)]
    fn from_message(message: &C::ClientMsg) -> Option<&Self>;
}

/// A one-shot message from a server to a client of `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent by a server of `{C}`",
    label = "not a server message of this channel",
    note = "servers send the types under `server: (messages: [..])` of the schema; requests are answered with `respond`"
)]
pub trait ServerMessage<C: ChannelPack>: Into<C::ServerMsg> {
    /// Returns the message if it has this type.
    #[doc(hidden)]
    fn from_message(message: &C::ServerMsg) -> Option<&Self>;
}

/// A request of channel `C`, with the type of its response.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a request of `{C}`",
    label = "not a request of this channel",
    note = "requests are the types under `client: (requests: {{..}})` of the schema; one-shot messages go through `send`"
)]
pub trait Request<C: ChannelPack>: Into<C::ClientRequest> + Send + 'static {
    /// The response to this request.
    type Response: Debug + Send + 'static;

    /// Wraps the response in the variant of its request.
    #[doc(hidden)]
    fn into_response(response: Self::Response) -> C::ServerResponse;

    /// Returns the response if it has the variant of this request.
    #[doc(hidden)]
    fn from_response(response: C::ServerResponse) -> Option<Self::Response>;
}

/// Fails to compile if `A` and `B` have different protocols, for crates that must agree on one
/// channel.
///
/// ```text
/// const _: () = simplenet::assert_same_protocol::<game_server::Chat, game_client::Chat>();
/// ```
pub const fn assert_same_protocol<A: ChannelPack, B: ChannelPack>() {
    assert!(
        A::PROTOCOL.hash() == B::PROTOCOL.hash(),
        "the two channels were built from different schemas"
    );
}
