use std::io;

use tokio::io::{AsyncRead, AsyncWrite};

#[cfg(feature = "tls-openssl")]
use super::OpensslAcceptor;
#[cfg(feature = "tls-rustls")]
use super::RustlsAcceptor;
use super::{ByteStream, TlsIdentity};
use crate::net::Metered;

/// The TLS settings with which a server accepts connections.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum AcceptorConfig {
    /// Without TLS, for `ws://`.
    #[default]
    Default,
    /// TLS by rustls, for `wss://`.
    #[cfg(feature = "tls-rustls")]
    Rustls(RustlsAcceptor),
    /// TLS by OpenSSL, for `wss://`.
    #[cfg(feature = "tls-openssl")]
    Openssl(OpensslAcceptor),
}

/// A byte stream that is ready for the WebSocket upgrade, and the client's certificate, if any.
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
    /// `allowance` is the number of bytes that the peer may send after the TLS handshake until its
    /// hello is complete.
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

/// Closes the stream after a failed handshake: shuts down writing, and discards input until the
/// peer closes its end. The deadline of the handshake bounds the wait.
///
/// A socket that is dropped with unread input is reset, and the reset could overtake the TLS alert.
#[cfg(any(feature = "tls-rustls", feature = "tls-openssl"))]
pub(super) async fn close_after_failure<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut Metered<S>,
) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    if stream.shutdown().await.is_ok() {
        let mut ignored = [0; 1024];
        while matches!(stream.read(&mut ignored).await, Ok(1..)) {}
    }
}
