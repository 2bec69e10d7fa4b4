//! The settings of a client, and the start of its task.

#[cfg(not(target_arch = "wasm32"))]
mod native;

use std::{marker::PhantomData, sync::Arc};

use super::{
    config::ClientConfig,
    connection::{self, Credentials},
    death::DeathReason,
    handle::Client,
    shared::Shared,
};
use crate::{
    auth::AuthRequest,
    channel::ChannelPack,
    id::ClientId,
    runtime::{Needs, Runtime},
    server_url::{ServerUrl, UrlError},
    transport::{Connector, ConnectorSettings, WebSocketConnector},
};

/// The settings of a [`Client`] before it connects.
#[derive(Debug)]
#[must_use = "a client connects once `connect` is called"]
pub struct ClientBuilder<C> {
    target: Target,
    auth: AuthRequest,
    config: ClientConfig,
    connector: ConnectorSettings,
    runtime: Option<Runtime>,
    channel: PhantomData<fn() -> C>,
}

#[derive(Debug)]
pub(super) enum Target {
    Url(Result<ServerUrl, UrlError>),
    #[cfg(feature = "server")]
    Memory(crate::transport::MemoryConnector),
}

impl<C: ChannelPack> ClientBuilder<C> {
    pub(super) fn new(target: Target) -> Self {
        Self {
            target,
            auth: AuthRequest::None { client_id: ClientId::new(fastrand::u128(..)) },
            config: ClientConfig::default(),
            connector: ConnectorSettings::default(),
            runtime: None,
            channel: PhantomData,
        }
    }

    /// Sets the client's id and credentials. Default: [`AuthRequest::None`] with a random id.
    pub fn auth(mut self, auth: AuthRequest) -> Self {
        self.auth = auth;
        self
    }

    /// Sets the limits and times. Default: [`ClientConfig::default`].
    pub fn config(mut self, config: ClientConfig) -> Self {
        self.config = config;
        self
    }

    /// Connects in the background and returns at once.
    ///
    /// The server's application receives `message` with each `Connected` of this client. If the
    /// settings cannot work, the client is dead with [`DeathReason::Settings`].
    pub fn connect(self, message: C::ConnectMsg) -> Client<C> {
        self.connect_by(Needs::TimersAndSockets, WebSocketConnector::new, message)
    }

    /// Connects like [`ClientBuilder::connect`]. If the target is a URL, `make_connector` creates
    /// the connector, which needs these parts of a runtime.
    pub(crate) fn connect_by<K: Connector>(
        self,
        needs: Needs,
        make_connector: impl FnOnce(ServerUrl, &ConnectorSettings) -> Result<K, String>,
        message: C::ConnectMsg,
    ) -> Client<C> {
        match &self.target {
            Target::Url(Ok(url)) => {
                let connector = make_connector(url.clone(), &self.connector);
                self.start(needs, connector, &message)
            }
            Target::Url(Err(error)) => {
                let error = error.to_string();
                self.start::<K>(needs, Err(error), &message)
            }
            #[cfg(feature = "server")]
            Target::Memory(connector) => {
                let connector = connector.clone();
                self.start(Needs::Timers, Ok(connector), &message)
            }
        }
    }

    fn start<K: Connector>(
        self,
        needs: Needs,
        connector: Result<K, String>,
        message: &C::ConnectMsg,
    ) -> Client<C> {
        let runtime = Runtime::find(self.runtime, needs);
        let max_msg_size = self.config.max_msg_size;
        let shared = Arc::new(Shared::new(
            self.auth.client_id(),
            self.config,
            runtime.as_ref().ok().cloned(),
        ));
        let started = runtime
            .map_err(|error| format!("no usable tokio runtime: {error}"))
            .and_then(|runtime| {
                let credentials = Credentials::new::<C>(self.auth, message, max_msg_size)?;
                runtime.start("client", connection::run(shared.clone(), connector?, credentials));
                Ok(())
            });
        if let Err(error) = started {
            shared.die(DeathReason::Settings(error));
        }
        Client::new(shared)
    }
}
