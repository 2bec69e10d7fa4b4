use std::{future::Future, sync::Arc};

use url::{Host, Url};

use super::ConnectError;
use crate::{
    net::Dial,
    tls::Security,
    transport::{NativeTransport, Transport, WebSocketLimits},
};

/// How a client gets a connection that carries frames.
pub(crate) trait Connector: Send + Sync + 'static {
    type Transport: Transport + Send;

    fn connect(
        &self,
        limits: WebSocketLimits,
    ) -> impl Future<Output = Result<Self::Transport, ConnectError>> + Send;
}

/// A WebSocket over a dialled byte stream.
pub(crate) struct WebSocketConnector<D> {
    pub(super) url: Url,
    pub(super) dial: D,
    pub(super) security: Security,
}

impl<D: Dial> Connector for WebSocketConnector<D> {
    type Transport = NativeTransport<D::Stream>;

    async fn connect(&self, limits: WebSocketLimits) -> Result<Self::Transport, ConnectError> {
        let host = match self.url.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => String::new(),
        };
        let port = self.url.port_or_known_default().unwrap_or_default();
        let stream =
            self.dial.dial(&host, port).await.map_err(|source| ConnectError::Unreachable {
                address: format!("{host}:{port}"),
                source: Arc::new(source),
            })?;
        let stream = self.security.secure(&self.url, stream).await.map_err(ConnectError::Tls)?;
        Ok(NativeTransport::connect(&self.url, stream, limits).await?)
    }
}

#[cfg(feature = "server")]
impl Connector for crate::MemoryConnector {
    type Transport = crate::transport::MemoryTransport;

    async fn connect(&self, _: WebSocketLimits) -> Result<Self::Transport, ConnectError> {
        self.connect().await.ok_or_else(|| ConnectError::Unreachable {
            address: "memory".into(),
            source: Arc::new(std::io::ErrorKind::ConnectionRefused.into()),
        })
    }
}
