//! Channels that a module declares.

use std::path::Path;

use expect_test::{Expect, expect};
use proc_macro2::Span;
use simplenet_codegen::{Compiled, Inline};

use crate::files::{compiler, errors_of, expanded, from_disk};

/// Compiles a module `chat`.
fn compiled(items: &str) -> Compiled {
    compiled_with(items, &[], &[])
}

fn compiled_with(items: &str, includes: &[&str], externals: &[(&str, &str)]) -> Compiled {
    let items = syn::parse_str::<syn::File>(items).expect("the module is Rust").items;
    let literal = |text: &&str| syn::LitStr::new(text, Span::call_site());
    let includes: Vec<_> = includes.iter().map(literal).collect();
    let externals = externals
        .iter()
        .map(|(path, fingerprint)| (syn::parse_str(path).expect("a path"), literal(fingerprint)));
    let inline = Inline {
        name: ("chat".to_owned(), Span::call_site()),
        items: &items,
        includes: &includes,
        externals: &externals.collect::<Vec<_>>(),
        directory: Path::new(env!("CARGO_MANIFEST_DIR")),
    };
    from_disk().inline(&inline)
}

/// Asserts the errors of a module.
fn assert_errors(items: &str, expected: Expect) {
    let failure = compiled(items).outcome.expect_err("the module has errors");
    assert!(failure.errors.iter().all(|error| error.span.is_some()));
    expected.assert_eq(&(errors_of(&failure) + "\n"));
}

/// Asserts the errors of a field of this type.
fn assert_field_errors(r#type: &str, expected: Expect) {
    assert_errors(&format!("pub struct Hello {{ pub name: {type} }}"), expected);
}

/// `schemas/chat.ron` as a module.
const CHAT: &str = r#"
    /// The first message of a client.
    #[connect]
    pub struct Hello {
        /// The name, which the other members see.
        pub name: String,
    }
    /// The sender is typing.
    #[client_message]
    pub struct Typing;
    /// A request to enter a room.
    #[request(Result<Joined, JoinError>)]
    pub struct Join {
        /// The room to enter.
        pub room: RoomId,
    }
    /// The client has entered the room.
    pub struct Joined {
        /// The names of all members, including the client.
        pub members: Vec<String>,
    }
    /// The reason for refusing entry to a room.
    pub enum JoinError {
        /// The room is full.
        Full,
        /// The client is banned from the room.
        Banned {
            /// The end of the ban, in seconds since 1970.
            until: u64,
        },
    }
    /// A line for the members of a room.
    #[request(Said)]
    pub struct Say {
        /// The room.
        pub room: RoomId,
        /// The text of the line.
        pub text: String,
    }
    /// The response to `Say`: the line was sent to the room.
    pub struct Said {
        /// The number of the line in the room, counted from 1.
        pub seq: u64,
    }
    /// A line of another member.
    #[server_message]
    pub struct Posted {
        /// The room.
        pub room: RoomId,
        /// The name of the sender.
        pub from: String,
        /// The text of the line.
        pub text: String,
    }
    /// A member has left a room: the room and the name of the member.
    #[server_message]
    pub struct Left(pub RoomId, pub String);
"#;

const ROOM: &str = r"
    /// The number of a room.
    #[derive(Copy, Eq, Hash)]
    pub struct RoomId(pub u32);
";

fn chat_of_the_schema_file() -> String {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/chat.ron");
    expanded(&from_disk().schema(&schema).outcome.expect("the example is valid"))
}

#[test]
fn module_and_file_give_the_same_code() {
    let channel = compiled(&format!("{CHAT}{ROOM}")).outcome.unwrap();
    assert_eq!(expanded(&channel), chat_of_the_schema_file());
}

#[test]
fn module_includes_a_file() {
    let compiled = compiled_with(CHAT, &["../schemas/common.ron"], &[]);
    let channel = compiled.outcome.unwrap();
    assert_eq!(expanded(&channel), chat_of_the_schema_file());
    assert_eq!(compiled.files.len(), 1);
    assert!(compiled.files[0].ends_with("schemas/common.ron"));
}

