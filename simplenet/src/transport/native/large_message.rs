//! Large messages, which are written without the buffer of the WebSocket layer.
//!
//! The WebSocket layer copies each frame into its buffer, and keeps a buffer of the size of the
//! largest frame for the life of the connection. So a large message is written from its own memory,
//! which broadcasts share.

use std::{
    io::{self, IoSlice},
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes, BytesMut, buf::Chain};
use tokio::io::AsyncWrite;
use tokio_tungstenite::tungstenite::protocol::frame::{
    FrameHeader,
    coding::{Data, OpCode},
};

use crate::transport::Side;

/// The maximum size in bytes of a message that is sent in one frame. A longer message is sent in
/// fragments. A close can be written between two fragments, and the receiver needs no buffer of the
/// size of the message before the message is complete.
const WHOLE: usize = 128 * 1024;

/// The size of a fragment in bytes. The WebSocket layer of a receiver keeps a buffer of this size.
const FRAGMENT: usize = 16 * 1024;

/// A message that is being written.
pub(super) struct LargeMessage {
    /// The unwritten part of the present frame: its header and its payload.
    frame: Chain<Bytes, Bytes>,
    /// True once a write of the frame was attempted. A blocked TLS stream may have encrypted the
    /// bytes of the attempt already, so the same bytes must be written next.
    frame_has_begun: bool,
    /// The payload of later frames.
    rest: Bytes,
    side: Side,
}

impl LargeMessage {
    pub(super) fn new(mut message: Bytes, side: Side) -> io::Result<Self> {
        let payload = if message.len() <= WHOLE {
            mem::take(&mut message)
        } else {
            message.split_to(FRAGMENT)
        };
        let frame = frame(payload, Data::Binary, message.is_empty(), side)?;
        Ok(Self { frame, frame_has_begun: false, rest: message, side })
    }

    /// Returns true if a part of a frame may be written. Nothing else may be written until the
    /// frame is complete.
    pub(super) fn frame_has_begun(&self) -> bool {
        self.frame_has_begun
    }

    /// Drops the frames that have not begun. Returns false if there is no other frame.
    pub(super) fn cut(&mut self) -> bool {
        self.rest.clear();
        self.frame_has_begun
    }

    /// Writes the present frame. Returns false if it was the last one.
    pub(super) fn poll_write_frame<S: AsyncWrite + Unpin>(
        &mut self,
        stream: &mut S,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<bool>> {
        while self.frame.has_remaining() {
            let mut slices = [IoSlice::new(&[]); 2];
            let count = self.frame.chunks_vectored(&mut slices);
            self.frame_has_begun = true;
            let writing = Pin::new(&mut *stream).poll_write_vectored(context, &slices[..count]);
            let written = ready!(writing)?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.frame.advance(written);
        }
        self.frame_has_begun = false;
        if self.rest.is_empty() {
            return Poll::Ready(Ok(false));
        }
        let payload = self.rest.split_to(FRAGMENT.min(self.rest.len()));
        self.frame = frame(payload, Data::Continue, self.rest.is_empty(), self.side)?;
        Poll::Ready(Ok(true))
    }
}

/// Creates a frame. A client masks its payload (RFC 6455, 5.3).
fn frame(
    payload: Bytes,
    data: Data,
    is_final: bool,
    side: Side,
) -> io::Result<Chain<Bytes, Bytes>> {
    let mask = match side {
        #[cfg(feature = "client")]
        Side::Client => {
            let mut mask = [0; 4];
            getrandom::fill(&mut mask).map_err(io::Error::other)?;
            Some(mask)
        }
        #[cfg(feature = "server")]
        Side::Server => None,
    };
    let header = FrameHeader { is_final, opcode: OpCode::Data(data), mask, ..Default::default() };
    let mut bytes = Vec::new();
    header.format(payload.len() as u64, &mut bytes).map_err(io::Error::other)?;
    let payload = match mask {
        Some(mask) => masked(payload, mask),
        None => payload,
    };
    Ok(Bytes::from(bytes).chain(payload))
}

/// Masks a payload, eight bytes at a time. Copies it only if its memory is shared.
fn masked(payload: Bytes, mask: [u8; 4]) -> Bytes {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let mut payload = payload.try_into_mut().unwrap_or_else(|shared| BytesMut::from(&shared[..]));
    let (chunks, rest) = payload.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(wide.to_ne_bytes()) {
        *byte ^= mask;
    }
    payload.freeze()
}
