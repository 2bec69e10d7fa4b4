use std::collections::BTreeSet;

use simplenet::AuthToken;

/// The secrets of the test, in every form in which a log might contain them.
#[derive(Default)]
pub(crate) struct Canaries(BTreeSet<String>);

/// The number of bytes at the end of a longer secret that are searched for.
const PIECE: usize = 12;

impl Canaries {
    /// Adds a text, and returns it.
    pub(crate) fn text<'a>(&mut self, text: &'a str) -> &'a str {
        self.0.insert(text[..text.len().min(40)].to_owned());
        self.bytes(text.as_bytes());
        text
    }

    /// Adds bytes, and returns them.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Vec<u8> {
        let piece = &bytes[bytes.len() - PIECE.min(bytes.len())..];
        self.0.insert(piece.iter().map(|byte| format!("{byte:02x}")).collect());
        let decimals = format!("{piece:?}");
        self.0.insert(decimals.trim_matches(['[', ']']).to_owned());
        let literal = format!("{:?}", bytes::Bytes::copy_from_slice(piece));
        self.0.insert(literal.trim_start_matches("b\"").trim_end_matches('"').to_owned());
        bytes.to_vec()
    }

    /// Adds a token as text, and its signature as bytes.
    pub(crate) fn token(&mut self, token: &AuthToken) {
        let text = token.to_string();
        self.text(&text[text.len() - 40..]);
        self.bytes(token.as_bytes());
    }

    /// Returns the first secret that the text contains.
    pub(crate) fn found_in(&self, text: &str) -> Option<&str> {
        self.0.iter().map(String::as_str).find(|canary| text.contains(canary))
    }
}
