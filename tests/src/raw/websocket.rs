//! A second implementation of RFC 6455.

/// First byte of an unfragmented binary message.
pub const BINARY: u8 = 0x82;
/// First byte of the first fragment of a binary message.
pub const BINARY_BEGINS: u8 = 0x02;
/// First byte of a middle fragment.
pub const CONTINUES: u8 = 0x00;
/// First byte of the last fragment.
pub const ENDS: u8 = 0x80;
/// First byte of an unfragmented text message.
pub const TEXT: u8 = 0x81;
/// First byte of a close.
pub const CLOSE: u8 = 0x88;
/// First byte of a ping.
pub const PING: u8 = 0x89;
/// First byte of a pong.
pub const PONG: u8 = 0x8a;

/// Returns the upgrade request of a client, with the key of the RFC's example.
pub const UPGRADE: &str = "GET / HTTP/1.1\r\n\
    Host: localhost\r\n\
    Connection: Upgrade\r\n\
    Upgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    \r\n";

/// Returns the same request for another path.
pub fn upgrade(path: &str) -> String {
    UPGRADE.replacen('/', path, 1)
}

/// The response to that key.
pub const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// Encodes a frame: masked, as a client must, or unmasked, as a server must.
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

/// Removes the first frame from the read bytes if it is complete, and returns its first byte and its payload.
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
    let taken = unread.len() - rest.len() + payload.len();
    unread.drain(..taken);
    Some((first, unmasked))
}
