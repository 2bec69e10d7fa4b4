use std::{sync::Mutex, time::Duration};

use crate::sync::lock;

/// A step of an attempt to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConnectStep {
    /// The [`AuthProvider`](crate::AuthProvider) provides a fresh token.
    Token,
    /// The addresses of the host are looked up.
    Lookup,
    /// A connection to one of the addresses is opened.
    Tcp,
    /// The TLS handshake.
    Tls,
    /// The HTTP request that begins the WebSocket, and its response.
    Upgrade,
    /// All steps up to the open WebSocket in a browser, which does not tell them apart.
    Browser,
    /// The hello of the client, and the welcome of the server.
    Welcome,
}

impl ConnectStep {
    /// Returns the text of an attempt that ended in this step because `limit` had passed.
    pub(super) fn timeout_text(self, limit: Duration) -> String {
        let limit = format!("within `connect_timeout` ({limit:?})");
        match self {
            Self::Token => format!("the AuthProvider returned no token {limit}"),
            Self::Lookup => format!(
                "the name lookup of the host did not end {limit}: \
                 check the network and its name servers"
            ),
            Self::Tcp => format!(
                "no answer from the address of the server {limit}: check host and port, and \
                 whether a firewall discards the packets"
            ),
            Self::Tls => format!(
                "connected, but the server did not complete the TLS handshake {limit}: if it does \
                 not speak TLS on this port, write `ws://`"
            ),
            Self::Upgrade => format!(
                "connected, but the server did not answer the upgrade {limit}: is its program \
                 running and awaiting, and is this the port of a simplenet server?"
            ),
            Self::Browser => {
                format!("the browser did not open the WebSocket {limit}: check host and port")
            }
            Self::Welcome => format!(
                "connected and upgraded, but the server did not accept the client {limit}: is its \
                 program awaiting, and does its authenticator return?"
            ),
        }
    }
}

/// The progress of one attempt to connect. If the attempt does not end in time, its error names the
/// step that it has reached.
#[derive(Debug)]
pub(crate) struct Progress(Mutex<ConnectStep>);

impl Progress {
    /// Creates the progress of an attempt, which begins with its token.
    pub(crate) fn new() -> Self {
        Self(Mutex::new(ConnectStep::Token))
    }

    pub(crate) fn begin(&self, step: ConnectStep) {
        *lock(&self.0) = step;
    }

    pub(crate) fn step(&self) -> ConnectStep {
        *lock(&self.0)
    }
}
