/// The identity of a channel, on which both sides must agree before a session begins.
///
/// The macro `channel` generates the identity as a constant of the channel:
/// [`ChannelPack::PROTOCOL`](crate::ChannelPack::PROTOCOL).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Protocol {
    name: &'static str,
    hash: u128,
    canonical: &'static str,
}

impl Protocol {
    /// Creates an identity. For generated code only.
    #[doc(hidden)]
    pub const fn new(name: &'static str, hash: u128, canonical: &'static str) -> Self {
        Self { name, hash, canonical }
    }

    /// Returns the name of the channel.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the protocol hash: the first 128 bits of the canonical form's SHA-256, big-endian.
    pub const fn hash(&self) -> u128 {
        self.hash
    }

    /// Returns the canonical form of the schema: an unambiguous text without docs and formatting.
    pub const fn canonical(&self) -> &'static str {
        self.canonical
    }
}

impl std::fmt::Debug for Protocol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Protocol({} {:032x})", self.name, self.hash)
    }
}
