//! The names of generated items.

use proc_macro2::Span;
use syn::Ident;

/// The generated items of a channel, besides the declared types and the tag. No type can have one
/// of these names.
pub(crate) const GENERATED_NAMES: [&str; 16] = [
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
    "ServiceContext",
];

/// Returns the name of the tag type: `Chat` for `chat`, `MatchMaking` for `match-making`.
pub(crate) fn channel_name_to_tag(channel: &str) -> String {
    let words = channel.split(|c: char| !c.is_ascii_alphanumeric());
    words.flat_map(upper_first).collect()
}

fn upper_first(word: &str) -> impl Iterator<Item = char> {
    let mut chars = word.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars.collect::<Vec<_>>())
}

/// Returns the tag type; `Channel` for a channel whose name is an error.
pub(crate) fn tag(channel: &str) -> Ident {
    let tag = channel_name_to_tag(channel);
    let reserved = GENERATED_NAMES.contains(&tag.as_str());
    match identifier(&tag) {
        Some(tag) if !reserved => tag,
        _ => Ident::new("Channel", Span::call_site()),
    }
}

/// Returns a name as an identifier, which is raw if the name is a keyword. Returns `__unnamed` for
/// a name that the rules of schemas refuse.
pub(crate) fn ident(name: &str) -> Ident {
    identifier(name).unwrap_or_else(|| Ident::new("__unnamed", Span::call_site()))
}

/// Returns the method of the trait `Service` that handles a message or request.
pub(crate) fn method(message: &str) -> Ident {
    ident(&method_name(message))
}

/// Returns the name in snake case: `get_room` for `GetRoom` and for `GETRoom`.
pub(crate) fn method_name(message: &str) -> String {
    let mut name = String::new();
    let mut characters = message.chars().peekable();
    let mut previous: Option<char> = None;
    while let Some(character) = characters.next() {
        let starts_word = previous.is_some_and(|previous| {
            let ends_acronym = previous.is_uppercase()
                && characters.peek().is_some_and(|next| next.is_lowercase());
            character.is_uppercase()
                && previous != '_'
                && (!previous.is_uppercase() || ends_acronym)
        });
        if starts_word {
            name.push('_');
        }
        name.extend(character.to_lowercase());
        previous = Some(character);
    }
    name
}

/// Parses a name as an identifier. If that fails, parses it as a raw identifier, with `r#` before
/// it.
pub(crate) fn identifier(name: &str) -> Option<Ident> {
    // The parser ignores spaces and comments.
    let characters = name.chars().all(|c| c == '_' || c.is_alphanumeric());
    let plain = || syn::parse_str::<Ident>(name).ok();
    let raw = || syn::parse_str::<Ident>(&format!("r#{name}")).ok();
    if characters { plain().or_else(raw) } else { None }
}
