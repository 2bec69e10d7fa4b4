//! The `Refused` frame: servers encode it, clients of any wire version decode it.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{
    CloseReason, DecodeError, WIRE_VERSION,
    codec::{self, decode},
    frame::{Kind, milliseconds},
    mismatch_body::MismatchBody,
};

/// The maximum length of a refusal in bytes.
pub(super) const MAX_REFUSED_BYTES: usize = 48 * 1024;

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
    if frame.len() > MAX_REFUSED_BYTES {
        return Err(DecodeError::Invalid("size: too long"));
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
            let mismatch = mismatch.ok_or(DecodeError::Invalid("mismatch: missing"))?;
            **details = mismatch.try_into()?;
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
