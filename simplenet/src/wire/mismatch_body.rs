//! The encoded form of a mismatch, and its bounds.

use serde::{Deserialize, Serialize};

use super::{
    ChangeClass, ChangeDirection, ChangeUse, DecodeError, OlderSide, ProtocolChange,
    ProtocolMismatch, mismatch::short, refusal::MAX_REFUSED_BYTES,
};

/// Limit on the changes that a refusal lists.
const MAX_CHANGES: usize = 64;

/// Limit on the uses that a change lists.
const MAX_USES: usize = 16;

/// Upper bound for the length of a refusal without its changes, in bytes.
const FIXED_BYTES: usize = 512;

/// The encoded form of a mismatch.
#[derive(Serialize, Deserialize)]
pub(super) struct MismatchBody {
    channel: String,
    client_hash: [u8; 16],
    server_hash: [u8; 16],
    older: u32,
    changes: Vec<ChangeBody>,
    omitted: u32,
}

#[derive(Serialize, Deserialize)]
struct ChangeBody {
    path: String,
    client: Option<String>,
    server: Option<String>,
    uses: Vec<UseBody>,
    further_uses: u32,
    up: u32,
    down: u32,
}

#[derive(Serialize, Deserialize)]
struct UseBody {
    direction: u32,
    path: String,
}

impl ProtocolMismatch {
    /// Removes the changes that do not fit into a refusal, and counts them as omitted.
    #[cfg(feature = "server")]
    pub(crate) fn truncate(&mut self) {
        let listed = fitting(&self.changes);
        self.omitted = omitted(self, listed);
        self.changes.truncate(listed);
    }
}

/// Returns the number of changes at the start of the list that fit into a refusal.
fn fitting(changes: &[ProtocolChange]) -> usize {
    let mut space = MAX_REFUSED_BYTES - FIXED_BYTES;
    let fits = |change: &&ProtocolChange| {
        let size = max_size(change);
        let fits = size <= space;
        space = space.saturating_sub(size);
        fits
    };
    changes.iter().take(MAX_CHANGES).take_while(fits).count()
}

/// Returns an upper bound for the encoded length of a change, in bytes.
fn max_size(change: &ProtocolChange) -> usize {
    /// The longest encoding of a `u32`, and of the length of a text.
    const INTEGER: usize = 5;
    let text = |text: &str| INTEGER + short(text).len();
    let side = |side: &Option<String>| 1 + side.as_deref().map_or(0, text);
    let uses = change.uses.iter().take(MAX_USES).map(|each| INTEGER + text(&each.path));
    text(&change.path)
        + side(&change.client)
        + side(&change.server)
        + uses.sum::<usize>()
        + 4 * INTEGER
}

/// Returns the number of changes that a refusal with the first `listed` changes omits.
fn omitted(mismatch: &ProtocolMismatch, listed: usize) -> u32 {
    mismatch.omitted.saturating_add(count(mismatch.changes.len() - listed))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl From<&ProtocolMismatch> for MismatchBody {
    fn from(mismatch: &ProtocolMismatch) -> Self {
        let listed = fitting(&mismatch.changes);
        // Every mismatch that a server creates has both hashes.
        let hash = |hash: Option<u128>| hash.unwrap_or_default().to_be_bytes();
        Self {
            channel: short(&mismatch.channel),
            client_hash: hash(mismatch.client_hash),
            server_hash: hash(mismatch.server_hash),
            older: older_number(mismatch.older),
            changes: mismatch.changes.iter().take(listed).map(ChangeBody::from).collect(),
            omitted: omitted(mismatch, listed),
        }
    }
}

impl From<&ProtocolChange> for ChangeBody {
    fn from(change: &ProtocolChange) -> Self {
        let beyond = count(change.uses.len().saturating_sub(MAX_USES));
        let uses = change.uses.iter().take(MAX_USES);
        Self {
            path: short(&change.path),
            client: change.client.as_deref().map(short),
            server: change.server.as_deref().map(short),
            uses: uses
                .map(|each| UseBody {
                    direction: direction_number(each.direction),
                    path: short(&each.path),
                })
                .collect(),
            further_uses: change.further_uses.saturating_add(beyond),
            up: class_number(change.up),
            down: class_number(change.down),
        }
    }
}

impl TryFrom<MismatchBody> for ProtocolMismatch {
    type Error = DecodeError;

    fn try_from(body: MismatchBody) -> Result<Self, DecodeError> {
        if body.changes.len() > MAX_CHANGES {
            return Err(DecodeError::Invalid("list of changes: too long"));
        }
        Ok(Self {
            channel: short(&body.channel),
            client_hash: Some(u128::from_be_bytes(body.client_hash)),
            server_hash: Some(u128::from_be_bytes(body.server_hash)),
            older: older_side(body.older),
            changes: body
                .changes
                .into_iter()
                .map(ProtocolChange::try_from)
                .collect::<Result<_, _>>()?,
            omitted: body.omitted,
        })
    }
}

impl TryFrom<ChangeBody> for ProtocolChange {
    type Error = DecodeError;

    fn try_from(body: ChangeBody) -> Result<Self, DecodeError> {
        if body.uses.len() > MAX_USES {
            return Err(DecodeError::Invalid("list of uses: too long"));
        }
        let uses = body.uses.iter();
        Ok(Self {
            uses: uses.map(|each| ChangeUse::new(direction(each.direction), &each.path)).collect(),
            further_uses: body.further_uses,
            ..Self::new(body.path, body.client, body.server, [class(body.up), class(body.down)])
        })
    }
}

/// The number of every unknown value. No version assigns it.
const UNKNOWN: u32 = 250;

fn older_number(side: OlderSide) -> u32 {
    match side {
        OlderSide::Unknown => 0,
        OlderSide::Client => 1,
        OlderSide::Server => 2,
    }
}

fn older_side(number: u32) -> OlderSide {
    match number {
        1 => OlderSide::Client,
        2 => OlderSide::Server,
        _ => OlderSide::Unknown,
    }
}

fn direction_number(direction: ChangeDirection) -> u32 {
    match direction {
        ChangeDirection::Client => 0,
        ChangeDirection::Server => 1,
        ChangeDirection::Unknown => UNKNOWN,
    }
}

fn direction(number: u32) -> ChangeDirection {
    match number {
        0 => ChangeDirection::Client,
        1 => ChangeDirection::Server,
        _ => ChangeDirection::Unknown,
    }
}

fn class_number(class: ChangeClass) -> u32 {
    match class {
        ChangeClass::Same => 0,
        ChangeClass::SameWithin => 1,
        ChangeClass::Default => 2,
        ChangeClass::Lossy => 3,
        ChangeClass::MayFail => 4,
        ChangeClass::Impossible => 5,
        ChangeClass::Unknown => UNKNOWN,
    }
}

fn class(number: u32) -> ChangeClass {
    match number {
        0 => ChangeClass::Same,
        1 => ChangeClass::SameWithin,
        2 => ChangeClass::Default,
        3 => ChangeClass::Lossy,
        4 => ChangeClass::MayFail,
        5 => ChangeClass::Impossible,
        _ => ChangeClass::Unknown,
    }
}
