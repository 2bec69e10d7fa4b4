//! Arbitrary files: the compiler does not panic, and the generated code is valid Rust.

use proptest::prelude::*;
use simplenet_schema::MAX_DEPTH;

use crate::files::{compiled, expanded, stub};

const CHAT: &str = include_str!("../../../schemas/chat.ron");
const COMMON: &str = include_str!("../../../schemas/common.ron");

/// Asserts that the source compiles to a channel, or to errors and a stub, and that the generated
/// code is valid Rust.
fn assert_valid_code(main: &str, common: &str) {
    match compiled(main, &[("/work/schemas/common.ron", common)]).outcome {
        Ok(channel) => drop(expanded(&channel)),
        Err(failure) => {
            assert!(!failure.errors.is_empty());
            stub(&failure);
        }
    }
}

/// Texts that are valid in some position of a schema.
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
    fn damaged_schema_gives_valid_code(
        places in prop::collection::vec((any::<prop::sample::Index>(), 0usize..12, piece()), 1..4),
        in_common in any::<bool>(),
    ) {
        let mut text = if in_common { COMMON } else { CHAT }.to_owned();
        for (place, cut, piece) in places {
            let start = text.floor_char_boundary(place.index(text.len() + 1));
            let end = text.ceil_char_boundary((start + cut).min(text.len()));
            text.replace_range(start..end, piece);
        }
        if in_common { assert_valid_code(CHAT, &text) } else { assert_valid_code(&text, COMMON) }
    }

    #[test]
    fn arbitrary_type_gives_valid_code(text in "[ -~ä]{0,30}") {
        let text = text.replace(['"', '\\'], "");
        let channel = format!(
            "Channel(name: \"chat\", connect: \"{text}\", types: {{ \"{text}\": Newtype(\"{text}\") }})"
        );
        assert_valid_code(&channel, COMMON);
    }

    #[test]
    fn arbitrary_name_gives_valid_code(text in "(Self|crate|fn|[ -~ä]{0,10})", path in "([a-z:<>]{0,9}|crate::[a-z]*)") {
        let text = text.replace(['"', '\\'], "");
        let channel = format!(
            "Channel(name: \"{text}\", external: {{ \"{path}\": \"{text}\" }}, connect: \"{path}\",
                client: (messages: [\"{text}\"], requests: {{ \"{text}\": \"{path}\" }}),
                types: {{ \"{text}\": Struct({{ \"{text}\": \"u8\" }}), \"A\": Enum({{ \"{text}\": Unit }}) }},
                derive: {{ \"A\": [\"{text}\", \"{path}\"] }}, docs: {{ \"A.{text}\": \"{text}\" }})"
        );
        assert_valid_code(&channel, COMMON);
    }
}

/// A Rust parser ignores the comment and returns the name before it.
#[test]
fn name_with_a_comment_gives_valid_code() {
    for name in ["A//", "A /* */", "Ä//", " A"] {
        let field = format!("\"A\": Struct({{ \"{name}\": \"u8\" }})");
        assert_valid_code(&format!("Channel(name: \"chat\", types: {{ {field} }})"), COMMON);
        assert_valid_code(
            &format!("Channel(name: \"chat\", types: {{ \"{name}\": Unit }})"),
            COMMON,
        );
    }
}

#[test]
fn deep_nesting_gives_valid_code() {
    for depth in [MAX_DEPTH - 1, 200, 100_000] {
        let r#type = "Option<".repeat(depth) + "u8" + &">".repeat(depth);
        assert_valid_code(&format!("Channel(name: \"chat\", connect: \"{type}\")"), COMMON);
        assert_valid_code(&format!("Channel(name: {}", "(".repeat(depth)), COMMON);
        assert_valid_code(&format!("Channel(name: \"chat\", types: {}", "{".repeat(depth)), COMMON);
    }
}

#[test]
fn file_that_includes_itself_gives_valid_code() {
    let common = "Types(include: [\"common.ron\", \"main.ron\"])";
    assert_valid_code("Channel(name: \"chat\", include: [\"common.ron\", \"main.ron\"])", common);
}
