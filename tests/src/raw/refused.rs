use super::fields::Fields;

/// A server's refusal, decoded by the second implementation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The server's wire version.
    pub version: u16,
    /// The close code of the reason.
    pub code: u16,
    /// The reason's own text.
    pub text: String,
    /// The time after which the client may connect again, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// The difference between the schemas.
    pub mismatch: Option<RawMismatch>,
}

/// The difference between two schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawMismatch {
    /// The server's channel.
    pub channel: String,
    /// The protocol hash of the client.
    pub client_hash: u128,
    /// The protocol hash of the server.
    pub server_hash: u128,
    /// The side with the older schema, by its number.
    pub older: u64,
    /// The listed differences.
    pub changes: Vec<RawChange>,
    /// The number of further differences.
    pub omitted: u64,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawChange {
    /// The path to the changed part of the schema.
    pub path: String,
    /// The client's type at the path.
    pub client: Option<String>,
    /// The server's type at the path.
    pub server: Option<String>,
    /// The uses of the changed type: the direction by its number, and the path.
    pub uses: Vec<(u64, String)>,
    /// The number of further uses.
    pub further_uses: u64,
    /// The class of the client's values for the server, by its number.
    pub up: u64,
    /// The class of the server's values for the client, by its number.
    pub down: u64,
}

impl Refused {
    /// Decodes a refusal. Panics if the frame is malformed.
    pub fn decode(frame: &[u8]) -> Self {
        let mut fields = Fields(frame);
        assert_eq!(fields.byte(), 0x42, "not a refusal: {frame:02x?}");
        let refused = Self {
            version: u16::from_le_bytes([fields.byte(), fields.byte()]),
            code: u16::try_from(fields.varint()).expect("a code"),
            text: fields.text(),
            retry_after_ms: fields.option(Fields::varint),
            mismatch: fields.option(mismatch),
        };
        assert!(fields.0.is_empty(), "bytes after the refusal: {frame:02x?}");
        refused
    }
}

fn mismatch(fields: &mut Fields<'_>) -> RawMismatch {
    RawMismatch {
        channel: fields.text(),
        client_hash: hash(fields),
        server_hash: hash(fields),
        older: fields.varint(),
        changes: (0..fields.varint()).map(|_| change(fields)).collect(),
        omitted: fields.varint(),
    }
}

fn hash(fields: &mut Fields<'_>) -> u128 {
    u128::from_be_bytes(fields.take(16).try_into().expect("16 bytes"))
}

fn change(fields: &mut Fields<'_>) -> RawChange {
    RawChange {
        path: fields.text(),
        client: fields.option(Fields::text),
        server: fields.option(Fields::text),
        uses: (0..fields.varint()).map(|_| (fields.varint(), fields.text())).collect(),
        further_uses: fields.varint(),
        up: fields.varint(),
        down: fields.varint(),
    }
}
