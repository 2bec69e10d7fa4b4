//! The names that generated code has, and what is none.

use proc_macro2::Span;
use syn::Ident;

/// What a channel's module holds beside the declared types and the tag; no type can have one of these names.
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
pub(crate) fn tag(channel: &str) -> Ident {
    let tag = channel_name_to_tag(channel);
    let taken = GENERATED_NAMES.contains(&tag.as_str());
    match identifier(&tag) {
        Some(tag) if !taken => tag,
        _ => Ident::new("Channel", Span::call_site()),
    }
}

/// A name of the schema as an identifier, raw if it is a keyword; something neutral if it can be neither, which the
/// rules for names leave no room for.
pub(crate) fn ident(name: &str) -> Ident {
    identifier(name).unwrap_or_else(|| Ident::new("__unnamed", Span::call_site()))
}

/// The method of the trait `Service` that handles this message or request.
pub(crate) fn method(message: &str) -> Ident {
    ident(&method_name(message))
}

/// `GetRoom` becomes `get_room`, and so does `GETRoom`.
pub(crate) fn method_name(message: &str) -> String {
    let mut name = String::new();
    let mut characters = message.chars().peekable();
    let mut before: Option<char> = None;
    while let Some(character) = characters.next() {
        let starts_word = before.is_some_and(|before| {
            let ends_acronym =
                before.is_uppercase() && characters.peek().is_some_and(|next| next.is_lowercase());
            character.is_uppercase() && before != '_' && (!before.is_uppercase() || ends_acronym)
        });
        if starts_word {
            name.push('_');
        }
        name.extend(character.to_lowercase());
        before = Some(character);
    }
    name
}

/// The identifier that is written like this, or like this with `r#` before it.
pub(crate) fn identifier(name: &str) -> Option<Ident> {
    // The parser would pass over spaces and comments.
    let characters = name.chars().all(|c| c == '_' || c.is_alphanumeric());
    let plain = || syn::parse_str::<Ident>(name).ok();
    let raw = || syn::parse_str::<Ident>(&format!("r#{name}")).ok();
    if characters { plain().or_else(raw) } else { None }
}
