use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use crate::text::printable;

/// Longest path, type or other text of a mismatch.
const MAX_TEXT_BYTES: usize = 256;

/// How a client's schema differs from its server's.
///
/// Only the server can compare the two, and only if it knows the client's: `changes` is empty where it does not, or
/// where it keeps them to itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProtocolMismatch {
    /// The channel, by the server's name for it.
    pub channel: String,
    /// Protocol hash of the client, if the server told.
    pub client_hash: Option<u128>,
    /// Protocol hash of the server, if the server told.
    pub server_hash: Option<u128>,
    /// Which side has the older schema.
    pub older: OlderSide,
    /// What differs, at most 64 of it.
    pub changes: Vec<ProtocolChange>,
    /// Differences beyond those in `changes`.
    pub omitted: u32,
}

/// One difference between a client's schema and its server's.
///
/// Displays as `RoomId.0: u32 -> u64`, the client's type first.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProtocolChange {
    /// Where it is, such as `RoomId.0`.
    pub path: String,
    /// What the client has there, if anything.
    pub client: Option<String>,
    /// What the server has there, if anything.
    pub server: Option<String>,
    /// What it means for peers.
    pub level: ChangeLevel,
}

/// What a change of a schema means for peers that lack it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ChangeLevel {
    /// The same bytes have another meaning, or none.
    BreaksWire,
    /// Something new beside what there was; all that there was keeps its bytes.
    Additive,
    /// The bytes are the same; only names differ.
    SourceOnly,
}

/// Which side of a mismatch has the older schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum OlderSide {
    /// Neither side can tell.
    #[default]
    Unknown,
    /// The client: it wants an update.
    Client,
    /// The server: it wants an update.
    Server,
}

#[cfg(feature = "server")]
impl ProtocolMismatch {
    pub(crate) fn new(channel: &str, client_hash: u128, server_hash: u128) -> Self {
        Self {
            channel: channel.to_owned(),
            client_hash: Some(client_hash),
            server_hash: Some(server_hash),
            ..Self::default()
        }
    }
}

#[cfg(feature = "server")]
impl ProtocolChange {
    /// The texts may come from the peer's schema, so they are cut and cleaned.
    pub(crate) fn new(
        path: impl Into<String>,
        client: Option<String>,
        server: Option<String>,
        level: ChangeLevel,
    ) -> Self {
        let [client, server] = [client, server].map(|side| side.as_deref().map(short));
        Self { path: short(&path.into()), client, server, level }
    }
}

/// A text as a mismatch may hold it.
pub(super) fn short(text: &str) -> String {
    printable(text, MAX_TEXT_BYTES)
}

impl std::error::Error for ProtocolMismatch {}

impl Display for ProtocolMismatch {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("client and server were built from different schemas")?;
        if !self.channel.is_empty() {
            write!(f, " of channel `{}`", self.channel)?;
        }
        let mut separator = ": ";
        for change in &self.changes {
            write!(f, "{separator}{change}")?;
            separator = ", ";
        }
        if self.omitted > 0 {
            write!(f, "{separator}{} more", self.omitted)?;
        }
        if let (true, Some(client), Some(server)) =
            (self.changes.is_empty(), self.client_hash, self.server_hash)
        {
            write!(f, " (client {client:032x}, server {server:032x})")?;
        }
        f.write_str(match self.older {
            OlderSide::Unknown => "; build both from the same",
            OlderSide::Client => "; the client is older: update it",
            OlderSide::Server => "; the server is older: update it",
        })
    }
}

impl Display for ProtocolChange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match (&self.client, &self.server) {
            (Some(client), Some(server)) => write!(f, "{path}: {client} -> {server}"),
            (Some(client), None) => write!(f, "{path}: {client} (client only)"),
            (None, Some(server)) => write!(f, "{path}: {server} (server only)"),
            (None, None) => f.write_str(path),
        }
    }
}
