use expect_test::expect;

use crate::files::{compiled, compiler, expanded, told};

const CHANNEL: &str = r#"Channel(
    name: "chat",
    include: ["shared/a.ron", "./shared/../shared/b.ron"],
    client: (messages: ["Join"]),
    types: { "Join": Struct({ "room": "RoomId", "who": "UserId" }) },
)
"#;

#[test]
fn files_are_read_once_and_relative_to_the_file_that_includes_them() {
    let a = r#"Types(include: ["b.ron", "a.ron"], types: { "RoomId": Newtype("Number") })"#;
    let b = r#"Types(
        include: ["../main.ron"],
        types: { "UserId": Newtype("u64"), "Number": Newtype("u32"), "Unused": Unit },
        docs: { "UserId": "Who." },
        derive: { "UserId": ["Copy"] },
    )"#;
    let others = [("/work/schemas/shared/a.ron", a), ("/work/schemas/shared/b.ron", b)];
    let compiled = compiled(CHANNEL, &others);
    let files: Vec<_> = compiled.files.iter().map(|file| file.display().to_string()).collect();
    assert_eq!(
        files,
        ["/work/schemas/main.ron", "/work/schemas/shared/a.ron", "/work/schemas/shared/b.ron"]
    );
    let code = expanded(&compiled.outcome.unwrap());
    assert!(code.contains("/// Who."), "{code}");
    assert!(code.contains("::core::marker::Copy"), "{code}");
    assert!(code.contains("pub struct Number"), "{code}");
    assert!(!code.contains("Unused"), "{code}");
}

#[test]
fn an_included_file_may_be_missing_or_unreadable() {
    let b = "Types(types: { \"UserId\": Newtype(\"u64\") ";
    let compiled = compiled(CHANNEL, &[("/work/schemas/shared/b.ron", b)]);
    assert_eq!(compiled.files.len(), 2);
    // The types that are unknown for that reason alone are not told.
    let errors = told(&compiled.outcome.expect_err("a file is missing"));
    expect![[r#"
        cannot read the included file `schemas/shared/a.ron`: no such file
         --> schemas/main.ron:3:16
          |
        3 |     include: ["shared/a.ron", "./shared/../shared/b.ron"],
          |                ^^^^^^^^^^^^
          |
          = help: the path is relative to the file that includes it

        expected comma
         --> schemas/shared/b.ron:1:41
          |
        1 | Types(types: { "UserId": Newtype("u64") 
          |                                         ^
          |
          = note: this is not readable as RON; errors of meaning are told once it is"#]]
    .assert_eq(&errors);
}

#[test]
fn a_channel_cannot_be_included() {
    let other = "Channel(name: \"other\")";
    let main = r#"Channel(name: "chat", include: ["other.ron"])"#;
    let compiled = compiled(main, &[("/work/schemas/other.ron", other)]);
    let errors = told(&compiled.outcome.expect_err("not a file of types"));
    expect![[r#"
        expected `Types(..)`, found `Channel`
         --> schemas/other.ron:1:1
          |
        1 | Channel(name: "other")
          | ^^^^^^^"#]]
    .assert_eq(&errors);
}

#[test]
fn a_name_is_declared_in_one_file_only() {
    let main = r#"Channel(name: "chat", include: ["a.ron"], types: { "RoomId": Newtype("u32") })"#;
    let a = r#"Types(types: { "RoomId": Newtype("u64") })"#;
    let compiled = compiled(main, &[("/work/schemas/a.ron", a)]);
    let errors = told(&compiled.outcome.expect_err("declared twice"));
    expect![[r#"
        `RoomId` is there twice
         --> schemas/a.ron:1:17
          |
        1 | Types(types: { "RoomId": Newtype("u64") })
          |                 ^^^^^^ again here
          |
         ::: schemas/main.ron:1:53
          |
        1 | Channel(name: "chat", include: ["a.ron"], types: { "RoomId": Newtype("u32") })
          |                                                     ------ first here"#]]
    .assert_eq(&errors);
}

#[test]
fn files_may_list_the_same_external_types() {
    let main = r#"Channel(
    name: "chat",
    include: ["a.ron"],
    external: { "uuid::Uuid": "1", "url::Url": "1" },
)"#;
    let alike = [("/work/schemas/a.ron", r#"Types(external: { "uuid::Uuid": "1" })"#)];
    assert!(compiled(main, &alike).outcome.is_ok());
    let unlike = [("/work/schemas/a.ron", r#"Types(external: { "uuid::Uuid": "2" })"#)];
    let errors = told(&compiled(main, &unlike).outcome.expect_err("two fingerprints"));
    expect![[r#"
        `uuid::Uuid` is there twice
         --> schemas/a.ron:1:20
          |
        1 | Types(external: { "uuid::Uuid": "2" })
          |                    ^^^^^^^^^^ again here
          |
         ::: schemas/main.ron:4:18
          |
        4 |     external: { "uuid::Uuid": "1", "url::Url": "1" },
          |                  ---------- first here"#]]
    .assert_eq(&errors);
}

#[test]
fn a_missing_schema_is_told_by_its_path() {
    let mut read = |_: &std::path::Path| Err(std::io::Error::other("gone"));
    let path = std::path::Path::new("/work/a/../schemas/chat.ron");
    let compiled = compiler(&[], &mut read).schema(path);
    assert!(compiled.files.is_empty());
    let errors = told(&compiled.outcome.expect_err("there is no file"));
    expect![[r#"
        cannot read the schema `schemas/chat.ron`: gone
         |
         = help: the path is relative to the directory of the crate's Cargo.toml"#]]
    .assert_eq(&errors);
}
