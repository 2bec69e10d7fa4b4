//! The `Refused` frame: servers encode it, clients of any wire version decode it.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{
    ChangeLevel, CloseReason, DecodeError, OlderSide, ProtocolChange, ProtocolMismatch,
    WIRE_VERSION,
    codec::{self, decode},
    frame::{Kind, milliseconds},
    mismatch::short,
};

/// Limit on the changes that a refusal lists.
const MAX_CHANGES: usize = 64;

/// Encodes the frame that refuses a client for `reason`.
///
/// Long texts are truncated. Changes beyond the limit are counted instead of listed.
pub fn encode_refused(reason: &CloseReason) -> Bytes {
    let body = RefusedBody {
        code: reason.close_code(),
        text: reason.own_text().unwrap_or_default(),
        retry_after_ms: reason.retry_after().map(milliseconds),
        mismatch: match reason {
            CloseReason::ProtocolMismatch(mismatch) => Some(MismatchBody::from(&**mismatch)),
            _ => None,
        },
    };
    let mut frame = vec![Kind::Refused as u8];
    frame.extend_from_slice(&WIRE_VERSION.to_le_bytes());
    // Cannot fail, because the fields are bounded and the buffer grows. If it did, the client would
    // receive only the prefix, and read the reason from the close code that follows.
    let _ = codec::append(&mut frame, &body, usize::MAX);
    frame.into()
}

/// Decodes the reason in a `Refused` frame of any wire version.
pub(super) fn decode_refused(frame: &[u8]) -> Result<CloseReason, DecodeError> {
    let &[_, low, high, ref body @ ..] = frame else {
        return Err(DecodeError::Truncated);
    };
    let theirs = Some(u16::from_le_bytes([low, high]));
    let of_version = CloseReason::WireVersion { ours: WIRE_VERSION, theirs };
    if theirs != Some(WIRE_VERSION) {
        return Ok(of_version);
    }
    let RefusedBody { code, text, retry_after_ms, mismatch } = decode(body)?;
    let mut reason = CloseReason::from_server_close(code, &text);
    match &mut reason {
        CloseReason::ServerFull { retry_after }
        | CloseReason::RateLimited { retry_after }
        | CloseReason::Draining { retry_after } => {
            *retry_after = retry_after_ms.map(|ms| Duration::from_millis(ms.into()));
        }
        CloseReason::ProtocolMismatch(details) => {
            if let Some(mismatch) = mismatch {
                **details = mismatch.try_into()?;
            }
        }
        CloseReason::WireVersion { .. } => reason = of_version,
        _ => {}
    }
    Ok(reason)
}

/// The fields after the version prefix, in wire version 1.
#[derive(Serialize, Deserialize)]
struct RefusedBody {
    code: u16,
    text: String,
    retry_after_ms: Option<u32>,
    mismatch: Option<MismatchBody>,
}

#[derive(Serialize, Deserialize)]
struct MismatchBody {
    channel: String,
    client_hash: Option<[u8; 16]>,
    server_hash: Option<[u8; 16]>,
    older: OlderSide,
    changes: Vec<ChangeBody>,
    omitted: u32,
}

#[derive(Serialize, Deserialize)]
struct ChangeBody {
    path: String,
    client: Option<String>,
    server: Option<String>,
    level: ChangeLevel,
}

impl From<&ProtocolMismatch> for MismatchBody {
    fn from(mismatch: &ProtocolMismatch) -> Self {
        let beyond = mismatch.changes.len().saturating_sub(MAX_CHANGES);
        Self {
            channel: short(&mismatch.channel),
            client_hash: mismatch.client_hash.map(u128::to_be_bytes),
            server_hash: mismatch.server_hash.map(u128::to_be_bytes),
            older: mismatch.older,
            changes: mismatch.changes.iter().take(MAX_CHANGES).map(ChangeBody::from).collect(),
            omitted: mismatch.omitted.saturating_add(u32::try_from(beyond).unwrap_or(u32::MAX)),
        }
    }
}

impl From<&ProtocolChange> for ChangeBody {
    fn from(change: &ProtocolChange) -> Self {
        Self {
            path: short(&change.path),
            client: change.client.as_deref().map(short),
            server: change.server.as_deref().map(short),
            level: change.level,
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
            client_hash: body.client_hash.map(u128::from_be_bytes),
            server_hash: body.server_hash.map(u128::from_be_bytes),
            older: body.older,
            changes: body.changes.into_iter().map(ProtocolChange::from).collect(),
            omitted: body.omitted,
        })
    }
}

impl From<ChangeBody> for ProtocolChange {
    fn from(body: ChangeBody) -> Self {
        Self {
            path: short(&body.path),
            client: body.client.as_deref().map(short),
            server: body.server.as_deref().map(short),
            level: body.level,
        }
    }
}
