#[cfg(feature = "server")]
mod raw_token;

use std::fmt::Debug;

#[cfg(feature = "server")]
pub use raw_token::RawToken;
#[cfg(feature = "server")]
pub(crate) use raw_token::RequestSession;

use serde::{Serialize, de::DeserializeOwned};

use crate::protocol::Protocol;

/// A channel: the types that may travel in each direction and the hash that stands for them.
///
/// Written by [`#[channel]`](macro@crate::channel), never by hand: the protocol hash speaks for exactly these types.
pub trait ChannelPack: Sized + Send + Sync + 'static {
    /// Name, hash and canonical form of the schema.
    const PROTOCOL: Protocol;
    /// Sent once by a client with its hello; handed to the server with `Connected`. `()` where the schema names none.
    type ConnectMsg: Serialize + DeserializeOwned + Debug + Send + 'static;
    /// Every one-shot message a client may send.
    type ClientMsg: Serialize + DeserializeOwned + Debug + Send + 'static;
    /// Every request a client may make.
    type ClientRequest: Serialize + DeserializeOwned + Debug + Send + 'static;
    /// Every one-shot message a server may send.
    type ServerMsg: Serialize + DeserializeOwned + Debug + Send + 'static;
    /// The responses, one variant per request, in the requests' order.
    type ServerResponse: Serialize + DeserializeOwned + Debug + Send + 'static;
    /// Every request beside the [`RequestToken`](crate::RequestToken) that answers it.
    #[cfg(feature = "server")]
    type IncomingRequest: Debug + Send + 'static;

    /// Pairs a request with its token.
    #[cfg(feature = "server")]
    #[doc(hidden)]
    fn incoming(request: Self::ClientRequest, token: RawToken) -> Self::IncomingRequest;
}

/// A one-shot message that a client of `C` may send.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent by a client of `{C}`",
    label = "not a client message of this channel",
    note = "clients send the types under `client: (messages: [..])` of the schema; requests go through `request` or `call`"
)]
pub trait ClientMessage<C: ChannelPack>: Into<C::ClientMsg> {}

/// A one-shot message that a server of `C` may send.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent by a server of `{C}`",
    label = "not a server message of this channel",
    note = "servers send the types under `server: (messages: [..])` of the schema; requests are answered with `respond`"
)]
pub trait ServerMessage<C: ChannelPack>: Into<C::ServerMsg> {}

/// A request of channel `C`, tied to the one type that answers it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a request of `{C}`",
    label = "not a request of this channel",
    note = "requests are the types under `client: (requests: {{..}})` of the schema; one-shot messages go through `send`"
)]
pub trait Request<C: ChannelPack>: Into<C::ClientRequest> + Send + 'static {
    /// What answers this request.
    type Response: Debug + Send + 'static;

    /// The response as the variant of its request.
    #[doc(hidden)]
    fn into_response(response: Self::Response) -> C::ServerResponse;

    /// The response, if it is the variant of this request.
    #[doc(hidden)]
    fn from_response(response: C::ServerResponse) -> Option<Self::Response>;
}

/// Fails to compile where `A` and `B` are not the same protocol, for crates that must agree on one.
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
