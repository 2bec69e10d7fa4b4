use std::{
    collections::BTreeMap,
    fmt::{self, Display, Formatter},
};

use super::arena::say;
use crate::raw::{self, RawPeer, Received, Refused, code};

/// How a connection of an attacker ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// There was never a WebSocket, and nobody said why.
    CutOff,
    /// There was never a WebSocket, but an HTTP status.
    Status(u16),
    /// The handshake ended without a word: the attacker had gone, or had not read it.
    Unanswered,
    /// The handshake ended with a refusal.
    Refused(u16),
    /// The session ended without a word: the attacker had gone, or had not read it.
    Dropped,
    /// The session was closed.
    Closed(u16),
    /// The session was served until the attacker had enough.
    Served,
}

impl End {
    /// Of a connection on which no upgrade is granted; waits for it.
    pub(super) async fn of_upgrade(mut peer: RawPeer) -> Self {
        let said = peer.end().await;
        match said.strip_prefix(b"HTTP/1.1 ").and_then(|rest| rest.get(..3)) {
            Some(status) => {
                Self::Status(str::from_utf8(status).expect("a status").parse().expect("a number"))
            }
            None => Self::CutOff,
        }
    }

    /// Of a connection that is upgraded; waits for it.
    pub(super) async fn of_handshake(peer: RawPeer) -> Self {
        match Self::or_session(peer).await {
            Ok(peer) => Self::of_session(peer).await,
            Err(end) => end,
        }
    }

    /// Of a connection that is upgraded, unless a session begins on it.
    pub(super) async fn or_session(mut peer: RawPeer) -> Result<RawPeer, Self> {
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
            Received::Close(code, _) => panic!("closed with {code}, and not refused"),
            Received::End => Err(Self::Unanswered),
        }
    }

    /// Of a session; waits for it.
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

    /// Of a session that is asked for an answer, and left once it has come.
    pub(super) async fn of_asked(mut peer: RawPeer) -> Self {
        const ASKED: u64 = 999;
        peer.send(&say(ASKED)).await;
        let answer = [&[0x44], &raw::varint(ASKED)[..]].concat();
        loop {
            match peer.receive().await {
                Received::Frame(frame) if frame.starts_with(&answer) => return Self::Served,
                Received::Frame(_) => {}
                Received::Close(code, _) => return Self::Closed(code),
                Received::End => return Self::Dropped,
            }
        }
    }

    /// Whether there was a session.
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
            Self::Dropped => f.write_str("session over"),
            Self::Closed(code) => write!(f, "closed, {} ({code})", code::meaning(*code)),
            Self::Served => f.write_str("served"),
        }
    }
}

/// How many connections ended in each way.
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
