use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use crate::text::printable;

/// Longest path or type name in a mismatch, in bytes.
const MAX_TEXT_BYTES: usize = 256;

/// The differences between a client's schema and its server's.
///
/// The server compares the two schemas if the client sent its own. `changes` is empty if the client
/// sent none, or if the server does not disclose its schema, which is the default of release
/// builds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProtocolMismatch {
    /// The name of the server's channel.
    pub channel: String,
    /// Protocol hash of the client, if the server sent it.
    pub client_hash: Option<u128>,
    /// Protocol hash of the server, if the server sent it.
    pub server_hash: Option<u128>,
    /// The side with the older schema.
    pub older: OlderSide,
    /// The differences, at most 64.
    pub changes: Vec<ProtocolChange>,
    /// The number of further differences.
    pub omitted: u32,
}

/// One difference between a client's schema and its server's.
///
/// Its `Display` prints the client's type first, then the server's: `RoomId.0: u32 -> u64`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProtocolChange {
    /// The place of the difference, such as `RoomId.0`.
    pub path: String,
    /// The client's type at that place, if there is one.
    pub client: Option<String>,
    /// The server's type at that place, if there is one.
    pub server: Option<String>,
    /// The effect of the difference on peers.
    pub level: ChangeLevel,
}

/// The effect of a schema change on peers without the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ChangeLevel {
    /// Peers misread each other's bytes, or cannot read them.
    BreaksWire,
    /// Something was added. The bytes of everything else are unchanged.
    Additive,
    /// Only names differ. The bytes are the same.
    SourceOnly,
}

/// The side of a mismatch that has the older schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum OlderSide {
    /// It is not known.
    #[default]
    Unknown,
    /// The client must be updated.
    Client,
    /// The server must be updated.
    Server,
}

impl ProtocolMismatch {
    pub fn new(channel: &str, client_hash: u128, server_hash: u128) -> Self {
        Self {
            channel: channel.to_owned(),
            client_hash: Some(client_hash),
            server_hash: Some(server_hash),
            ..Self::default()
        }
    }
}

impl ProtocolChange {
    /// Creates a change. The texts may come from the peer's schema, so they are truncated and their
    /// control characters escaped.
    pub fn new(
        path: impl Into<String>,
        client: Option<String>,
        server: Option<String>,
        level: ChangeLevel,
    ) -> Self {
        let [client, server] = [client, server].map(|side| side.as_deref().map(short));
        Self { path: short(&path.into()), client, server, level }
    }
}

/// Truncates a text to the limit of a mismatch and escapes its control characters.
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
