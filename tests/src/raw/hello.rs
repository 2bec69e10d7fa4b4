use simplenet::ChannelPack;

use super::{bytes, text, varint};

/// A client's first frame, with arbitrary fields.
#[derive(Clone, Debug)]
pub struct Hello {
    /// The wire version.
    pub version: u16,
    /// Optional features, one bit each.
    pub features: u64,
    /// The channel's name.
    pub channel: String,
    /// The protocol hash.
    pub protocol: u128,
    /// The environment of the client, by its number.
    pub environment: u32,
    /// The id and its credentials.
    pub auth: Auth,
    /// The connect message, encoded.
    pub connect: Vec<u8>,
    /// The client's schema.
    pub canonical: Option<String>,
    /// The number and the value of each extension.
    pub extensions: Vec<(u16, Vec<u8>)>,
}

/// A client's id and its credentials.
#[derive(Clone, Debug)]
pub enum Auth {
    /// An id without credentials.
    None(u128),
    /// An id and a secret.
    Secret(u128, Vec<u8>),
    /// A token, which contains the id.
    Token(Vec<u8>),
}

impl Hello {
    /// Creates a valid hello of a client with this id.
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
            extensions: Vec::new(),
        }
    }

    /// Encodes the frame.
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
        let extensions =
            self.extensions.iter().map(|(number, value)| [varint(*number), bytes(value)].concat());
        let extensions: Vec<Vec<u8>> = extensions.collect();
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
            varint(extensions.len() as u64),
            extensions.concat(),
        ]
        .concat()
    }
}