#[test]
fn external_types_are_listed_in_the_attribute() {
    let items = "#[server_message] pub struct Tagged(pub ::uuid::Uuid, pub crate::ids::Id);";
    let externals = [("uuid::Uuid", "uuid-1"), ("crate::ids::Id", "1")];
    let channel = compiled_with(items, &[], &externals).outcome.unwrap();
    let code = expanded(&channel);
    assert!(code.contains("pub struct Tagged(pub ::uuid::Uuid, pub crate::ids::Id);"), "{code}");
    let known = channel.schema().externals().iter();
    assert_eq!(known.map(|known| known.fingerprint.as_str()).collect::<Vec<_>>(), ["1", "uuid-1"]);
    assert_errors(
        items,
        expect![[r#"
            unknown external type `uuid::Uuid`
            = help: list it with a fingerprint of its encoding: `#[channel(external(uuid::Uuid = "1"))]`

            unknown external type `crate::ids::Id`
            = help: list it with a fingerprint of its encoding: `#[channel(external(crate::ids::Id = "1"))]`
        "#]],
    );
}

#[test]
fn keywords_derives_and_docs_are_kept() {
    let items = r##"
        #[doc = "One line."]
        #[doc = ""]
        #[doc = "  indented"]
        #[derive(Clone, serde::Serialize, Default)]
        #[derive(bevy_ecs::component::Component)]
        pub struct Odd { pub r#type: Vec<u8>, /** A block. */ pub r#match: (u8, [bool; 2]) }
    "##;
    let code = expanded(&compiled(items).outcome.unwrap());
    expect![[r#"
        /// One line.
        ///
        ///   indented
        #[derive(
            ::core::clone::Clone,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
            ::simplenet::__private::serde::Serialize,
            ::simplenet::__private::serde::Deserialize,
            ::core::default::Default,
            ::bevy_ecs::component::Component
        )]
        #[serde(crate = "::simplenet::__private::serde")]
        pub struct Odd {
            /// The field `type` of `Odd`.
            pub r#type: ::std::vec::Vec<u8>,
            /// A block.
            pub r#match: (u8, [bool; 2]),
        }
    "#]]
    .assert_eq(code.split("/// The channel").next().unwrap());
}

#[test]
fn attribute_that_changes_the_encoding_is_refused() {
    assert_errors(
        r#"
        #[serde(rename_all = "camelCase")]
        pub struct Hello {
            #[serde(skip)]
            pub name: String,
            #[cfg(feature = "age")]
            pub age: u8,
        }
        #[cfg_attr(test, derive(Copy))]
        pub enum Choice { #[serde(other)] One }
        "#,
        expect![[r#"
            `#[serde]` would change the encoding
            = note: neither the protocol hash nor clients in other languages would reflect the change
            = help: declare the type as it is encoded

            `#[serde]` would change the encoding
            = note: neither the protocol hash nor clients in other languages would reflect the change
            = help: declare the type as it is encoded

            `#[cfg]` is not supported in a channel
            = note: a channel must be the same in every build, or peers refuse each other
            = help: use `#[cfg]` on the whole module

            `#[cfg_attr]` is not supported in a channel
            = note: a channel must be the same in every build, or peers refuse each other
            = help: use `#[cfg]` on the whole module

            `#[serde]` would change the encoding
            = note: neither the protocol hash nor clients in other languages would reflect the change
            = help: declare the type as it is encoded
        "#]],
    );
}

#[test]
fn unsupported_attribute_is_refused() {
    assert_errors(
        r#"
        #[client_mesage]
        #[repr(u8)]
        #[doc(hidden)]
        #[doc = include_str!("a")]
        pub struct Hello { #[request(u8)] pub name: String }
        #[derive(Copy + Clone)]
        #[client_message(now)]
        #[request]
        pub enum Choice { #[default] One }
        #[request(u8, u8)]
        pub struct Join;
        "#,
        expect![[r#"
            `#[client_mesage]` is not supported in a channel
            = note: the types are generated, and only docs and derives are kept
            = help: did you mean `client_message`?

            `#[repr]` is not supported in a channel
            = note: the types are generated, and only docs and derives are kept

            docs of a channel must be string literals
            = help: write a `///` comment

            docs of a channel must be string literals
            = help: write a `///` comment

            `#[request]` is only supported on a struct or an enum

            `Choice` is both a message and a request of the client
            = help: declare a type for each

            expected `,`

            unexpected token in attribute

            a request needs the type of its response
            = help: write `#[request(Response)]`

            `#[default]` is not supported in a channel
            = note: the types are generated, and only docs and derives are kept

            unexpected token
        "#]],
    );
}

#[test]
fn unsupported_declaration_is_refused() {
    assert_errors(
        r#"
        struct Private { name: String }
        pub struct Half { pub(crate) name: String }
        pub struct Generic<'a, T> { pub name: Option<T> }
        pub struct Where where u8: Copy { pub name: u8 }
        pub struct Empty();
        pub enum Numbered { One = 1, Two(), Three }
        impl Half {}
        use std::collections::HashMap;
        const N: usize = 1;
        mod inner {}
        pub type Alias = u8;
        "#,
        expect![[r#"
            types of a channel and their fields must be public
            = help: write `pub`, and restrict the visibility of the module instead

            types of a channel and their fields must be public
            = help: write `pub`, and restrict the visibility of the module instead

            types of a channel and their fields must be public
            = help: write `pub`, and restrict the visibility of the module instead

            types of a channel cannot be generic
            = help: declare one type for each use

            types of a channel cannot be generic
            = help: remove the `where` clause

            empty parentheses are not supported
            = help: remove the parentheses

            explicit discriminants are not supported in a channel
            = help: remove it: variants are encoded by their position, from 0

            empty parentheses are not supported
            = help: remove the parentheses

            a channel can contain only structs and enums
            = help: move the item out of the module

            a channel cannot contain imports
            = help: declare the type here, or list it: `#[channel(external(uuid::Uuid = "uuid-1"))]`

            a channel can contain only structs and enums
            = help: move the item out of the module

            a channel can contain only structs and enums
            = help: move the item out of the module

            a channel can contain only structs and enums
            = help: move the item out of the module
        "#]],
    );
}

#[test]
fn unsupported_type_is_refused() {
    assert_field_errors(
        "&'static str",
        expect![[r#"
            references are not supported in a channel
            = help: use an owned type, such as `String`
        "#]],
    );
    assert_field_errors(
        "Vec<[u8]>",
        expect![[r#"
            slices are not supported in a channel
            = help: use `Vec<T>`, or `[T; N]` with a length
        "#]],
    );
    assert_field_errors(
        "*const u8",
        expect![[r#"
            pointers are not supported in a channel
            = help: use an owned type, such as `String`
        "#]],
    );
    assert_field_errors(
        "[u8; N]",
        expect![[r#"
            the length of an array must be an integer literal
            = help: write the number: the protocol hash depends on it
        "#]],
    );
    assert_field_errors(
        "fn(u8)",
        expect![[r#"
            this type is not supported in a channel
            = help: use the structs and enums of the channel, primitives and containers
        "#]],
    );
    assert_field_errors(
        "Vec<u8, 'a>",
        expect![[r#"
            this type is not supported in a channel
            = help: write only type arguments, after the last segment of the path
        "#]],
    );
    assert_field_errors(
        "std::collections::HashMap<u8, u8>",
        expect![[r#"
        unknown external type `std::collections::HashMap`
        = help: write `HashMap`
    "#]],
    );
    assert_field_errors(
        "<u8 as Trait>::Out",
        expect![[r#"
            this type is not supported in a channel
            = help: use the structs and enums of the channel, primitives and containers
        "#]],
    );
    assert_field_errors(
        "Vec<u8>::Out",
        expect![[r#"
            this type is not supported in a channel
            = help: write only type arguments, after the last segment of the path
        "#]],
    );
    assert_field_errors(
        "dyn Fn(u8)",
        expect![[r#"
            this type is not supported in a channel
            = help: use the structs and enums of the channel, primitives and containers
        "#]],
    );
}

#[test]
fn semantic_errors_of_a_module_are_those_of_a_file() {
    assert_errors(
        r#"
        #[connect] #[client_message] #[request(Vec<Joind>)] pub struct Hello { pub size: usize }
        #[connect] pub struct Other;
        pub struct Joined { pub next: Option<Box<Joined>> }
        #[client_message] pub struct Connected;
        pub struct Other { pub keys: HashMap<f32, u8> }
        pub struct Server;
        "#,
        expect![[r#"
            `Hello` is both a message and a request of the client
            = help: declare a type for each

            unknown type `Joind`
            = help: did you mean `Joined`?

            `usize` has a different size on other platforms
            = help: use an integer of fixed width, such as `u64`

            a channel has only one connect message
            = help: declare an enum for several kinds of connect message

            a type cannot contain itself: Joined.next -> Joined
            = note: the sender could choose the depth of such a value
            = help: store the values in a `Vec<Joined>`, and refer to each by its index, a `u32`

            `Connected` cannot be a message or request of a client
            = note: its handler would be the method `connected` of the trait `Service`, which handles the events of sessions
            = help: choose another name, such as `ClientConnected`

            duplicate name `Other`

            `f32` cannot be a key
            = note: `f32` implements neither `Ord` nor `Hash`

            `Server` is the name of a generated item
            = help: choose another name
        "#]],
    );
}

#[test]
fn error_in_an_included_file_has_an_excerpt() {
    let mut read = |_: &Path| Ok("Types(types: { \"RoomId\": Newtype(\"u23\") })".to_owned());
    let items = syn::parse_str::<syn::File>("pub struct A;").unwrap().items;
    let inline = Inline {
        name: ("chat".to_owned(), Span::call_site()),
        items: &items,
        includes: &[syn::LitStr::new("../common.ron", Span::call_site())],
        externals: &[],
        directory: Path::new("/work/chat"),
    };
    let failure = compiler(&[], &mut read).inline(&inline).outcome.expect_err("an error");
    expect![[r#"
        unknown type `u23`
         --> common.ron:1:35
          |
        1 | Types(types: { "RoomId": Newtype("u23") })
          |                                   ^^^ not declared here, nor in an included file"#]]
    .assert_eq(&errors_of(&failure));
    assert!(failure.errors[0].span.is_none());
}
