use std::fmt;

use tokio::sync::mpsc;

use crate::transport::{MemoryTransport, memory_pair};

/// Connects any number of clients to a server in the same process, without sockets; see
/// [`ServerBuilder::bind_memory`](crate::ServerBuilder::bind_memory).
#[derive(Clone)]
pub struct MemoryConnector {
    incoming: mpsc::Sender<MemoryTransport>,
}

impl MemoryConnector {
    pub(super) fn new() -> (Self, mpsc::Receiver<MemoryTransport>) {
        let (incoming, accepted) = mpsc::channel(BACKLOG);
        (Self { incoming }, accepted)
    }

    /// The client's end of a new connection; `None` when the server is gone.
    #[cfg(feature = "client")]
    pub(crate) async fn connect(&self) -> Option<MemoryTransport> {
        let (client, server) = memory_pair();
        self.incoming.send(server).await.ok()?;
        Some(client)
    }
}

/// Connections that wait to be accepted.
const BACKLOG: usize = 64;

impl fmt::Debug for MemoryConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryConnector")
    }
}
