use proc_macro2::TokenStream;
use quote::quote_spanned;
use simplenet_codegen::Channel;
use syn::{Error, LitStr, Result};

/// The required protocol hash of a channel, or a prefix of it.
pub(crate) struct Pin {
    digits: String,
    literal: LitStr,
}

/// The minimum number of digits, so that another channel does not match by chance.
const MIN_DIGITS: usize = 8;
const DIGITS: usize = 32;

impl Pin {
    pub(crate) fn new(literal: &LitStr) -> Result<Self> {
        let digits = literal.value().to_ascii_lowercase();
        let fits = (MIN_DIGITS..=DIGITS).contains(&digits.len());
        if fits && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Ok(Self { digits, literal: literal.clone() });
        }
        let message = format!(
            "invalid protocol hash: write its {DIGITS} hexadecimal digits, or the first {MIN_DIGITS} \
             or more"
        );
        Err(Error::new(literal.span(), message))
    }

    /// Returns a compile error if the channel has another hash.
    pub(crate) fn check(&self, channel: &Channel) -> TokenStream {
        let hash = format!("{:032x}", channel.hash());
        if hash.starts_with(&self.digits) {
            return TokenStream::new();
        }
        let name = channel.schema().name();
        let message = format!(
            "the channel `{name}` does not have the pinned protocol hash\n\
             = note: the protocol hash is `{hash}`\n\
             = note: peers with the pinned hash will refuse this channel\n\
             = help: if the change is intended, pin the new hash: `hash = \"{hash}\"`"
        );
        quote_spanned!(self.literal.span()=> ::core::compile_error!{#message})
    }
}
