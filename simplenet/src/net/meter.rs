use std::{
    fmt, io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A byte stream that limits the received bytes below the WebSocket layer.
///
/// The WebSocket layer limits the size of a message, but not the number of empty fragments and
/// control frames. So the meter limits the number of bytes up to the end of the next message.
pub(crate) struct Metered<S> {
    stream: S,
    received: u64,
    /// The number of bytes that may still be received.
    allowance: u64,
}

impl<S> Metered<S> {
    pub(crate) fn new(stream: S, allowance: u64) -> Self {
        Self { stream, received: 0, allowance }
    }

    /// Returns the number of bytes received so far.
    pub(crate) fn received(&self) -> u64 {
        self.received
    }

    /// Grants the allowance for the next message. Called after a complete message.
    pub(crate) fn refill(&mut self, allowance: u64) {
        self.allowance = allowance;
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.allowance == 0 {
            return Poll::Ready(Err(io::Error::other(OverAllowance)));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let read = (buffer.filled().len() - before) as u64;
        self.received += read;
        self.allowance = self.allowance.saturating_sub(read);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    /// Forwards vectored writes, which TLS uses. close_notify is written by a single call, so a
    /// partial write would lose its rest.
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// The error of a stream that received more bytes than a message and its framing can occupy.
#[derive(Debug)]
pub(crate) struct OverAllowance;

impl fmt::Display for OverAllowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("received more bytes than a message and its framing can occupy")
    }
}

impl std::error::Error for OverAllowance {}
