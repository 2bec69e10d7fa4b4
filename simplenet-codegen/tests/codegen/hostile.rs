//! A user's file may hold anything.

use proptest::prelude::*;
use simplenet_schema::MAX_DEPTH;

use crate::files::{compiled, expanded, stub};

const CHAT: &str = include_str!("../../../schemas/chat.ron");
const COMMON: &str = include_str!("../../../schemas/common.ron");

/// Either a channel, or errors and a stub; both are Rust.
fn survives(main: &str, common: &str) {
    match compiled(main, &[("/work/schemas/common.ron", common)]).outcome {
        Ok(channel) => drop(expanded(&channel)),
        Err(failure) => {
            assert!(!failure.errors.is_empty());
            stub(&failure);
        }
    }
}

/// Pieces that mean something somewhere.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "\"",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "Unit",
        "Self",
        "crate",
        "r#type",
        "u8",
        "Vec<",
        ">",
        "Box<Join>",
        "[u8; 99]",
        "[u8; 99999999999999999999]",
        "&str",
        "a::b",
        "uuid::Uuid",
        "Server",
        "Chat",
        "fn",
        "_",
        "ä",
        "€",
        "\\\"",
        "r#\"",
        "//",
        "/*",
        "\n",
        "\t",
        "1",
        "::",
        "Option",
        "HashMap<f32, ()>",
        "usize",
        "Typing",
        "self",
        "\u{0}",
        "\r\n",
        "'a",
    ])
}

proptest! {
    #[test]
    fn a_damaged_schema(
        places in prop::collection::vec((any::<prop::sample::Index>(), 0usize..12, piece()), 1..4),
        in_common in any::<bool>(),
    ) {
        let mut text = if in_common { COMMON } else { CHAT }.to_owned();
        for (place, cut, piece) in places {
            let start = text.floor_char_boundary(place.index(text.len() + 1));
            let end = text.ceil_char_boundary((start + cut).min(text.len()));
            text.replace_range(start..end, piece);
        }
        if in_common { survives(CHAT, &text) } else { survives(&text, COMMON) }
    }

    #[test]
    fn any_text_as_a_type(text in "[ -~ä]{0,30}") {
        let text = text.replace(['"', '\\'], "");
        let channel = format!(
            "Channel(name: \"chat\", connect: \"{text}\", types: {{ \"{text}\": Newtype(\"{text}\") }})"
        );
        survives(&channel, COMMON);
    }

    #[test]
    fn any_text_as_a_name(text in "(Self|crate|fn|[ -~ä]{0,10})", path in "([a-z:<>]{0,9}|crate::[a-z]*)") {
        let text = text.replace(['"', '\\'], "");
        let channel = format!(
            "Channel(name: \"{text}\", external: {{ \"{path}\": \"{text}\" }}, connect: \"{path}\",
                client: (messages: [\"{text}\"], requests: {{ \"{text}\": \"{path}\" }}),
                types: {{ \"{text}\": Struct({{ \"{text}\": \"u8\" }}), \"A\": Enum({{ \"{text}\": Unit }}) }},
                derive: {{ \"A\": [\"{text}\", \"{path}\"] }}, docs: {{ \"A.{text}\": \"{text}\" }})"
        );
        survives(&channel, COMMON);
    }
}

/// A parser of Rust would pass over the comment and find a name before it.
#[test]
fn names_with_comments_in_them() {
    for name in ["A//", "A /* */", "Ä//", " A"] {
        let field = format!("\"A\": Struct({{ \"{name}\": \"u8\" }})");
        survives(&format!("Channel(name: \"chat\", types: {{ {field} }})"), COMMON);
        survives(&format!("Channel(name: \"chat\", types: {{ \"{name}\": Unit }})"), COMMON);
    }
}

#[test]
fn deep_nesting() {
    for depth in [MAX_DEPTH - 1, 200, 100_000] {
        let r#type = "Option<".repeat(depth) + "u8" + &">".repeat(depth);
        survives(&format!("Channel(name: \"chat\", connect: \"{type}\")"), COMMON);
        survives(&format!("Channel(name: {}", "(".repeat(depth)), COMMON);
        survives(&format!("Channel(name: \"chat\", types: {}", "{".repeat(depth)), COMMON);
    }
}

#[test]
fn a_file_that_includes_itself() {
    let common = "Types(include: [\"common.ron\", \"main.ron\"])";
    survives("Channel(name: \"chat\", include: [\"common.ron\", \"main.ron\"])", common);
}
