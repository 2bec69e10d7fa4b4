use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

use super::{
    Network,
    pipe::{ReadResult, reset_error},
};

/// One end of a connection.
pub(crate) struct Stream {
    network: Network,
    connection: u64,
    side: usize,
    reading: Option<Pin<Box<Sleep>>>,
    writing: Option<Pin<Box<Sleep>>>,
}

impl Stream {
    pub(super) fn new(network: Network, connection: u64, side: usize) -> Self {
        Self { network, connection, side, reading: None, writing: None }
    }

    fn end(&self) {
        let (id, side) = (self.connection, self.side);
        self.network.update(|state| {
            let latency = state.latency();
            let Some(connection) = state.connections.get_mut(&id) else {
                return;
            };
            connection.pipes[side].end(latency);
            state.wakers.extend(connection.pipes[side].reader.take());
        });
    }
}

/// Registers a wake-up at `until`. Returns false if that time has passed.
fn wait(
    timer: &mut Option<Pin<Box<Sleep>>>,
    until: Option<Instant>,
    context: &mut Context<'_>,
) -> bool {
    let Some(until) = until else {
        return true;
    };
    let timer = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
    timer.as_mut().reset(until);
    timer.as_mut().poll(context).is_pending()
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let (id, side) = (this.connection, this.side);
        loop {
            let room = buffer.remaining();
            let result = this.network.update(|state| {
                let split = state.conditions.splits && room > 1 && state.rng.u8(..4) == 0;
                let max = if split { state.rng.usize(1..=room) } else { room };
                let Some(connection) = state.connections.get_mut(&id) else {
                    return ReadResult::Reset;
                };
                let pipe = &mut connection.pipes[1 - side];
                let result = pipe.read(max);
                match &result {
                    ReadResult::Bytes(_) => state.wakers.extend(pipe.writer.take()),
                    ReadResult::Pending(_) => pipe.reader = Some(context.waker().clone()),
                    ReadResult::Eof | ReadResult::Reset => {}
                }
                result
            });
            match result {
                ReadResult::Bytes(bytes) => {
                    buffer.put_slice(&bytes);
                    return Poll::Ready(Ok(()));
                }
                ReadResult::Eof => return Poll::Ready(Ok(())),
                ReadResult::Reset => return Poll::Ready(Err(reset_error())),
                ReadResult::Pending(until) => {
                    if wait(&mut this.reading, until, context) {
                        return Poll::Pending;
                    }
                }
            }
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let (id, side) = (this.connection, this.side);
        let mut until = None;
        let written = this.network.update(|state| {
            let latency = state.latency();
            let conditions = state.conditions.clone();
            let Some(connection) = state.connections.get_mut(&id) else {
                return Poll::Ready(Err(reset_error()));
            };
            let writes_fail_at = connection.pipes[1 - side].writes_fail_at();
            if writes_fail_at.is_some_and(|at| at <= Instant::now()) {
                return Poll::Ready(Err(reset_error()));
            }
            if connection.dropped[1 - side] {
                // The other end has been dropped, so the writer gets a reset.
                let pipe = &mut connection.pipes[1 - side];
                pipe.reset(latency, conditions.resets_discard);
                state.wakers.extend(pipe.reader.take());
                return Poll::Ready(Ok(bytes.len()));
            }
            let pipe = &mut connection.pipes[side];
            let room = conditions.window.saturating_sub(pipe.queued).min(bytes.len());
            if room == 0 && !bytes.is_empty() {
                pipe.writer = Some(context.waker().clone());
                until = writes_fail_at;
                return Poll::Pending;
            }
            let split = conditions.splits && room > 1 && state.rng.u8(..4) == 0;
            let count = if split { state.rng.usize(1..=room) } else { room };
            pipe.write(&bytes[..count], latency);
            state.wakers.extend(pipe.reader.take());
            Poll::Ready(Ok(count))
        });
        if written.is_pending() && !wait(&mut this.writing, until, context) {
            return Poll::Ready(Err(reset_error()));
        }
        written
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.end();
        Poll::Ready(Ok(()))
    }
}

impl Drop for Stream {
    /// Behaves like a TCP socket. Written bytes still arrive. But if received bytes were never
    /// read, the connection is reset.
    fn drop(&mut self) {
        let (id, side) = (self.connection, self.side);
        self.network.update(|state| {
            let latency = state.latency();
            let discard = state.conditions.resets_discard;
            let Some(connection) = state.connections.get_mut(&id) else {
                return;
            };
            if connection.pipes[1 - side].has_unread() {
                connection.pipes[side].reset(latency, discard);
            } else {
                connection.pipes[side].end(latency);
            }
            connection.dropped[side] = true;
            let wakers: Vec<_> = connection
                .pipes
                .iter_mut()
                .flat_map(|pipe| pipe.wakers().collect::<Vec<_>>())
                .collect();
            if connection.dropped == [true, true] {
                state.connections.remove(&id);
            }
            state.wakers.extend(wakers);
        });
    }
}
