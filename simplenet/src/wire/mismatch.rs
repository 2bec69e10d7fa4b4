use std::fmt::{self, Display, Formatter};

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
    /// Protocol hash of the client. A refusal contains it, a close code alone does not.
    pub client_hash: Option<u128>,
    /// Protocol hash of the server. A refusal contains it, a close code alone does not.
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
/// Its `Display` prints the client's type, the server's, and the uses:
/// `RoomId.0: u32 -> u64 (client: Join.room, Say.room; server: Posted.room)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProtocolChange {
    /// The place of the difference, such as `RoomId.0`.
    pub path: String,
    /// The client's type at that place, if there is one.
    pub client: Option<String>,
    /// The server's type at that place, if there is one.
    pub server: Option<String>,
    /// The uses of the changed type, at most 16. Empty if no type differs, but the list of messages
    /// or requests.
    pub uses: Vec<ChangeUse>,
    /// The number of further uses.
    pub further_uses: u32,
    /// The result for the server when it reads the client's value.
    pub up: ChangeClass,
    /// The result for the client when it reads the server's value.
    pub down: ChangeClass,
}

/// A use of a changed type: a part of a message that contains values of the type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ChangeUse {
    /// The direction of the message.
    pub direction: ChangeDirection,
    /// The message or request and the path of fields inside it, such as `Join.room`. A path in a
    /// response begins with `response to` and the request, a path in the connect message with
    /// `connect`.
    pub path: String,
}

/// The direction in which values of a changed type are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ChangeDirection {
    /// The client sends them.
    Client,
    /// The server sends them.
    Server,
    /// A direction without a meaning in this version.
    Unknown,
}

/// The result of reading a value of the other side's type.
///
/// Peers of different schemas never read each other's values. The class describes how much a
/// conversion would preserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeClass {
    /// The same value. Its bytes are the same.
    Same,
    /// The same value from the same bytes, as long as it fits into the reader's type.
    SameWithin,
    /// The value with a default for the part that only the reader's schema has.
    Default,
    /// A value with less information.
    Lossy,
    /// A value or an error, depending on the value.
    MayFail,
    /// No value.
    Impossible,
    /// A class without a meaning in this version.
    Unknown,
}

/// The side of a mismatch that has the older schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
    /// Creates a change without uses. The texts may come from the peer's schema, so they are
    /// truncated and their control characters escaped.
    pub fn new(
        path: impl Into<String>,
        client: Option<String>,
        server: Option<String>,
        [up, down]: [ChangeClass; 2],
    ) -> Self {
        let [client, server] = [client, server].map(|side| side.as_deref().map(short));
        let (uses, further_uses) = (Vec::new(), 0);
        Self { path: short(&path.into()), client, server, uses, further_uses, up, down }
    }
}

impl ChangeUse {
    /// Creates a use. Its path is truncated and escaped like the texts of a change.
    pub fn new(direction: ChangeDirection, path: &str) -> Self {
        Self { direction, path: short(path) }
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
            (Some(client), Some(server)) => write!(f, "{path}: {client} -> {server}")?,
            (Some(client), None) => write!(f, "{path}: {client} (client only)")?,
            (None, Some(server)) => write!(f, "{path}: {server} (server only)")?,
            (None, None) => f.write_str(path)?,
        }
        self.write_uses(f)
    }
}

impl ProtocolChange {
    fn write_uses(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let directions = [
            (ChangeDirection::Client, "client"),
            (ChangeDirection::Server, "server"),
            (ChangeDirection::Unknown, "other"),
        ];
        let mut groups: Vec<String> = Vec::new();
        for (direction, name) in directions {
            let uses = self.uses.iter().filter(|each| each.direction == direction);
            let paths: Vec<&str> = uses.map(|each| &*each.path).collect();
            if !paths.is_empty() {
                groups.push(format!("{name}: {}", paths.join(", ")));
            }
        }
        if self.further_uses > 0 {
            groups.push(format!("{} more", self.further_uses));
        }
        if groups.is_empty() { Ok(()) } else { write!(f, " ({})", groups.join("; ")) }
    }
}
