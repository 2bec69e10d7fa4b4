use expect_test::expect_file;
use simplenet_codegen::{Failure, Report};

use crate::files::{errors, failure, stub};

#[test]
fn stub_of_a_channel_with_errors_has_the_valid_types() {
    let main = r#"Channel(
        name: "chat",
        connect: "Undeclared",
        client: (messages: ["Typing", "Typing", "Missing"], requests: { "Join": "Result<Joined, JoinErr>" }),
        types: {
            "Typing": Unit,
            "Join": Struct({ "room": "RoomIdd", "room": "u8", "names": "Vec<Option<usize>>", "a b": "u8" }),
            "Joined": Struct({ "map": "HashMap<f32, u8>", "next": "Option<Box<Joined>>" }),
            "Server": Unit,
            "User": Newtype("Server"),
            "RoomId": Newtype("u32"),
        },
    )"#;
    assert!(errors(main).contains("RoomIdd"));
    expect_file!["../expansions/stub_known.rs"].assert_eq(&stub(&failure(main)));
}

#[test]
fn stub_of_an_unreadable_schema_has_the_guessed_names() {
    let main =
        r#"Channel(name: "chat", types: { "Typing": Unit "Join": Struct({ "room": "RoomId" }) })"#;
    expect_file!["../expansions/stub_unreadable.rs"].assert_eq(&stub(&failure(main)));
}

#[test]
fn stub_without_a_schema_has_the_generated_names() {
    let failure = Failure::without_schema(Report::new("no schema", None));
    expect_file!["../expansions/stub_unknown.rs"].assert_eq(&stub(&failure));
}
