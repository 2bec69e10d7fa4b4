use std::{
    io,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::tungstenite::Error;

/// A byte stream with the blocking interface that tungstenite requires.
///
/// An operation that would wait fails with `WouldBlock`. The registered task is woken when the
/// operation can be repeated.
pub(super) struct NonBlocking<S> {
    stream: S,
    /// The waker of the task that reads and writes.
    waker: Waker,
    /// True while a frame of a large message is incomplete. Until then, tungstenite must not write,
    /// for example the answer to a ping.
    reserved: bool,
}

impl<S> NonBlocking<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, waker: Waker::noop().clone(), reserved: false }
    }

    pub(super) fn stream(&self) -> &S {
        &self.stream
    }

    pub(super) fn stream_mut(&mut self) -> &mut S {
        &mut self.stream
    }

    /// Registers the task that is woken after a blocked operation.
    pub(super) fn register(&mut self, context: &Context<'_>) {
        self.waker.clone_from(context.waker());
    }

    /// Reserves the stream for the rest of a frame, or ends the reservation.
    pub(super) fn reserve(&mut self, reserved: bool) {
        self.reserved = reserved;
    }

    fn poll<T>(
        &mut self,
        poll: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> io::Result<T>
    where
        S: Unpin,
    {
        match poll(Pin::new(&mut self.stream), &mut Context::from_waker(&self.waker)) {
            Poll::Ready(result) => result,
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
        }
    }
}

impl<S: AsyncRead + Unpin> io::Read for NonBlocking<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(buffer);
        self.poll(|stream, context| stream.poll_read(context, &mut buffer))?;
        Ok(buffer.filled().len())
    }
}

impl<S: AsyncWrite + Unpin> io::Write for NonBlocking<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.reserved {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.poll(|stream, context| stream.poll_write(context, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.poll(|stream, context| stream.poll_flush(context))
    }
}

/// Turns `WouldBlock` into `Pending`.
pub(super) fn unblocked<T>(result: Result<T, Error>) -> Poll<Result<T, Error>> {
    match result {
        Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
        result => Poll::Ready(result),
    }
}
