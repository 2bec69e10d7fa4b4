use std::future::Future;

use super::{ConnectError, Progress, Transport, WebSocketLimits};
use crate::{runtime::MaybeSend, server_url::ServerUrl};

/// Opens the connections of a client.
pub(crate) trait Connector: Send + Sync + 'static {
    type Transport: Transport + MaybeSend;

    /// Opens a connection. An attempt that reaches the deadline names its step.
    fn connect(
        &self,
        limits: WebSocketLimits,
        progress: &Progress,
    ) -> impl Future<Output = Result<Self::Transport, ConnectError>> + MaybeSend;

    /// Sets the URL of later attempts. The error explains why the URL cannot be used.
    fn set_url(&mut self, url: ServerUrl) -> Result<(), String>;
}
