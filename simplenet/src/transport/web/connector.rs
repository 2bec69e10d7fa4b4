use std::{future::poll_fn, io, sync::Arc};

use url::Url;

use super::{State, WebTransport};
use crate::{
    tls::SecuritySettings,
    transport::{ConnectError, ConnectStep, Connector, Deadline, Transport, WebSocketLimits},
};

/// Opens the WebSockets of a browser.
pub(crate) struct WebSocketConnector {
    url: Url,
}

impl WebSocketConnector {
    /// Creates a connector. The error explains why the URL cannot be used.
    pub(crate) fn new(url: Url, _: &SecuritySettings) -> Result<Self, String> {
        match url.scheme() {
            "ws" | "wss" => Ok(Self { url }),
            scheme => Err(format!("`{scheme}://` is no WebSocket URL: use `wss://` or `ws://`")),
        }
    }

    fn unreachable(&self, reason: &str) -> ConnectError {
        let host = self.url.host_str().unwrap_or_default();
        let address = match self.url.port_or_known_default() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        ConnectError::Unreachable { address, source: Arc::new(io::Error::other(reason)) }
    }
}

/// The reason of every failed attempt. A browser hides the cause from scripts, so that a page
/// cannot scan the network of its visitor.
const UNKNOWN: &str = "the browser hides the cause: there may be no server, no WebSocket at this URL, \
                       an untrusted certificate, or no network";

impl Connector for WebSocketConnector {
    type Transport = WebTransport;

    async fn connect(
        &self,
        limits: WebSocketLimits,
        deadline: Deadline,
    ) -> Result<WebTransport, ConnectError> {
        let mut transport =
            WebTransport::open(&self.url, limits).map_err(|reason| self.unreachable(&reason))?;
        let opening = async {
            // `poll_ready` returns ready once the socket is no longer connecting, even after a
            // failure.
            let opened = poll_fn(|context| transport.poll_ready(context)).await;
            match (opened, transport.socket.state()) {
                (Ok(()), State::Open) => Ok(()),
                _ => Err(self.unreachable(UNKNOWN)),
            }
        };
        deadline.bound(ConnectStep::Browser, opening).await?;
        Ok(transport)
    }

    fn set_url(&mut self, url: Url) -> Result<(), String> {
        *self = Self::new(url, &SecuritySettings::default())?;
        Ok(())
    }
}
