//! A second implementation of the encoding in `docs/protocol.md`.

/// Encodes an unsigned integer.
pub fn varint(value: impl Into<u128>) -> Vec<u8> {
    let value = value.into();
    let bytes = value.to_le_bytes();
    let (marker, width) = match value {
        0..=250 => return vec![bytes[0]],
        251..=0xffff => (0xfb, 2),
        0x1_0000..=0xffff_ffff => (0xfc, 4),
        0x1_0000_0000..=0xffff_ffff_ffff_ffff => (0xfd, 8),
        _ => (0xfe, 16),
    };
    [&[marker], &bytes[..width]].concat()
}

/// Encodes a `Bytes`.
pub fn bytes(value: &[u8]) -> Vec<u8> {
    [&varint(value.len() as u64)[..], value].concat()
}

/// Encodes a `String`.
pub fn text(value: &str) -> Vec<u8> {
    bytes(value.as_bytes())
}

/// A reader of fields, which panics if bytes are missing or malformed.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, length: usize) -> &'a [u8] {
        let (bytes, rest) = self.0.split_at_checked(length).expect("enough bytes");
        self.0 = rest;
        bytes
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    pub(super) fn varint(&mut self) -> u64 {
        let width = match self.byte() {
            small @ 0..=250 => return small.into(),
            0xfb => 2,
            0xfc => 4,
            0xfd => 8,
            marker => panic!("invalid start of an integer: {marker:#04x}"),
        };
        let mut bytes = [0; 8];
        bytes[..width].copy_from_slice(self.take(width));
        u64::from_le_bytes(bytes)
    }

    pub(super) fn bytes(&mut self) -> &'a [u8] {
        let length = self.varint() as usize;
        self.take(length)
    }

    pub(super) fn text(&mut self) -> String {
        String::from_utf8(self.bytes().to_vec()).expect("a text in UTF-8")
    }

    pub(super) fn option<T>(&mut self, field: impl FnOnce(&mut Self) -> T) -> Option<T> {
        match self.byte() {
            0 => None,
            1 => Some(field(self)),
            other => panic!("invalid start of an option: {other:#04x}"),
        }
    }
}
