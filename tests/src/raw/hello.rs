use simplenet::ChannelPack;

use super::{bytes, text, varint};

/// A client's first frame, every field as the test wants it.
#[derive(Clone, Debug)]
pub struct Hello {
    /// The wire version.
    pub version: u16,
    /// Optional abilities, one bit each.
    pub features: u64,
    /// The channel's name.
    pub channel: String,
    /// The protocol hash.
    pub protocol: u128,
    /// Where the client says it runs.
    pub environment: u32,
    /// Who it says it is.
    pub auth: Auth,
    /// The connect message, encoded.
    pub connect: Vec<u8>,
    /// The client's schema.
    pub canonical: Option<String>,
}

/// How a client shows who it is.
#[derive(Clone, Debug)]
pub enum Auth {
    /// By its word.
    None(u128),
    /// By a secret.
    Secret(u128, Vec<u8>),
    /// By a token.
    Token(Vec<u8>),
}

impl Hello {
    /// What a server of the channel accepts from a client of this id.
    pub fn new<C: ChannelPack>(id: u128, connect: Vec<u8>) -> Self {
        Self {
            version: 1,
            features: 0,
            channel: C::PROTOCOL.name().to_owned(),
            protocol: C::PROTOCOL.hash(),
            environment: 0,
            auth: Auth::None(id),
            connect,
            canonical: None,
        }
    }

    /// The frame.
    pub fn encode(&self) -> Vec<u8> {
        let auth = match &self.auth {
            Auth::None(id) => [varint(0_u32), varint(*id)].concat(),
            Auth::Secret(id, secret) => [varint(1_u32), varint(*id), bytes(secret)].concat(),
            Auth::Token(token) => [varint(2_u32), bytes(token)].concat(),
        };
        let canonical = match &self.canonical {
            Some(form) => [&[1], &text(form)[..]].concat(),
            None => vec![0],
        };
        [
            vec![0x01],
            self.version.to_le_bytes().to_vec(),
            varint(self.features),
            text(&self.channel),
            self.protocol.to_be_bytes().to_vec(),
            varint(self.environment),
            auth,
            bytes(&self.connect),
            canonical,
        ]
        .concat()
    }
}
