use std::{
    collections::BTreeMap,
    fmt::{self, Display, Formatter},
};

use super::harness::say;
use crate::raw::{self, RawPeer, Received, Refused, code};

/// The end of an attacker's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The connection was closed before the upgrade, without a response.
    CutOff,
    /// The server refused the upgrade with this HTTP status.
    Status(u16),
    /// The connection ended during the handshake, and the attacker received no refusal.
    Unanswered,
    /// The server refused the hello with this close code.
    Refused(u16),
    /// The connection ended during the session, and the attacker received no close.
    Dropped,
    /// The server closed the session with this code.
    Closed(u16),
    /// The session was served until the attacker ended it.
    Served,
}

impl End {
    /// Waits for the end of a connection that was not upgraded.
    pub(super) async fn of_upgrade(mut peer: RawPeer) -> Self {
        let response = peer.end().await;
        match response.strip_prefix(b"HTTP/1.1 ").and_then(|rest| rest.get(..3)) {
            Some(status) => Self::Status(
                str::from_utf8(status).expect("an ASCII status").parse().expect("a numeric status"),
            ),
            None => Self::CutOff,
        }
    }

    /// Waits for the end of an upgraded connection.
    pub(super) async fn of_handshake(peer: RawPeer) -> Self {
        match Self::session_or_end(peer).await {
            Ok(peer) => Self::of_session(peer).await,
            Err(end) => end,
        }
    }

    /// Waits until the server accepts an upgraded connection. If the server does not accept it,
    /// returns how the connection ended.
    pub(super) async fn session_or_end(mut peer: RawPeer) -> Result<RawPeer, Self> {
        match peer.receive().await {
            Received::Frame(frame) if frame.first() == Some(&0x41) => Ok(peer),
            Received::Frame(frame) => {
                let refused = Refused::decode(&frame).code;
                if let Received::Close(code, _) = peer.receive().await {
                    assert_eq!(code, refused);
                }
                peer.finish().await;
                peer.end().await;
                Err(Self::Refused(refused))
            }
            Received::Close(code, _) => panic!("closed with {code} without a refusal"),
            Received::End => Err(Self::Unanswered),
        }
    }

    /// Waits for the end of a session.
    pub(super) async fn of_session(mut peer: RawPeer) -> Self {
        loop {
            match peer.receive().await {
                Received::Frame(_) => {}
                Received::Close(code, _) => {
                    peer.finish().await;
                    peer.end().await;
                    return Self::Closed(code);
                }
                Received::End => return Self::Dropped,
            }
        }
    }

    /// Sends a request in a session, and waits for its answer or the end of the session.
    pub(super) async fn after_request(mut peer: RawPeer) -> Self {
        const REQUEST_ID: u64 = 999;
        peer.send(&say(REQUEST_ID)).await;
        let answer = [&[0x44], &raw::varint(REQUEST_ID)[..]].concat();
        loop {
            match peer.receive().await {
                Received::Frame(frame) if frame.starts_with(&answer) => return Self::Served,
                Received::Frame(_) => {}
                Received::Close(code, _) => return Self::Closed(code),
                Received::End => return Self::Dropped,
            }
        }
    }

    /// Returns true if a session preceded this end.
    pub(super) fn is_of_session(self) -> bool {
        matches!(self, Self::Dropped | Self::Closed(_) | Self::Served)
    }
}

impl Display for End {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutOff => f.write_str("cut off"),
            Self::Status(status) => write!(f, "HTTP {status}"),
            Self::Unanswered => f.write_str("no answer"),
            Self::Refused(code) => write!(f, "refused, {} ({code})", code::meaning(*code)),
            Self::Dropped => f.write_str("session dropped"),
            Self::Closed(code) => write!(f, "closed, {} ({code})", code::meaning(*code)),
            Self::Served => f.write_str("served"),
        }
    }
}

/// The number of connections with each end.
#[derive(Clone, Debug)]
pub struct Ends(BTreeMap<End, usize>);

impl Ends {
    pub(super) fn new(ends: &[End]) -> Self {
        let mut counts = BTreeMap::new();
        for &end in ends {
            *counts.entry(end).or_default() += 1;
        }
        Self(counts)
    }
}

impl Display for Ends {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (end, count) in &self.0 {
            write!(f, "{separator}{count} × {end}")?;
            separator = "; ";
        }
        Ok(())
    }
}
