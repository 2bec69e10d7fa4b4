use std::sync::Arc;

use url::{Host, Url};

use super::{HANDSHAKE_BYTES, NativeTransport};
use crate::{
    net::{Dial, Tcp},
    tls::{Security, SecuritySettings},
    transport::{ConnectError, ConnectStep, Connector, Deadline, WebSocketLimits},
};

/// Opens WebSockets over the byte streams of a dialer.
pub(crate) struct WebSocketConnector<D = Tcp> {
    url: Url,
    dial: D,
    security: Security,
    settings: SecuritySettings,
}

impl WebSocketConnector {
    /// Creates a connector over TCP. The error explains why the URL cannot be used with these
    /// settings.
    pub(crate) fn new(url: Url, settings: &SecuritySettings) -> Result<Self, String> {
        Self::dialled_by(Tcp, url, settings)
    }
}

impl<D> WebSocketConnector<D> {
    pub(crate) fn dialled_by(
        dial: D,
        url: Url,
        settings: &SecuritySettings,
    ) -> Result<Self, String> {
        let security = settings.for_url(&url)?;
        Ok(Self { url, dial, security, settings: settings.clone() })
    }
}

impl<D: Dial> Connector for WebSocketConnector<D> {
    type Transport = NativeTransport<D::Stream>;

    async fn connect(
        &self,
        limits: WebSocketLimits,
        deadline: Deadline,
    ) -> Result<Self::Transport, ConnectError> {
        let host = match self.url.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => String::new(),
        };
        let port = self.url.port_or_known_default().unwrap_or_default();
        let dialled = async {
            self.dial.dial(&host, port).await.map_err(|source| ConnectError::Unreachable {
                address: format!("{host}:{port}"),
                source: Arc::new(source),
            })
        };
        let stream = deadline.bound(ConnectStep::Tcp, dialled).await?;
        let secured = async {
            let secured = self.security.secure(&self.url, stream, HANDSHAKE_BYTES).await;
            secured.map_err(ConnectError::Tls)
        };
        let stream = deadline.bound(ConnectStep::Tls, secured).await?;
        let upgraded = NativeTransport::connect(&self.url, stream, limits);
        deadline.bound(ConnectStep::Upgrade, upgraded).await
    }

    fn set_url(&mut self, url: Url) -> Result<(), String> {
        if url != self.url {
            self.security = self.settings.for_url(&url)?;
            self.url = url;
        }
        Ok(())
    }
}
