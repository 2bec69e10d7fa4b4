/// The identity of a channel: what both sides must agree on before a session begins.
///
/// A constant of the channel, written by the macro: [`ChannelPack::PROTOCOL`](crate::ChannelPack::PROTOCOL).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Protocol {
    name: &'static str,
    hash: u128,
    canonical: &'static str,
}

impl Protocol {
    /// Called by generated code only.
    #[doc(hidden)]
    pub const fn new(name: &'static str, hash: u128, canonical: &'static str) -> Self {
        Self { name, hash, canonical }
    }

    /// The channel's name, as the schema gives it.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// SHA-256 of the canonical form, its first 128 bits, big-endian.
    pub const fn hash(&self) -> u128 {
        self.hash
    }

    /// The schema in its canonical form: an unambiguous text without docs and formatting.
    pub const fn canonical(&self) -> &'static str {
        self.canonical
    }
}

impl std::fmt::Debug for Protocol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Protocol({} {:032x})", self.name, self.hash)
    }
}
