use std::future::Future;

use url::Url;

use super::{ConnectError, Transport, WebSocketLimits};
use crate::runtime::MaybeSend;

/// Opens the connections of a client.
pub(crate) trait Connector: Send + Sync + 'static {
    type Transport: Transport + MaybeSend;

    fn connect(
        &self,
        limits: WebSocketLimits,
    ) -> impl Future<Output = Result<Self::Transport, ConnectError>> + MaybeSend;

    /// Sets the URL of later attempts. The error explains why the URL cannot be used.
    fn set_url(&mut self, url: Url) -> Result<(), String>;
}
