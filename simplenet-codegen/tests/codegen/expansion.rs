use std::path::Path;

use expect_test::{expect, expect_file};

use crate::files::{channel, expanded, from_disk, with_types};

#[test]
fn chat_example_is_generated() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/chat.ron");
    let compiled = from_disk().schema(&schema);
    let names: Vec<_> = compiled.files.iter().filter_map(|file| file.file_name()).collect();
    assert_eq!(names, ["chat.ron", "common.ron"]);
    let channel = compiled.outcome.unwrap();
    expect_file!["../expansions/chat.rs"].assert_eq(&expanded(&channel));
}

#[test]
fn channel_without_messages_is_generated() {
    let channel = channel("Channel(name: \"quiet\")");
    expect_file!["../expansions/quiet.rs"].assert_eq(&expanded(&channel));
}

#[test]
fn every_kind_of_type_is_generated() {
    let channel = channel(
        r#"Channel(
            name: "all-kinds",
            connect: "Option<uuid::Uuid>",
            client: (messages: ["Numbers", "Texts", "Containers", "Empty", "Choice"]),
            types: {
                "Numbers": Struct({
                    "a": "u8", "b": "u16", "c": "u32", "d": "u64", "e": "u128",
                    "f": "i8", "g": "i16", "h": "i32", "i": "i64", "j": "i128",
                    "k": "f32", "l": "f64", "m": "bool",
                }),
                "Texts": Tuple(["char", "String", "Bytes", "crate::ids::Id"]),
                "Containers": Struct({
                    "option": "Option<u8>", "vec": "Vec<String>", "array": "[u8; 4]",
                    "tuple": "(u8, (), Box<u16>)", "result": "Result<u8, Choice>",
                    "hash_map": "HashMap<Key, f32>", "tree_map": "BTreeMap<u8, Vec<u8>>",
                    "hash_set": "HashSet<u8>", "tree_set": "BTreeSet<(u8, char)>",
                }),
                "Empty": Unit,
                "Choice": Enum({
                    "None": Unit,
                    "One": Newtype("u8"),
                    "Two": Tuple(["u8", "Key"]),
                    "type": Struct({ "match": "Option<Option<u8>>" }),
                }),
                "Key": Struct({ "room": "Inner" }),
                "Inner": Newtype("u32"),
            },
            external: { "uuid::Uuid": "uuid-1", "crate::ids::Id": "1" },
            docs: { "Choice.type.match": "A field whose name is a keyword.", "Inner.0": "The number." },
            derive: { "Empty": ["Default", "Clone", "bevy_ecs::component::Component"] },
        )"#,
    );
    expect_file!["../expansions/all_kinds.rs"].assert_eq(&expanded(&channel));
}

#[test]
fn type_with_the_name_of_a_container_is_generated() {
    let channel = channel(&with_types(
        r#""Vec": Unit, "Option": Newtype("Option<Vec<Option<u8>>>"), "Result": Newtype("Vec"),"#,
    ));
    let code = expanded(&channel);
    let line = |start: &str| code.lines().find(|line| line.starts_with(start)).unwrap().to_owned();
    expect!["pub struct Result(pub Vec);"].assert_eq(&line("pub struct Result"));
    assert!(
        code.contains("pub ::core::option::Option<::std::vec::Vec<::core::option::Option<u8>>>")
    );
}

#[test]
fn code_uses_the_given_path_of_the_runtime() {
    let channel = channel("Channel(name: \"chat\")");
    let code = simplenet_codegen::generate(&channel, &syn::parse_quote!(crate::net)).to_string();
    assert!(!code.contains(":: simplenet"), "{code}");
    assert!(code.contains("\"crate::net::__private::serde\""), "{code}");
}

#[test]
fn unused_type_of_the_own_file_is_generated() {
    let channel = channel(&with_types(r#""Unused": Unit"#));
    assert!(expanded(&channel).contains("pub struct Unused;"));
    assert!(channel.schema().types().is_empty());
}
