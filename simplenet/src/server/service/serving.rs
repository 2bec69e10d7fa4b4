use std::{
    fmt,
    future::Future,
    ops::Deref,
    pin::Pin,
    task::{Context, Poll},
};

use crate::{
    channel::ChannelPack,
    server::{handle::ServerHandle, sessions::ShutdownReport},
};

/// A server whose events are handled by a service, see
/// [`ServerBuilder::service`](crate::ServerBuilder::service).
///
/// As a future, it completes once the server is [shut down](ServerHandle::shutdown) through a
/// [handle](Serving::handle), and returns the same report as the shutdown. If the runtime of the
/// server ends instead, the `Serving` completes, too, and the report counts the sessions as cut.
///
/// When a `Serving` is dropped, the server's tasks end, its port is free, and its clients are
/// closed with [`ShutDown`](crate::CloseReason::ShutDown).
#[must_use = "dropping it stops the server"]
pub struct Serving<C: ChannelPack> {
    handle: ServerHandle<C>,
    end: Pin<Box<dyn Future<Output = ShutdownReport> + Send + Sync>>,
}

impl<C: ChannelPack> Serving<C> {
    pub(in crate::server) fn new(handle: ServerHandle<C>) -> Self {
        let shared = handle.shared().clone();
        let end = Box::pin(async move { shared.runtime.wait_for("server", shared.end()).await });
        Self { handle, end }
    }

    /// Returns a handle, which does not keep the server alive.
    pub fn handle(&self) -> ServerHandle<C> {
        self.handle.clone()
    }
}

impl<C: ChannelPack> Future for Serving<C> {
    type Output = ShutdownReport;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<ShutdownReport> {
        self.end.as_mut().poll(context)
    }
}

impl<C: ChannelPack> Deref for Serving<C> {
    type Target = ServerHandle<C>;

    fn deref(&self) -> &ServerHandle<C> {
        &self.handle
    }
}

impl<C: ChannelPack> Drop for Serving<C> {
    fn drop(&mut self) {
        self.handle.shared().stop();
    }
}

impl<C: ChannelPack> fmt::Debug for Serving<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serving")
            .field("protocol", &C::PROTOCOL)
            .field("url", &self.handle.url().as_str())
            .finish_non_exhaustive()
    }
}
