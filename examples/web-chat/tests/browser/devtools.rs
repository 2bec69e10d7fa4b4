use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, protocol::WebSocketConfig},
};

/// A connection by which a browser is told what to do, and tells what happens.
pub(crate) struct Devtools {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: Option<String>,
    calls: u64,
    /// What has happened in the page that should not have.
    pub(crate) complaints: Vec<Value>,
}

/// Far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(60);

impl Devtools {
    pub(crate) async fn connect(endpoint: &str) -> Self {
        // A screenshot is one message.
        let limits = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let connected =
            tokio_tungstenite::connect_async_with_config(endpoint, Some(limits), true).await;
        let (socket, _) = connected.expect("the browser");
        Self { socket, session: None, calls: 0, complaints: Vec::new() }
    }

    /// What follows is about one tab.
    pub(crate) fn enter(&mut self, session: &str) {
        self.session = Some(session.to_owned());
    }

    /// Calls a method that has to succeed.
    pub(crate) async fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.try_call(method, parameters).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    pub(crate) async fn try_call(
        &mut self,
        method: &str,
        parameters: Value,
    ) -> Result<Value, Value> {
        self.calls += 1;
        let mut call = json!({ "id": self.calls, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            call["sessionId"] = json!(session);
        }
        if self.socket.send(Message::text(call.to_string())).await.is_err() {
            return Err(json!("the browser has gone"));
        }
        match timeout(PATIENCE, self.answer()).await {
            Ok(answer) => answer,
            Err(_) => Err(json!("no answer in time")),
        }
    }

    async fn answer(&mut self) -> Result<Value, Value> {
        loop {
            let Some(Ok(message)) = self.socket.next().await else {
                return Err(json!("the browser has gone"));
            };
            let Message::Text(text) = message else { continue };
            let mut message: Value = serde_json::from_str(&text).expect("JSON");
            if message["id"] == self.calls {
                return match message.get_mut("error") {
                    Some(error) => Err(error.take()),
                    None => Ok(message["result"].take()),
                };
            }
            self.note(message);
        }
    }

    fn note(&mut self, event: Value) {
        let is_complaint = match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => true,
            // That a server is gone is part of the play.
            Some("Log.entryAdded") => {
                event["params"]["entry"]["level"] == "error"
                    && event["params"]["entry"]["source"] != "network"
            }
            _ => false,
        };
        if is_complaint {
            self.complaints.push(event);
        }
    }
}
