use proc_macro2::TokenStream;
use quote::quote_spanned;
use simplenet_codegen::Channel;
use syn::{Error, LitStr, Result};

/// The protocol hash that a channel is held to, or how it begins.
pub(crate) struct Pin {
    digits: String,
    literal: LitStr,
}

/// Fewer could be hit by chance.
const FEWEST_DIGITS: usize = 8;
const DIGITS: usize = 32;

impl Pin {
    pub(crate) fn new(literal: &LitStr) -> Result<Self> {
        let digits = literal.value().to_ascii_lowercase();
        let fits = (FEWEST_DIGITS..=DIGITS).contains(&digits.len());
        if fits && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Ok(Self { digits, literal: literal.clone() });
        }
        let message = format!(
            "a protocol hash has {DIGITS} hexadecimal digits, of which the first {FEWEST_DIGITS} or more are given"
        );
        Err(Error::new(literal.span(), message))
    }

    /// An error, if the channel is another one.
    pub(crate) fn check(&self, channel: &Channel) -> TokenStream {
        let now = format!("{:032x}", channel.hash());
        if now.starts_with(&self.digits) {
            return TokenStream::new();
        }
        let name = channel.schema().name();
        let message = format!(
            "the channel `{name}` is not the one that is pinned here\n\
             = note: its protocol hash is now `{now}`\n\
             = note: peers with the pinned one will refuse it\n\
             = help: if that is meant, pin it anew: `hash = \"{now}\"`"
        );
        quote_spanned!(self.literal.span()=> ::core::compile_error!{#message})
    }
}
