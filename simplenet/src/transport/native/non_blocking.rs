use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures_util::task::AtomicWaker;
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
    readable: Arc<Readable>,
    bytes_read: u64,
    /// Checks the first bytes that are read.
    check_first_bytes: fn(&[u8]) -> io::Result<()>,
    read_blocked: bool,
    write_blocked: bool,
    /// True while a frame of a large message is incomplete. Until then, tungstenite must not write,
    /// for example the answer to a ping.
    reserved: bool,
}

/// The waker of a blocked read. It also records that reading is possible again.
#[derive(Default)]
struct Readable {
    woken: AtomicBool,
    task: AtomicWaker,
}

impl Wake for Readable {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.task.wake();
    }
}

impl<S> NonBlocking<S> {
    #[cfg(feature = "server")]
    pub(super) fn new(stream: S) -> Self {
        Self::checked(stream, |_| Ok(()))
    }

    /// Creates a stream whose first read fails with the error of `check_first_bytes`.
    pub(super) fn checked(stream: S, check_first_bytes: fn(&[u8]) -> io::Result<()>) -> Self {
        Self {
            stream,
            waker: Waker::noop().clone(),
            readable: Arc::default(),
            bytes_read: 0,
            check_first_bytes,
            read_blocked: false,
            write_blocked: false,
            reserved: false,
        }
    }

    pub(super) fn stream(&self) -> &S {
        &self.stream
    }

    pub(super) fn stream_mut(&mut self) -> &mut S {
        &mut self.stream
    }

    /// Returns the number of bytes that tungstenite has read.
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// Registers the task that is woken after a blocked operation.
    pub(super) fn register(&mut self, context: &Context<'_>) {
        if !self.waker.will_wake(context.waker()) {
            self.waker.clone_from(context.waker());
        }
        self.readable.task.register(context.waker());
    }

    /// Returns true if tungstenite has nothing to read, and no answer to write. Asking it would be
    /// expensive, because it zeroes its buffer before each attempt to read.
    pub(super) fn has_nothing_to_read(&self) -> bool {
        self.read_blocked && !self.write_blocked && !self.readable.woken.load(Ordering::Acquire)
    }

    /// Records that a write is blocked. It has replaced the waker of a read that waits to write, as
    /// a read of TLS may do. So the read must be repeated.
    pub(super) fn write_is_blocked(&mut self) {
        self.read_blocked = false;
    }

    /// Reserves the stream for the rest of a frame, or ends the reservation.
    pub(super) fn reserve(&mut self, reserved: bool) {
        self.reserved = reserved;
    }
}

impl<S: AsyncRead + Unpin> io::Read for NonBlocking<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(buffer);
        self.readable.woken.store(false, Ordering::Release);
        let waker = Waker::from(self.readable.clone());
        let read =
            Pin::new(&mut self.stream).poll_read(&mut Context::from_waker(&waker), &mut buffer);
        self.read_blocked = read.is_pending();
        would_block(read)?;
        if self.bytes_read == 0 {
            (self.check_first_bytes)(buffer.filled())?;
        }
        let size = buffer.filled().len();
        self.bytes_read += size as u64;
        Ok(size)
    }
}

impl<S: AsyncWrite + Unpin> NonBlocking<S> {
    fn write_with<T>(
        &mut self,
        poll: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> io::Result<T> {
        let written = poll(Pin::new(&mut self.stream), &mut Context::from_waker(&self.waker));
        self.write_blocked = written.is_pending();
        if self.write_blocked {
            self.write_is_blocked();
        }
        would_block(written)
    }
}

impl<S: AsyncWrite + Unpin> io::Write for NonBlocking<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.reserved {
            self.write_blocked = true;
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.write_with(|stream, context| stream.poll_write(context, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_with(AsyncWrite::poll_flush)
    }
}

fn would_block<T>(result: Poll<io::Result<T>>) -> io::Result<T> {
    match result {
        Poll::Ready(result) => result,
        Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
    }
}

/// Turns `WouldBlock` into `Pending`.
pub(super) fn unblocked<T>(result: Result<T, Error>) -> Poll<Result<T, Error>> {
    match result {
        Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
        result => Poll::Ready(result),
    }
}
