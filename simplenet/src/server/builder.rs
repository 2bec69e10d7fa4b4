use std::{io, net::SocketAddr, sync::Arc};

use thiserror::Error;
use url::Url;

use super::{
    Server, ServerConfig, Shared,
    accept::{Listening, accept},
    listener::Listener,
};
use crate::{Authenticator, ChannelPack, runtime::Runtime, tls::AcceptorConfig};

/// The settings of a [`Server`] before it listens.
#[derive(Debug)]
#[must_use = "a server listens once it is bound"]
pub struct ServerBuilder<C> {
    authenticator: Authenticator,
    #[cfg_attr(target_arch = "wasm32", expect(dead_code, reason = "a page cannot listen"))]
    pub(super) acceptor: AcceptorConfig,
    pub(super) config: ServerConfig,
    pub(crate) runtime: Option<Runtime>,
    channel: std::marker::PhantomData<fn() -> C>,
}

/// Why a server does not listen.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BindError {
    /// The address could not be understood or looked up.
    #[error("{address} is no address to listen on: {source}")]
    Address {
        /// What was asked for.
        address: String,
        /// What is wrong with it.
        source: io::Error,
    },
    /// The operating system refused.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// There was no tokio runtime, and none could be started in the background.
    #[error("cannot start a runtime: {0}")]
    Runtime(#[source] io::Error),
}

impl<C: ChannelPack> ServerBuilder<C> {
    pub(super) fn new() -> Self {
        Self {
            authenticator: Authenticator::default(),
            acceptor: AcceptorConfig::default(),
            config: ServerConfig::default(),
            runtime: None,
            channel: std::marker::PhantomData,
        }
    }

    /// Who may be a client. Default: [`Authenticator::None`].
    pub fn authenticator(mut self, authenticator: Authenticator) -> Self {
        self.authenticator = authenticator;
        self
    }

    /// Limits and times. Default: [`ServerConfig::default`].
    pub fn config(mut self, config: ServerConfig) -> Self {
        self.config = config;
        self
    }

    /// A server without sockets, and the connector for its clients in the same process: for tests, and for a game that
    /// hosts itself.
    ///
    /// # Errors
    ///
    /// [`BindError::Runtime`].
    #[cfg(all(feature = "client", feature = "server"))]
    pub fn bind_memory(self) -> Result<(Server<C>, super::MemoryConnector), BindError> {
        let runtime = self.start_runtime()?;
        let (connector, listener) = super::MemoryConnector::new();
        #[expect(clippy::expect_used, reason = "a constant that is a URL")]
        let url = Url::parse("memory:").expect("a URL");
        Ok((self.start(runtime, url, listener), connector))
    }

    pub(super) fn start_runtime(&self) -> Result<Runtime, BindError> {
        match &self.runtime {
            Some(runtime) => Ok(runtime.clone()),
            None => Runtime::ambient().map_err(BindError::Runtime),
        }
    }

    pub(super) fn start<L: Listener>(self, runtime: Runtime, url: Url, listener: L) -> Server<C> {
        let shared = Arc::new(Shared::new(self.config, self.authenticator, url, runtime.clone()));
        shared.watch_revocations();
        let accepting = accept(Listening(shared.clone()), runtime.clone(), listener);
        runtime.spawn(shared.listening.track_future(accepting));
        Server::new(shared)
    }
}
