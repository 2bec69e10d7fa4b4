use std::future::Future;

use url::Url;

use super::ConnectError;
use crate::{
    runtime::MaybeSend,
    transport::{Transport, WebSocketLimits},
};

/// How a client gets a connection that carries frames.
pub(crate) trait Connector: Send + Sync + 'static {
    type Transport: Transport + MaybeSend;

    fn connect(
        &self,
        limits: WebSocketLimits,
    ) -> impl Future<Output = Result<Self::Transport, ConnectError>> + MaybeSend;

    /// Connects to another URL from now on. An error says why it cannot.
    fn turn_to(&mut self, url: Url) -> Result<(), String>;
}

#[cfg(feature = "server")]
impl Connector for crate::MemoryConnector {
    type Transport = crate::transport::MemoryTransport;

    async fn connect(&self, _: WebSocketLimits) -> Result<Self::Transport, ConnectError> {
        self.connect().await.ok_or_else(|| ConnectError::Unreachable {
            address: "memory".into(),
            source: std::sync::Arc::new(std::io::ErrorKind::ConnectionRefused.into()),
        })
    }

    fn turn_to(&mut self, _: Url) -> Result<(), String> {
        Err("a client in memory has no URL to turn to".to_owned())
    }
}
