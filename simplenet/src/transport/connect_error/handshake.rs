use thiserror::Error;

/// The reason why a peer is no simplenet server, or did not complete the handshake of one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HandshakeFailure {
    /// The server answered a `ws://` request with TLS.
    #[error("this port seems to speak TLS: try `wss://`")]
    SpeaksTls,
    /// The server's answer to the upgrade is not HTTP.
    #[error("the server does not speak HTTP on this port: check the port")]
    NotHttp,
    /// The server answers in HTTP/1.0 or older.
    #[error("the server answers in HTTP/1.0, which has no WebSockets: check the port")]
    OldHttp,
    /// The server's answer to the upgrade exceeds the limit.
    #[error("the answer to the upgrade is too large: check whether this is a simplenet server")]
    TooLarge,
    /// The server's answer to the upgrade lacks this header, or the header has another value than
    /// that of a WebSocket server.
    #[error(
        "the answer to the upgrade has no valid header `{0}`: the server is no WebSocket server, \
         or a proxy before it does not support WebSockets"
    )]
    Header(&'static str),
    /// The server's answer does not contain simplenet's subprotocol.
    #[error(
        "the answer to the upgrade lacks the subprotocol `simplenet`: this is no simplenet server, \
         or a proxy before it drops the header `Sec-WebSocket-Protocol`"
    )]
    Subprotocol,
    /// The URL cannot be sent in an HTTP request.
    #[error("the path or query of the URL cannot be sent: percent-encode it")]
    Request,
    /// The server closed the connection before it answered the upgrade.
    #[error(
        "the server closed the connection before it answered the upgrade: check the port; if it \
         speaks TLS, write `wss://`; if the server limits connections per address, this address \
         may have too many"
    )]
    Closed,
    /// The connection broke before the server answered the upgrade.
    #[error("the connection ended before the server answered the upgrade: {0}")]
    Lost(String),
    /// The connection ended between the upgrade and the server's welcome.
    #[error("the connection ended before the server accepted the client: {0}")]
    LostBeforeWelcome(String),
    /// The server sent data that are no part of simplenet's protocol.
    #[error("the server does not speak simplenet's protocol: {0}")]
    Violation(String),
}

impl HandshakeFailure {
    /// Returns the text without any text of the peer.
    pub(super) fn summary(&self) -> String {
        match self {
            Self::Violation(_) => "the server does not speak simplenet's protocol".to_owned(),
            other => other.to_string(),
        }
    }
}
