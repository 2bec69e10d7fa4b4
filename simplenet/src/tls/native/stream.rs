use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
#[cfg(feature = "tls-openssl")]
use tokio_openssl::SslStream;
#[cfg(feature = "tls-rustls")]
use tokio_rustls::TlsStream;

use crate::net::Metered;

/// A byte stream that carries a WebSocket, with or without TLS.
///
/// The meter is below TLS, so it counts all bytes of the network, including handshakes and padding.
pub(crate) enum ByteStream<S> {
    Clear(Metered<S>),
    // Boxed, so that a connection without TLS does not need the memory of one with TLS.
    #[cfg(feature = "tls-rustls")]
    Rustls(Box<TlsStream<Metered<S>>>),
    #[cfg(feature = "tls-openssl")]
    Openssl(SslStream<Metered<S>>),
}

/// The traits that all kinds of stream implement.
trait Duplex: AsyncRead + AsyncWrite + Unpin {}

impl<T: AsyncRead + AsyncWrite + Unpin> Duplex for T {}

impl<S: AsyncRead + AsyncWrite + Unpin> ByteStream<S> {
    pub(crate) fn meter(&self) -> &Metered<S> {
        match self {
            Self::Clear(stream) => stream,
            #[cfg(feature = "tls-rustls")]
            Self::Rustls(stream) => stream.get_ref().0,
            #[cfg(feature = "tls-openssl")]
            Self::Openssl(stream) => stream.get_ref(),
        }
    }

    pub(crate) fn meter_mut(&mut self) -> &mut Metered<S> {
        match self {
            Self::Clear(stream) => stream,
            #[cfg(feature = "tls-rustls")]
            Self::Rustls(stream) => stream.get_mut().0,
            #[cfg(feature = "tls-openssl")]
            Self::Openssl(stream) => stream.get_mut(),
        }
    }

    /// Returns true if there is no TLS.
    pub(crate) fn is_clear(&self) -> bool {
        matches!(self, Self::Clear(_))
    }

    fn duplex(self: Pin<&mut Self>) -> Pin<&mut (dyn Duplex + '_)> {
        let duplex: &mut dyn Duplex = match self.get_mut() {
            Self::Clear(stream) => stream,
            #[cfg(feature = "tls-rustls")]
            Self::Rustls(stream) => stream,
            #[cfg(feature = "tls-openssl")]
            Self::Openssl(stream) => stream,
        };
        Pin::new(duplex)
    }
}

/// Returns an error at the end of the stream, because a WebSocket ends with its own close.
///
/// With a plain end of stream, the WebSocket layer would also stop writing. A half-closed peer must
/// still receive the close reason.
impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for ByteStream<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let room = buffer.remaining();
        ready!(self.duplex().poll_read(context, buffer))?;
        let ended = room > 0 && buffer.remaining() == room;
        Poll::Ready(if ended { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for ByteStream<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.duplex().poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.duplex().poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Clear(stream) => stream.is_write_vectored(),
            #[cfg(feature = "tls-rustls")]
            Self::Rustls(stream) => stream.is_write_vectored(),
            #[cfg(feature = "tls-openssl")]
            Self::Openssl(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.duplex().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.duplex().poll_shutdown(context)
    }
}
