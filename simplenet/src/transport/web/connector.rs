use std::{future::poll_fn, io, sync::Arc};

use super::{State, WebTransport};
use crate::{
    server_url::ServerUrl,
    transport::{ConnectError, ConnectStep, Connector, Progress, Transport, WebSocketLimits},
};

/// No settings: the browser verifies servers with its own roots, prompts for client certificates,
/// and follows no redirects.
#[derive(Debug, Default)]
pub(crate) struct ConnectorSettings {}

/// Opens the WebSockets of a browser.
pub(crate) struct WebSocketConnector {
    url: ServerUrl,
}

impl WebSocketConnector {
    /// Creates a connector. Never fails.
    pub(crate) fn new(url: ServerUrl, _: &ConnectorSettings) -> Result<Self, String> {
        Ok(Self { url })
    }

    fn unreachable(&self, reason: &str) -> ConnectError {
        let address = self.url.address();
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
        progress: &Progress,
    ) -> Result<WebTransport, ConnectError> {
        progress.begin(ConnectStep::Browser);
        let mut transport =
            WebTransport::open(&self.url, limits).map_err(|reason| self.unreachable(&reason))?;
        // `poll_ready` returns ready once the socket is no longer connecting, even after a failure.
        let opened = poll_fn(|context| transport.poll_ready(context)).await;
        match (opened, transport.socket.state()) {
            (Ok(()), State::Open) => Ok(transport),
            _ => Err(self.unreachable(UNKNOWN)),
        }
    }

    fn set_url(&mut self, url: ServerUrl) -> Result<(), String> {
        self.url = url;
        Ok(())
    }
}
