use super::fields::Fields;

/// A server's refusal, read by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The server's wire version.
    pub version: u16,
    /// The close code of the reason.
    pub code: u16,
    /// The reason's own text.
    pub text: String,
    /// How long to stay away, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// What differs between the schemas.
    pub mismatch: Option<RawMismatch>,
}

/// How the schemas differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawMismatch {
    /// The server's channel.
    pub channel: String,
    /// The protocol hash of the client.
    pub client_hash: Option<u128>,
    /// The protocol hash of the server.
    pub server_hash: Option<u128>,
    /// The side with the older schema, by its number.
    pub older: u64,
    /// The differences that are listed.
    pub changes: Vec<RawChange>,
    /// How many are not.
    pub omitted: u64,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawChange {
    /// Where.
    pub path: String,
    /// What the client has there.
    pub client: Option<String>,
    /// What the server has there.
    pub server: Option<String>,
    /// What it means, by its number.
    pub level: u64,
}

impl Refused {
    /// The refusal in a frame; panics if it is none, or has a byte too many or too few.
    pub fn decode(frame: &[u8]) -> Self {
        let mut fields = Fields(frame);
        assert_eq!(fields.byte(), 0x42, "no refusal: {frame:02x?}");
        let refused = Self {
            version: u16::from_le_bytes([fields.byte(), fields.byte()]),
            code: u16::try_from(fields.varint()).expect("a code"),
            text: fields.text(),
            retry_after_ms: fields.option(Fields::varint),
            mismatch: fields.option(mismatch),
        };
        assert!(fields.0.is_empty(), "more than a refusal: {frame:02x?}");
        refused
    }
}

fn mismatch(fields: &mut Fields<'_>) -> RawMismatch {
    RawMismatch {
        channel: fields.text(),
        client_hash: fields.option(hash),
        server_hash: fields.option(hash),
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
        level: fields.varint(),
    }
}
