//! The DevTools protocol of Chromium.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, protocol::WebSocketConfig},
};

/// A connection that calls methods of the browser and receives its events.
pub(crate) struct Devtools {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session_id: Option<String>,
    last_id: u64,
    /// The events of exceptions and errors in the page.
    pub(crate) page_errors: Vec<Value>,
}

/// The time limit of a call.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

impl Devtools {
    /// Connects to the browser.
    pub(crate) async fn connect(endpoint: &str) -> Self {
        // A screenshot is one message of several megabytes.
        let limits = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let connected =
            tokio_tungstenite::connect_async_with_config(endpoint, Some(limits), true).await;
        let (socket, _) = connected.expect("connection to Chromium");
        Self { socket, session_id: None, last_id: 0, page_errors: Vec::new() }
    }

    /// Directs all further calls to a tab, by the id of its DevTools session.
    pub(crate) fn attach(&mut self, session_id: &str) {
        self.session_id = Some(session_id.to_owned());
    }

    /// Calls a method and panics if it fails.
    pub(crate) async fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.try_call(method, parameters).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Calls a method, and returns its result or its error.
    pub(crate) async fn try_call(
        &mut self,
        method: &str,
        parameters: Value,
    ) -> Result<Value, Value> {
        self.last_id += 1;
        let mut call = json!({ "id": self.last_id, "method": method, "params": parameters });
        if let Some(session_id) = &self.session_id {
            call["sessionId"] = json!(session_id);
        }
        if self.socket.send(Message::text(call.to_string())).await.is_err() {
            return Err(json!("the browser has closed the connection"));
        }
        match timeout(CALL_TIMEOUT, self.response()).await {
            Ok(response) => response,
            Err(_) => Err(json!("no response within 60 s")),
        }
    }

    async fn response(&mut self) -> Result<Value, Value> {
        loop {
            let Some(Ok(message)) = self.socket.next().await else {
                return Err(json!("the browser has closed the connection"));
            };
            let Message::Text(text) = message else { continue };
            let mut message: Value = serde_json::from_str(&text).expect("message in JSON");
            if message["id"] == self.last_id {
                return match message.get_mut("error") {
                    Some(error) => Err(error.take()),
                    None => Ok(message["result"].take()),
                };
            }
            self.record_error(message);
        }
    }

    fn record_error(&mut self, event: Value) {
        let is_error = match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => true,
            // Network errors are expected while the server is stopped.
            Some("Log.entryAdded") => {
                event["params"]["entry"]["level"] == "error"
                    && event["params"]["entry"]["source"] != "network"
            }
            _ => false,
        };
        if is_error {
            self.page_errors.push(event);
        }
    }
}
