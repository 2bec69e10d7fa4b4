use proc_macro2::Span;
use syn::Ident;

/// What a channel's module holds beside the declared types and the tag; no type can have one of these names.
pub(crate) const GENERATED_NAMES: [&str; 15] = [
    "Client",
    "ClientEvent",
    "ClientHandle",
    "ClientMsg",
    "ClientReport",
    "ClientRequest",
    "IncomingRequest",
    "RequestToken",
    "Server",
    "ServerEvent",
    "ServerHandle",
    "ServerMsg",
    "ServerReport",
    "ServerResponse",
    "Service",
];

/// The name of the tag type: `chat` becomes `Chat`, `match-making` becomes `MatchMaking`.
pub(crate) fn channel_name_to_tag(channel: &str) -> String {
    let words = channel.split(|c: char| !c.is_ascii_alphanumeric());
    words.flat_map(upper_first).collect()
}

fn upper_first(word: &str) -> impl Iterator<Item = char> {
    let mut chars = word.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars.collect::<Vec<_>>())
}

/// The tag type; something neutral for a channel whose name is an error.
pub(super) fn tag(channel: &str) -> Ident {
    let tag = channel_name_to_tag(channel);
    let taken = GENERATED_NAMES.contains(&tag.as_str());
    match syn::parse_str::<Ident>(&tag) {
        Ok(tag) if !taken => tag,
        _ => Ident::new("Channel", Span::call_site()),
    }
}

/// A name of the schema as an identifier, raw if it is a keyword.
pub(super) fn ident(name: &str) -> Ident {
    match syn::parse_str::<Ident>(name) {
        Ok(_) => Ident::new(name, Span::call_site()),
        // The rules for names leave nothing but keywords that can be raw.
        Err(_) => Ident::new_raw(name, Span::call_site()),
    }
}
