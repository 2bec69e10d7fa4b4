//! The settings of a server, and the ways to start it.

#[cfg(feature = "axum")]
mod axum;
#[cfg(not(target_arch = "wasm32"))]
mod listen;
#[cfg(feature = "client")]
mod memory;
mod socket;

use std::{fmt, io, marker::PhantomData, net::SocketAddr, sync::Arc};

use thiserror::Error;
use url::Url;

use super::{
    accept::{Listener, Listening, accept},
    config::ServerConfig,
    handle::{Server, ServerHandle},
    service::{AnyService, Serves, Serving, Typed},
    shared::Shared,
};
use crate::{
    auth::Authenticator,
    channel::ChannelPack,
    runtime::{Needs, Runtime},
    tls::AcceptorConfig,
};

/// The settings of a server before it listens.
///
/// The `bind` methods return a [`Server`], whose events the application receives. After
/// [`service`](Self::service), they return a [`Serving`], whose events the service handles.
#[must_use = "the server listens once it is bound"]
pub struct ServerBuilder<C, B = Server<C>> {
    authenticator: Authenticator,
    acceptor: AcceptorConfig,
    config: ServerConfig,
    runtime: Option<Runtime>,
    service: Option<Arc<dyn AnyService<C>>>,
    bound: PhantomData<fn() -> B>,
}

/// The error of a server that cannot start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BindError {
    /// The text is no address, or its host is unknown.
    #[error("cannot listen on {address}: {advice}")]
    Address {
        /// The address as it was given.
        address: String,
        /// The correction of the address, in words.
        advice: String,
        /// The error of the name lookup.
        source: Option<io::Error>,
    },
    /// The operating system refused to listen on each of the addresses.
    #[error("cannot listen on {address}: {advice}")]
    Listen {
        /// The last of the addresses.
        address: SocketAddr,
        /// The way out, in words.
        advice: String,
        /// The error of the last address.
        source: io::Error,
    },
    /// The tokio runtime has no timers, no IO driver, or has shut down. Or there is no runtime, and
    /// none could be started in the background.
    #[error("no usable tokio runtime: {0}")]
    Runtime(io::Error),
}

/// A server that a [`ServerBuilder`] returns: [`Server`] or [`Serving`].
pub trait Bound<C: ChannelPack>: Sized {
    #[doc(hidden)]
    fn new(handle: ServerHandle<C>) -> Self;
}

impl<C: ChannelPack> Bound<C> for Server<C> {
    fn new(handle: ServerHandle<C>) -> Self {
        Self::new(handle)
    }
}

impl<C: ChannelPack> Bound<C> for Serving<C> {
    fn new(handle: ServerHandle<C>) -> Self {
        Self::new(handle)
    }
}

impl<C: ChannelPack> ServerBuilder<C> {
    pub(super) fn new() -> Self {
        Self {
            authenticator: Authenticator::default(),
            acceptor: AcceptorConfig::default(),
            config: ServerConfig::default(),
            runtime: None,
            service: None,
            bound: PhantomData,
        }
    }

    /// Sets a service that handles all events. The `bind` methods then return a [`Serving`].
    ///
    /// The handlers of a client run on the task of its connection: messages one after the other,
    /// requests concurrently. A handler that is slow or panics affects only its own client. When a
    /// session ends, its remaining messages are handled. Then its running request handlers are
    /// dropped, and its `disconnected` hook runs. After that, the client can connect again.
    ///
    /// ```
    /// #[simplenet::channel]
    /// pub mod clock {
    ///     #[request(Now)]
    ///     pub struct GetTime;
    ///     pub struct Now(pub u64);
    /// }
    ///
    /// struct Clock;
    ///
    /// impl clock::Service for Clock {
    ///     async fn get_time(
    ///         &self,
    ///         _: clock::ServiceContext,
    ///         _: clock::GetTime,
    ///     ) -> simplenet::Reply<clock::Now> {
    ///         clock::Now(1_700_000_000).into()
    ///     }
    /// }
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (serving, connector) = clock::Server::builder().service(Clock).bind_memory()?;
    /// let client = clock::Client::in_memory(&connector).connect(()).into_handle();
    /// assert_eq!(client.call(clock::GetTime).await?, clock::Now(1_700_000_000));
    /// drop(serving); // Stops the server.
    /// # Ok(())
    /// # }
    /// ```
    pub fn service<S>(self, service: S) -> ServerBuilder<C, Serving<C>>
    where
        C: Serves<S>,
        S: Send + Sync + 'static,
    {
        ServerBuilder {
            authenticator: self.authenticator,
            acceptor: self.acceptor,
            config: self.config,
            runtime: self.runtime,
            service: Some(Arc::new(Typed(service))),
            bound: PhantomData,
        }
    }
}

impl<C: ChannelPack, B: Bound<C>> ServerBuilder<C, B> {
    /// Sets how clients are authenticated. Default: [`Authenticator::None`].
    pub fn authenticator(mut self, authenticator: Authenticator) -> Self {
        self.authenticator = authenticator;
        self
    }

    /// Sets the limits and times. Default: [`ServerConfig::default`].
    pub fn config(mut self, config: ServerConfig) -> Self {
        self.config = config;
        self
    }

    fn find_runtime(&self, needs: Needs) -> Result<Runtime, BindError> {
        let runtime = Runtime::find(self.runtime.clone(), needs).map_err(BindError::Runtime)?;
        if runtime.has_ended() {
            let text = "it has shut down: choose another one by `runtime(handle)`";
            return Err(BindError::Runtime(io::Error::other(text)));
        }
        Ok(runtime)
    }

    fn start<L: Listener>(self, runtime: Runtime, url: Url, listener: L) -> B {
        let shared = Arc::new(Shared::new(self.config, self.authenticator, url, runtime.clone()));
        shared.watch_revocations();
        if self.service.is_none() {
            let watched = shared.clone();
            runtime.spawn(async move {
                watched.unless_stopped(watched.queue.warn_if_unreceived()).await;
            });
        }
        let listening = Listening { shared: shared.clone(), service: self.service };
        let accepting = accept(listening, runtime.clone(), listener);
        runtime.start("server", shared.listening.track_future(accepting));
        B::new(ServerHandle::new(shared))
    }
}

impl<C, B> fmt::Debug for ServerBuilder<C, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder")
            .field("authenticator", &self.authenticator)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
