//! A second implementation of RFC 6455.

/// The first byte of an unfragmented binary message.
pub const BINARY: u8 = 0x82;
/// The first byte of the first fragment of a binary message.
pub const BINARY_START: u8 = 0x02;
/// The first byte of a middle fragment.
pub const CONTINUATION: u8 = 0x00;
/// The first byte of the last fragment.
pub const CONTINUATION_END: u8 = 0x80;
/// The first byte of an unfragmented text message.
pub const TEXT: u8 = 0x81;
/// The first byte of a close.
pub const CLOSE: u8 = 0x88;
/// The first byte of a ping.
pub const PING: u8 = 0x89;
/// The first byte of a pong.
pub const PONG: u8 = 0x8a;

/// The upgrade request of a client, with the key of the RFC's example.
pub const UPGRADE: &str = "GET / HTTP/1.1\r\n\
    Host: localhost\r\n\
    Connection: Upgrade\r\n\
    Upgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    \r\n";

/// Returns [`UPGRADE`] for another path.
pub fn upgrade(path: &str) -> String {
    UPGRADE.replacen('/', path, 1)
}

/// The `Sec-WebSocket-Accept` of the response to [`UPGRADE`].
pub const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// Encodes a frame. A client must mask its frames, and a server must not.
pub fn frame(first: u8, payload: &[u8], masked: bool) -> Vec<u8> {
    let mut frame = header(first, payload.len() as u64, masked);
    if masked {
        frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    } else {
        frame.extend_from_slice(payload);
    }
    frame
}

/// Encodes the header of a frame of this length.
pub fn header(first: u8, length: u64, masked: bool) -> Vec<u8> {
    let mask_bit = if masked { 0x80 } else { 0 };
    let mut header = vec![first];
    match length {
        0..=125 => header.push(mask_bit | length as u8),
        126..=0xffff => {
            header.push(mask_bit | 126);
            header.extend_from_slice(&(length as u16).to_be_bytes());
        }
        _ => {
            header.push(mask_bit | 127);
            header.extend_from_slice(&length.to_be_bytes());
        }
    }
    if masked {
        header.extend_from_slice(&MASK);
    }
    header
}

/// Encodes the payload of a close.
pub fn close(code: u16, text: &str) -> Vec<u8> {
    [&code.to_be_bytes(), text.as_bytes()].concat()
}

/// Removes the first frame from `unread` if it is complete, and returns its first byte and payload.
pub(super) fn split(unread: &mut Vec<u8>) -> Option<(u8, Vec<u8>)> {
    let (&[first, second], rest) = unread.split_first_chunk()?;
    let (length, rest) = match second & 0x7f {
        126 => rest
            .split_first_chunk()
            .map(|(length, rest)| (u16::from_be_bytes(*length).into(), rest))?,
        127 => {
            rest.split_first_chunk().map(|(length, rest)| (u64::from_be_bytes(*length), rest))?
        }
        short => (short.into(), rest),
    };
    let (mask, rest) = if second & 0x80 == 0 {
        ([0; 4], rest)
    } else {
        rest.split_first_chunk().map(|(mask, rest)| (*mask, rest))?
    };
    let payload = rest.get(..usize::try_from(length).ok()?)?;
    let unmasked =
        payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    let length = unread.len() - rest.len() + payload.len();
    unread.drain(..length);
    Some((first, unmasked))
}
