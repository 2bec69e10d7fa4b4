use std::io;

use tokio::io::{AsyncRead, AsyncWrite};

#[cfg(feature = "tls-openssl")]
use super::OpensslAcceptor;
#[cfg(feature = "tls-rustls")]
use super::RustlsAcceptor;
use super::{ByteStream, TlsIdentity};
use crate::net::Metered;

/// How a server accepts byte streams.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum AcceptorConfig {
    /// In the clear, for `ws://`.
    #[default]
    Default,
    /// Under TLS by rustls, for `wss://`.
    #[cfg(feature = "tls-rustls")]
    Rustls(RustlsAcceptor),
    /// Under TLS by OpenSSL, for `wss://`.
    #[cfg(feature = "tls-openssl")]
    Openssl(OpensslAcceptor),
}

/// A byte stream that carries a WebSocket, and who it comes from where TLS tells.
pub(crate) struct Accepted<S> {
    pub(crate) stream: ByteStream<S>,
    pub(crate) identity: Option<TlsIdentity>,
}

impl AcceptorConfig {
    pub(crate) fn scheme(&self) -> &'static str {
        match self {
            Self::Default => "ws",
            #[cfg(feature = "tls-rustls")]
            Self::Rustls(_) => "wss",
            #[cfg(feature = "tls-openssl")]
            Self::Openssl(_) => "wss",
        }
    }

    /// Performs the server's half of the TLS handshake, if TLS is configured.
    ///
    /// `allowance` is the number of bytes that the peer may send afterwards before its hello is complete.
    pub(crate) async fn accept<S>(&self, stream: S, allowance: u64) -> io::Result<Accepted<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        match self {
            Self::Default => Ok(Accepted {
                stream: ByteStream::Clear(Metered::new(stream, allowance)),
                identity: None,
            }),
            #[cfg(feature = "tls-rustls")]
            Self::Rustls(acceptor) => acceptor.accept(stream, allowance).await,
            #[cfg(feature = "tls-openssl")]
            Self::Openssl(acceptor) => acceptor.accept(stream, allowance).await,
        }
    }
}

/// Says that nothing more will come, and waits for the other side to say so too, until the deadline of the handshake: a
/// socket that is dropped with unread input is reset, and the reset would overtake the reason that TLS has told.
#[cfg(any(feature = "tls-rustls", feature = "tls-openssl"))]
pub(super) async fn farewell<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut Metered<S>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    if stream.shutdown().await.is_ok() {
        let mut ignored = [0; 1024];
        while matches!(stream.read(&mut ignored).await, Ok(1..)) {}
    }
}
