use expect_test::expect;

use crate::files::{compiled, compiler, errors_of, expanded};

const CHANNEL: &str = r#"Channel(
    name: "chat",
    include: ["shared/a.ron", "./shared/../shared/b.ron"],
    client: (messages: ["Join"]),
    types: { "Join": Struct({ "room": "RoomId", "user": "UserId" }) },
)
"#;

#[test]
fn included_file_is_read_once_relative_to_its_includer() {
    let a = r#"Types(include: ["b.ron", "a.ron"], types: { "RoomId": Newtype("Number") })"#;
    let b = r#"Types(
        include: ["../main.ron"],
        types: { "UserId": Newtype("u64"), "Number": Newtype("u32"), "Unused": Unit },
        docs: { "UserId": "A user." },
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
    assert!(code.contains("/// A user."), "{code}");
    assert!(code.contains("::core::marker::Copy"), "{code}");
    assert!(code.contains("pub struct Number"), "{code}");
    assert!(!code.contains("Unused"), "{code}");
}

#[test]
fn missing_or_invalid_included_file_is_reported() {
    let b = "Types(types: { \"UserId\": Newtype(\"u64\") ";
    let compiled = compiled(CHANNEL, &[("/work/schemas/shared/b.ron", b)]);
    assert_eq!(compiled.files.len(), 2);
    // Types that may be declared in these files are not reported.
    let errors = errors_of(&compiled.outcome.expect_err("a file is missing"));
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
          = note: this is a syntax error of RON; other errors of the file are reported once it is fixed"#]]
    .assert_eq(&errors);
}

#[test]
fn included_channel_is_refused() {
    let other = "Channel(name: \"other\")";
    let main = r#"Channel(name: "chat", include: ["other.ron"])"#;
    let compiled = compiled(main, &[("/work/schemas/other.ron", other)]);
    let errors = errors_of(&compiled.outcome.expect_err("a channel is not a file of types"));
    expect![[r#"
        expected `Types(..)`, found `Channel`
         --> schemas/other.ron:1:1
          |
        1 | Channel(name: "other")
          | ^^^^^^^"#]]
    .assert_eq(&errors);
}

#[test]
fn duplicate_name_in_two_files_is_refused() {
    let main = r#"Channel(name: "chat", include: ["a.ron"], types: { "RoomId": Newtype("u32") })"#;
    let a = r#"Types(types: { "RoomId": Newtype("u64") })"#;
    let compiled = compiled(main, &[("/work/schemas/a.ron", a)]);
    let errors = errors_of(&compiled.outcome.expect_err("a name is declared twice"));
    expect![[r#"
        duplicate name `RoomId`
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
fn equal_external_types_of_two_files_are_accepted() {
    let main = r#"Channel(
    name: "chat",
    include: ["a.ron"],
    external: { "uuid::Uuid": "1", "url::Url": "1" },
)"#;
    let alike = [("/work/schemas/a.ron", r#"Types(external: { "uuid::Uuid": "1" })"#)];
    assert!(compiled(main, &alike).outcome.is_ok());
    let unlike = [("/work/schemas/a.ron", r#"Types(external: { "uuid::Uuid": "2" })"#)];
    let errors = errors_of(&compiled(main, &unlike).outcome.expect_err("two fingerprints"));
    expect![[r#"
        duplicate name `uuid::Uuid`
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
fn missing_schema_is_reported_with_its_path() {
    let mut read = |_: &std::path::Path| Err(std::io::Error::other("gone"));
    let path = std::path::Path::new("/work/a/../schemas/chat.ron");
    let compiled = compiler(&[], &mut read).schema(path);
    assert!(compiled.files.is_empty());
    let errors = errors_of(&compiled.outcome.expect_err("the file does not exist"));
    expect![[r#"
        cannot read the schema `schemas/chat.ron`: gone
         |
         = help: the path is relative to the directory of the crate's Cargo.toml"#]]
    .assert_eq(&errors);
}
