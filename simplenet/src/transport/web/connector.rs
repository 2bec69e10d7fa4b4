use std::{future::poll_fn, io, sync::Arc};

use url::Url;

use super::{State, WebTransport};
use crate::{
    tls::SecuritySettings,
    transport::{ConnectError, Connector, Transport, WebSocketLimits},
};

/// A WebSocket that the browser connects.
pub(crate) struct WebSocketConnector {
    url: Url,
}

impl WebSocketConnector {
    /// An error says why it cannot connect to the URL.
    pub(crate) fn new(url: Url, _: &SecuritySettings) -> Result<Self, String> {
        match url.scheme() {
            "ws" | "wss" => Ok(Self { url }),
            scheme => Err(format!("`{scheme}://` is no WebSocket, use `wss://` or `ws://`")),
        }
    }

    fn unreachable(&self, why: &str) -> ConnectError {
        let host = self.url.host_str().unwrap_or_default();
        let address = match self.url.port_or_known_default() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        ConnectError::Unreachable { address, source: Arc::new(io::Error::other(why)) }
    }
}

/// Browsers keep it from scripts, so that no page can look around in the network of whoever visits it.
const UNTOLD: &str = "the browser does not say why: there may be no server, no WebSocket at this URL, \
                      a certificate that it does not trust, or no network";

impl Connector for WebSocketConnector {
    type Transport = WebTransport;

    async fn connect(&self, limits: WebSocketLimits) -> Result<WebTransport, ConnectError> {
        let mut transport =
            WebTransport::open(&self.url, limits).map_err(|why| self.unreachable(&why))?;
        // Ready without an error once it is no longer connecting, whatever came of it.
        let opened = poll_fn(|context| transport.poll_ready(context)).await;
        match (opened, transport.socket.state()) {
            (Ok(()), State::Open) => Ok(transport),
            _ => Err(self.unreachable(UNTOLD)),
        }
    }

    fn set_url(&mut self, url: Url) -> Result<(), String> {
        *self = Self::new(url, &SecuritySettings::default())?;
        Ok(())
    }
}
