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

/// A byte stream that carries a WebSocket, in the clear or under TLS. What comes over the network is metered below TLS,
/// so that it counts as what it costs: handshakes, padding and all.
pub(crate) enum ByteStream<S> {
    Clear(Metered<S>),
    // On the heap: a connection in the clear should not take the memory of one under TLS.
    #[cfg(feature = "tls-rustls")]
    Rustls(Box<TlsStream<Metered<S>>>),
    #[cfg(feature = "tls-openssl")]
    Openssl(SslStream<Metered<S>>),
}

/// What all kinds of stream can do.
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

/// A WebSocket has a close of its own, so the end of what can be read is an error here. The WebSocket layer would take it
/// for the end of what can be written, too, and whoever has ceased to write may still read why it is sent away.
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

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.duplex().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.duplex().poll_shutdown(context)
    }
}
