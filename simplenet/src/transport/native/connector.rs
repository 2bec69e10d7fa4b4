use std::sync::Arc;

use super::{HANDSHAKE_BYTES, NativeTransport};
use crate::{
    net::{Dial, Tcp, race},
    server_url::ServerUrl,
    tls::{Security, SecuritySettings},
    transport::{ConnectError, ConnectStep, Connector, Progress, WebSocketLimits},
};

/// The settings of a connector.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectorSettings {
    pub(crate) security: SecuritySettings,
    /// The number of HTTP redirects that an attempt follows.
    pub(crate) max_redirects: u8,
}

/// Opens WebSockets over the byte streams of a dialer.
pub(crate) struct WebSocketConnector<D = Tcp> {
    target: Target,
    dial: D,
    settings: ConnectorSettings,
}

/// A server, and the TLS layer for its URL.
#[derive(Clone)]
struct Target {
    url: ServerUrl,
    security: Security,
}

impl WebSocketConnector {
    /// Creates a connector over TCP. The error explains why the URL cannot be used with these
    /// settings.
    pub(crate) fn new(url: ServerUrl, settings: &ConnectorSettings) -> Result<Self, String> {
        Self::dialled_by(Tcp, url, settings)
    }
}

impl<D> WebSocketConnector<D> {
    pub(crate) fn dialled_by(
        dial: D,
        url: ServerUrl,
        settings: &ConnectorSettings,
    ) -> Result<Self, String> {
        let security = settings.security.for_url(&url)?;
        Ok(Self { target: Target { url, security }, dial, settings: settings.clone() })
    }

    /// Returns the target of the redirect with which an attempt at `from` ended, if the client may
    /// follow it.
    fn redirect(&self, from: &Target, error: &ConnectError) -> Option<Target> {
        let ConnectError::Http(refusal) = error else { return None };
        let url = *refusal.target.clone().filter(|_| !refusal.is_downgrade)?;
        let security = match from.url.is_secure() == url.is_secure() {
            true => from.security.clone(),
            false => self.settings.security.for_url(&url).ok()?,
        };
        Some(Target { url, security })
    }
}

impl<D: Dial> WebSocketConnector<D> {
    async fn open(
        &self,
        target: &Target,
        limits: WebSocketLimits,
        progress: &Progress,
    ) -> Result<NativeTransport<D::Stream>, ConnectError> {
        let Target { url, security } = target;
        let host = url.dialled_host();
        progress.begin(ConnectStep::Lookup);
        let addresses = self.dial.look_up(&host, url.port()).await.map_err(|error| {
            ConnectError::Lookup { host: host.clone(), source: Arc::new(error) }
        })?;
        progress.begin(ConnectStep::Tcp);
        let stream = race(&self.dial, addresses).await.map_err(|error| {
            ConnectError::Unreachable { address: url.address(), source: Arc::new(error) }
        })?;
        progress.begin(ConnectStep::Tls);
        let stream =
            security.secure(url, stream, HANDSHAKE_BYTES).await.map_err(ConnectError::Tls)?;
        progress.begin(ConnectStep::Upgrade);
        NativeTransport::connect(url, stream, limits).await
    }
}

impl<D: Dial> Connector for WebSocketConnector<D> {
    type Transport = NativeTransport<D::Stream>;

    async fn connect(
        &self,
        limits: WebSocketLimits,
        progress: &Progress,
    ) -> Result<Self::Transport, ConnectError> {
        let mut target = self.target.clone();
        let mut redirects = 0;
        loop {
            let error = match self.open(&target, limits, progress).await {
                Ok(transport) => return Ok(transport),
                Err(error) => error,
            };
            match self.redirect(&target, &error) {
                Some(next) if redirects < self.settings.max_redirects => target = next,
                _ if redirects == 0 => return Err(error),
                _ => {
                    let target = target.url.printable_origin();
                    return Err(ConnectError::Redirected { target, source: error.into() });
                }
            }
            redirects += 1;
        }
    }

    fn set_url(&mut self, url: ServerUrl) -> Result<(), String> {
        if url != self.target.url {
            let security = self.settings.security.for_url(&url)?;
            self.target = Target { url, security };
        }
        Ok(())
    }
}
