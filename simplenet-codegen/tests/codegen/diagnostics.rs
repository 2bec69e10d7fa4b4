//! The diagnostics of schema files, rule by rule.

use expect_test::{Expect, expect};
use simplenet_schema::MAX_DEPTH;

use crate::files::{errors, with_types};

/// Asserts the errors of a channel with these types.
fn assert_types_errors(types: &str, expected: Expect) {
    expected.assert_eq(&errors(&with_types(types)));
}

/// Asserts the errors of a field of this type.
fn assert_field_errors(r#type: &str, expected: Expect) {
    assert_types_errors(&format!("\"Hello\": Struct({{ \"name\": \"{type}\" }}),"), expected);
}

/// Asserts the errors of a schema file.
fn assert_errors(text: &str, expected: Expect) {
    expected.assert_eq(&errors(text));
}

#[test]
fn unknown_type_is_reported_with_a_suggestion() {
    assert_field_errors(
        "Vec<Strng>",
        expect![[r#"
            unknown type `Strng`
             --> schemas/main.ron:4:40
              |
            4 |         "Hello": Struct({ "name": "Vec<Strng>" }),
              |                                        ^^^^^ not declared here, nor in an included file
              |
              = help: did you mean `String`?
        "#]],
    );
    assert_field_errors(
        "Sesame",
        expect![[r#"
            unknown type `Sesame`
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "Sesame" }),
              |                                    ^^^^^^ not declared here, nor in an included file
        "#]],
    );
    assert_types_errors(
        r#""RoomId": Newtype("u8"), "Hello": Newtype("Option<roomId>"),"#,
        expect![[r#"
            unknown type `roomId`
             --> schemas/main.ron:4:59
              |
            4 |         "RoomId": Newtype("u8"), "Hello": Newtype("Option<roomId>"),
              |                                                           ^^^^^^ not declared here, nor in an included file
              |
              = help: did you mean `RoomId`?
        "#]],
    );
}

#[test]
fn integer_without_fixed_width_is_refused() {
    assert_field_errors(
        "usize",
        expect![[r#"
            `usize` has a different size on other platforms
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "usize" }),
              |                                    ^^^^^
              |
              = help: use an integer of fixed width, such as `u64`
        "#]],
    );
    assert_field_errors(
        "Vec<isize>",
        expect![[r#"
            `isize` has a different size on other platforms
             --> schemas/main.ron:4:40
              |
            4 |         "Hello": Struct({ "name": "Vec<isize>" }),
              |                                        ^^^^^
              |
              = help: use an integer of fixed width, such as `i64`
        "#]],
    );
}

#[test]
fn reference_or_slice_is_refused() {
    assert_field_errors(
        "&str",
        expect![[r#"
            references are not supported in a schema
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "&str" }),
              |                                    ^
              |
              = help: use an owned type, such as `String`
        "#]],
    );
    assert_field_errors(
        "Vec<&'static u8>",
        expect![[r#"
            references are not supported in a schema
             --> schemas/main.ron:4:40
              |
            4 |         "Hello": Struct({ "name": "Vec<&'static u8>" }),
              |                                        ^
              |
              = help: use an owned type, such as `String`
        "#]],
    );
    assert_field_errors(
        "str",
        expect![[r#"
            `str` is not supported in a schema
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "str" }),
              |                                    ^^^
              |
              = help: use `String`
        "#]],
    );
    assert_field_errors(
        "[u8]",
        expect![[r#"
            slices are not supported in a schema
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "[u8]" }),
              |                                    ^^^^
              |
              = help: use `Vec<T>`, or `[T; N]` with a length
        "#]],
    );
}

#[test]
fn syntax_error_in_a_type_is_reported() {
    assert_field_errors(
        "Vec<u8",
        expect![[r#"
        cannot read the type `Vec<u8`
         --> schemas/main.ron:4:42
          |
        4 |         "Hello": Struct({ "name": "Vec<u8" }),
          |                                          ^ expected `,` or `>`
    "#]],
    );
    assert_field_errors(
        "[u8; many]",
        expect![[r#"
            cannot read the type `[u8; many]`
             --> schemas/main.ron:4:41
              |
            4 |         "Hello": Struct({ "name": "[u8; many]" }),
              |                                         ^ expected the length of the array
        "#]],
    );
    assert_field_errors(
        "Vec u8",
        expect![[r#"
        cannot read the type `Vec u8`
         --> schemas/main.ron:4:40
          |
        4 |         "Hello": Struct({ "name": "Vec u8" }),
          |                                        ^ expected the end of the type
    "#]],
    );
    assert_field_errors(
        "",
        expect![[r#"
        cannot read the type ``
         --> schemas/main.ron:4:36
          |
        4 |         "Hello": Struct({ "name": "" }),
          |                                    ^ expected a type
    "#]],
    );
}

#[test]
fn wrong_number_of_type_arguments_is_reported() {
    assert_field_errors(
        "Vec",
        expect![[r#"
            `Vec` takes 1 type argument, found 0
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "Vec" }),
              |                                    ^^^
              |
              = help: write `Vec<T>`
        "#]],
    );
    assert_field_errors(
        "HashMap<u8>",
        expect![[r#"
            `HashMap` takes 2 type arguments, found 1
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "HashMap<u8>" }),
              |                                    ^^^^^^^^^^^
              |
              = help: write `HashMap<K, V>`
        "#]],
    );
    assert_field_errors(
        "u8<u8>",
        expect![[r#"
            `u8` takes no type arguments
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "u8<u8>" }),
              |                                    ^^^^^^
              |
              = note: only the containers of the standard library are generic in a schema
        "#]],
    );
    assert_types_errors(
        r#""Own": Unit, "Hello": Newtype("Own<u8>"),"#,
        expect![[r#"
            `Own` takes no type arguments
             --> schemas/main.ron:4:40
              |
            4 |         "Own": Unit, "Hello": Newtype("Own<u8>"),
              |                                        ^^^^^^^
              |
              = note: only the containers of the standard library are generic in a schema
        "#]],
    );
}

#[test]
fn unlisted_external_type_is_reported() {
    assert_field_errors(
        "uuid::Uuid",
        expect![[r#"
            unknown external type `uuid::Uuid`
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "uuid::Uuid" }),
              |                                    ^^^^^^^^^^
              |
              = help: list it with a fingerprint of its encoding: `external: { "uuid::Uuid": "1" }`
        "#]],
    );
    assert_errors(
        r#"Channel(
    name: "chat",
    connect: "uuid::Uid",
    external: { "uuid::Uuid": "", "Uuid": "1" },
)
"#,
        expect![[r#"
            unknown external type `uuid::Uid`
             --> schemas/main.ron:3:15
              |
            3 |     connect: "uuid::Uid",
              |               ^^^^^^^^^
              |
              = help: did you mean `uuid::Uuid`?
              = help: list it with a fingerprint of its encoding: `external: { "uuid::Uid": "1" }`

            a fingerprint has 1 to 128 bytes
             --> schemas/main.ron:4:32
              |
            4 |     external: { "uuid::Uuid": "", "Uuid": "1" },
              |                                ^
              |
              = help: change the fingerprint whenever the encoding of the type changes

            `Uuid` is not the full path of a type
             --> schemas/main.ron:4:36
              |
            4 |     external: { "uuid::Uuid": "", "Uuid": "1" },
              |                                    ^^^^
              |
              = help: write the full path, such as `uuid::Uuid`
        "#]],
    );
}

#[test]
fn zero_sized_element_is_refused() {
    assert_field_errors(
        "Vec<()>",
        expect![[r#"
            `()` is encoded in 0 bytes and cannot be the element of a sequence
             --> schemas/main.ron:4:40
              |
            4 |         "Hello": Struct({ "name": "Vec<()>" }),
              |                                        ^^
              |
              = note: a message of a few bytes could claim any number of elements
              = help: send the number of elements as a `u32`
        "#]],
    );
}

#[test]
fn oversized_array_or_tuple_is_refused() {
    assert_field_errors(
        "[u8; 33]",
        expect![[r#"
            an array of 33 elements exceeds the maximum of 32
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "[u8; 33]" }),
              |                                    ^^^^^^^^
              |
              = help: serde supports at most 32 elements: use `Vec<T>`
        "#]],
    );
    assert_field_errors(
        "(u8,)",
        expect![[r#"
            a tuple cannot have 1 element
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "(u8,)" }),
              |                                    ^^^^^
              |
              = help: remove the parentheses
        "#]],
    );
    assert_field_errors(
        "(u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8)",
        expect![[r#"
            a tuple of 13 elements exceeds the maximum of 12
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "(u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8)" }),
              |                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = help: use at most 12 elements, or a struct
        "#]],
    );
}

#[test]
fn key_without_order_or_hash_is_refused() {
    assert_field_errors(
        "HashMap<f64, u8>",
        expect![[r#"
            `f64` cannot be a key
             --> schemas/main.ron:4:44
              |
            4 |         "Hello": Struct({ "name": "HashMap<f64, u8>" }),
              |                                            ^^^
              |
              = note: `f64` implements neither `Ord` nor `Hash`
        "#]],
    );
    assert_field_errors(
        "BTreeSet<HashSet<u8>>",
        expect![[r#"
            `HashSet<u8>` cannot be a key: it contains `HashSet`
             --> schemas/main.ron:4:45
              |
            4 |         "Hello": Struct({ "name": "BTreeSet<HashSet<u8>>" }),
              |                                             ^^^^^^^^^^^
              |
              = note: `HashSet` implements neither `Ord` nor `Hash`: use `BTreeSet`
        "#]],
    );
    assert_types_errors(
        r#""Point": Struct({ "x": "f32" }), "Hello": Newtype("HashMap<Point, u8>"),"#,
        expect![[r#"
            `Point` cannot be a key: it contains `f32`
             --> schemas/main.ron:4:68
              |
            4 |         "Point": Struct({ "x": "f32" }), "Hello": Newtype("HashMap<Point, u8>"),
              |                                                                    ^^^^^
              |
              = note: `f32` implements neither `Ord` nor `Hash`
        "#]],
    );
}

#[test]
fn recursive_type_is_refused() {
    assert_types_errors(
        r#""Tree": Struct({ "root": "Option<Node>" }),
        "Node": Enum({ "Leaf": Unit, "Fork": Tuple(["Box<Tree>", "u8"]) }),"#,
        expect![[r#"
            a type cannot contain itself: Tree.root -> Node::Fork.0 -> Tree
             --> schemas/main.ron:5:54
              |
            5 |         "Node": Enum({ "Leaf": Unit, "Fork": Tuple(["Box<Tree>", "u8"]) }),
              |                                                      ^^^^^^^^^
              |
              = note: the sender could choose the depth of such a value
              = help: store the values in a `Vec<Tree>`, and refer to each by its index, a `u32`
        "#]],
    );
}

#[test]
fn type_beyond_the_maximum_depth_is_refused() {
    let r#type = "Option<".repeat(MAX_DEPTH - 1) + "u8" + &">".repeat(MAX_DEPTH - 1);
    let reported = errors(&with_types(&format!("\"Hello\": Newtype(\"{type}\"),")));
    assert!(reported.starts_with("types nest more than 32 levels deep\n"), "{reported}");
}

#[test]
fn duplicate_name_is_reported_with_both_positions() {
    assert_types_errors(
        r#""Hello": Unit, "Hello": Newtype("u8"),"#,
        expect![[r#"
            duplicate name `Hello`
             --> schemas/main.ron:4:25
              |
            4 |         "Hello": Unit, "Hello": Newtype("u8"),
              |          -----          ^^^^^ again here
              |          |
              |          first here
        "#]],
    );
    assert_types_errors(
        r#""Hello": Struct({ "a": "u8", "a": "u16" }),"#,
        expect![[r#"
            duplicate name `a`
             --> schemas/main.ron:4:39
              |
            4 |         "Hello": Struct({ "a": "u8", "a": "u16" }),
              |                            -          ^ again here
              |                            |
              |                            first here
        "#]],
    );
    assert_types_errors(
        r#""Hello": Enum({ "A": Unit, "A": Unit }),"#,
        expect![[r#"
            duplicate name `A`
             --> schemas/main.ron:4:37
              |
            4 |         "Hello": Enum({ "A": Unit, "A": Unit }),
              |                          -          ^ again here
              |                          |
              |                          first here
        "#]],
    );
    assert_errors(
        r#"Channel(
    name: "chat",
    client: (
        messages: ["Ping", "Ping"],
        requests: { "Ping": "u8" },
    ),
    types: { "Ping": Unit },
    docs: { "Ping": "One.", "Ping": "Two." },
)
"#,
        expect![[r#"
            duplicate name `Ping`
             --> schemas/main.ron:4:29
              |
            4 |         messages: ["Ping", "Ping"],
              |                     ----    ^^^^ again here
              |                     |
              |                     first here

            `Ping` is both a message and a request of the client
             --> schemas/main.ron:5:22
              |
            4 |         messages: ["Ping", "Ping"],
              |                             ---- a message here
            5 |         requests: { "Ping": "u8" },
              |                      ^^^^ a request here
              |
              = help: declare a type for each

            duplicate docs for `Ping`
             --> schemas/main.ron:8:30
              |
            8 |     docs: { "Ping": "One.", "Ping": "Two." },
              |              ---- first here ^^^^ again here
        "#]],
    );
    assert_errors(
        r#"Channel(
    name: "chat",
    types: { "A": Unit },
    derive: { "A": ["Eq"], "A": ["Hash"] },
    external: { "a::A": "1", "a::A": "1" },
)
"#,
        expect![[r#"
            duplicate derives for `A`
             --> schemas/main.ron:4:29
              |
            4 |     derive: { "A": ["Eq"], "A": ["Hash"] },
              |                - first here ^ again here

            duplicate name `a::A`
             --> schemas/main.ron:5:31
              |
            5 |     external: { "a::A": "1", "a::A": "1" },
              |                  ----         ^^^^ again here
              |                  |
              |                  first here
        "#]],
    );
    assert_errors(
        "Channel(name: \"a\", name: \"b\")",
        expect![[r#"
            duplicate field `name`
             --> schemas/main.ron:1:20
              |
            1 | Channel(name: "a", name: "b")
              |                    ^^^^
        "#]],
    );
}

#[test]
fn invalid_name_is_refused() {
    assert_types_errors(
        r#""hello": Unit,"#,
        expect![[r#"
            the name of the type `hello` does not start with an upper-case letter
             --> schemas/main.ron:4:10
              |
            4 |         "hello": Unit,
              |          ^^^^^
              |
              = help: write names of types in `UpperCamelCase`
        "#]],
    );
    assert_types_errors(
        r#""Hel lo": Unit,"#,
        expect![[r#"
            `Hel lo` is not a valid name
             --> schemas/main.ron:4:10
              |
            4 |         "Hel lo": Unit,
              |          ^^^^^^
              |
              = help: a name has at most 128 ASCII letters, digits and `_`, does not start with a digit, and is not `_`, `self`, `Self`, `super` or `crate`
        "#]],
    );
    assert_types_errors(
        r#""Hello": Struct({ "1st": "u8", "crate": "u8" }),"#,
        expect![[r#"
            `1st` is not a valid name
             --> schemas/main.ron:4:28
              |
            4 |         "Hello": Struct({ "1st": "u8", "crate": "u8" }),
              |                            ^^^
              |
              = help: a name has at most 128 ASCII letters, digits and `_`, does not start with a digit, and is not `_`, `self`, `Self`, `super` or `crate`

            `crate` is not a valid name
             --> schemas/main.ron:4:41
              |
            4 |         "Hello": Struct({ "1st": "u8", "crate": "u8" }),
              |                                         ^^^^^
              |
              = help: a name has at most 128 ASCII letters, digits and `_`, does not start with a digit, and is not `_`, `self`, `Self`, `super` or `crate`
        "#]],
    );
    assert_types_errors(
        r#""u8": Unit,"#,
        expect![[r#"
        `u8` is the name of a primitive and cannot be declared
         --> schemas/main.ron:4:10
          |
        4 |         "u8": Unit,
          |          ^^
          |
          = help: choose another name
    "#]],
    );
    assert_types_errors(
        r#""Server": Unit,"#,
        expect![[r#"
            `Server` is the name of a generated item
             --> schemas/main.ron:4:10
              |
            4 |         "Server": Unit,
              |          ^^^^^^
              |
              = help: choose another name
        "#]],
    );
    assert_types_errors(
        r#""Chat": Unit,"#,
        expect![[r#"
            `Chat` is the name of the channel's tag type
             --> schemas/main.ron:4:10
              |
            4 |         "Chat": Unit,
              |          ^^^^
              |
              = help: rename the type, or the channel
        "#]],
    );
    assert_types_errors(
        r#""Self": Unit,"#,
        expect![[r#"
            `Self` is not a valid name
             --> schemas/main.ron:4:10
              |
            4 |         "Self": Unit,
              |          ^^^^
              |
              = help: a name has at most 128 ASCII letters, digits and `_`, does not start with a digit, and is not `_`, `self`, `Self`, `super` or `crate`
        "#]],
    );
    assert_errors(
        "Channel(name: \"Server\")",
        expect![[r#"
            `Server` cannot be the name of a channel
             --> schemas/main.ron:1:16
              |
            1 | Channel(name: "Server")
              |                ^^^^^^
              |
              = note: its tag type would be `Server`, which is a reserved name
              = help: choose another name
        "#]],
    );
    assert_errors(
        "Channel(name: \"my chat\")",
        expect![[r#"
            `my chat` is not a valid name of a channel
             --> schemas/main.ron:1:16
              |
            1 | Channel(name: "my chat")
              |                ^^^^^^^
              |
              = help: a name starts with an ASCII letter, followed by letters, digits, `-` and `_`
        "#]],
    );
}

#[test]
fn wrong_kind_of_type_is_refused() {
    assert_types_errors(
        r#""Hello": Tuple(["u8"]),"#,
        expect![[r#"
            a tuple needs at least 2 fields, found 1
             --> schemas/main.ron:4:10
              |
            4 |         "Hello": Tuple(["u8"]),
              |          ^^^^^
              |
              = help: write `Newtype("..")`
        "#]],
    );
    assert_types_errors(
        r#""Hello": Tuple([]),"#,
        expect![[r#"
            a tuple needs at least 2 fields, found 0
             --> schemas/main.ron:4:10
              |
            4 |         "Hello": Tuple([]),
              |          ^^^^^
              |
              = help: write `Unit`
        "#]],
    );
    assert_types_errors(
        r#""Hello": Enum({}),"#,
        expect![[r#"
            the enum `Hello` has no variants, so it has no values
             --> schemas/main.ron:4:10
              |
            4 |         "Hello": Enum({}),
              |          ^^^^^
              |
              = help: add a variant, or write `Unit`
        "#]],
    );
    assert_types_errors(
        r#""Hello": Strukt({}),"#,
        expect![[r#"
        unknown kind of type `Strukt`
         --> schemas/main.ron:4:18
          |
        4 |         "Hello": Strukt({}),
          |                  ^^^^^^
          |
          = help: did you mean `Struct`?
          = help: the kinds are `Unit`, `Newtype`, `Tuple`, `Struct`, `Enum`
    "#]],
    );
}

#[test]
fn undeclared_message_is_reported() {
    assert_errors(
        r#"Channel(
    name: "chat",
    client: (messages: ["Pin"]),
    server: (messages: ["Pong"]),
    types: { "Ping": Unit },
)
"#,
        expect![[r#"
            unknown type `Pin`
             --> schemas/main.ron:3:26
              |
            3 |     client: (messages: ["Pin"]),
              |                          ^^^ not declared here, nor in an included file
              |
              = help: did you mean `Ping`?

            unknown type `Pong`
             --> schemas/main.ron:4:26
              |
            4 |     server: (messages: ["Pong"]),
              |                          ^^^^ not declared here, nor in an included file
              |
              = help: did you mean `Ping`?
        "#]],
    );
}

#[test]
fn docs_for_an_unknown_path_are_refused() {
    assert_errors(
        r#"Channel(
    name: "chat",
    types: { "Hello": Struct({ "name": "String" }) },
    docs: { "Hello.nam": "A name." },
)
"#,
        expect![[r#"
            docs for the unknown path `Hello.nam`
             --> schemas/main.ron:4:14
              |
            4 |     docs: { "Hello.nam": "A name." },
              |              ^^^^^^^^^
              |
              = help: did you mean `Hello.name`?
              = help: write `Type`, `Type.field`, `Enum.Variant` or `Enum.Variant.field`
        "#]],
    );
}

#[test]
fn impossible_derive_is_refused() {
    assert_errors(
        r#"Channel(
    name: "chat",
    types: {
        "Hello": Struct({ "name": "String", "at": "Point" }),
        "Point": Tuple(["f32", "f32"]),
        "Choice": Enum({ "A": Unit }),
    },
    derive: {
        "Hello": ["Copy", "Hsh"],
        "Point": ["Copy", "Eq"],
        "Choice": ["Default"],
        "Helo": ["Eq"],
    },
)
"#,
        expect![[r#"
            `Hello` cannot derive `Copy`
             --> schemas/main.ron:9:20
              |
            9 |         "Hello": ["Copy", "Hsh"],
              |                    ^^^^
              |
              = note: `String` does not implement `Copy`

            unknown derive `Hsh`
             --> schemas/main.ron:9:28
              |
            9 |         "Hello": ["Copy", "Hsh"],
              |                            ^^^
              |
              = help: did you mean `Hash`?
              = help: write a derive of another crate with its path, as in `bevy_ecs::component::Component`

            `Point` cannot derive `Eq`
              --> schemas/main.ron:10:28
               |
            10 |         "Point": ["Copy", "Eq"],
               |                            ^^
               |
               = note: `f32` does not implement `Eq`

            `Choice` cannot derive `Default`
              --> schemas/main.ron:11:21
               |
            11 |         "Choice": ["Default"],
               |                     ^^^^^^^
               |
               = note: the default variant of an enum is not known

            derives for the unknown type `Helo`
              --> schemas/main.ron:12:10
               |
            12 |         "Helo": ["Eq"],
               |          ^^^^
               |
               = help: did you mean `Hello`?
        "#]],
    );
    assert_errors(
        r#"Channel(
    name: "chat",
    types: { "Outer": Newtype("Inner"), "Inner": Newtype("u8") },
    derive: { "Outer": ["Ord"] },
)
"#,
        expect![[r#"
            `Outer` cannot derive `Ord`
             --> schemas/main.ron:4:26
              |
            4 |     derive: { "Outer": ["Ord"] },
              |                          ^^^
              |
              = note: `Inner` does not derive `Eq`
        "#]],
    );
}

#[test]
fn syntax_error_in_a_file_is_reported() {
    assert_errors(
        "Channel(\n    name: \"chat\"\n    connect: \"u8\",\n)\n",
        expect![[r#"
            expected comma
             --> schemas/main.ron:3:5
              |
            3 |     connect: "u8",
              |     ^
              |
              = note: this is a syntax error of RON; other errors of the file are reported once it is fixed
        "#]],
    );
    assert_errors(
        "Channel(\n    name: chat,\n)\n",
        expect![[r#"
            expected string
             --> schemas/main.ron:2:11
              |
            2 |     name: chat,
              |           ^
              |
              = note: this is a syntax error of RON; other errors of the file are reported once it is fixed
        "#]],
    );
    assert_errors(
        "Channel(\n    name: \"chat\",\n",
        expect![[r#"
            unexpected end of RON
             --> schemas/main.ron:2:19
              |
            2 |     name: "chat",
              |                  ^
              |
              = note: this is a syntax error of RON; other errors of the file are reported once it is fixed
        "#]],
    );
    assert_errors(
        "Channel(\n    name: \"chat\",\n    conect: \"u8\",\n)\n",
        expect![[r#"
        unknown field `conect` in `Channel`
         --> schemas/main.ron:3:5
          |
        3 |     conect: "u8",
          |     ^^^^^^
          |
          = help: did you mean `connect`?
          = help: the fields are `name`, `include`, `connect`, `client`, `server`, `types`, `external`, `docs`, `derive`
    "#]],
    );
    assert_errors(
        "Channel(\n    connect: \"u8\",\n)\n",
        expect![[r#"
            missing field `name` in `Channel`
             --> schemas/main.ron:3:1
              |
            3 | )
              | ^
        "#]],
    );
    assert_errors(
        "Chanel(name: \"chat\")\n",
        expect![[r#"
        expected `Channel(..)`, found `Chanel`
         --> schemas/main.ron:1:1
          |
        1 | Chanel(name: "chat")
          | ^^^^^^
    "#]],
    );
    assert_errors(
        "Channel(name: \"ch\\u{61}t\")\n",
        expect![[r#"
            names, types and paths cannot contain escapes
             --> schemas/main.ron:1:26
              |
            1 | Channel(name: "ch\u{61}t")
              |                          ^
        "#]],
    );
    assert_errors(
        "",
        expect![[r#"
            expected opening `(` for struct `Channel`
             --> schemas/main.ron:1:1
              |
            1 |
              | ^
              |
              = note: this is a syntax error of RON; other errors of the file are reported once it is fixed
        "#]],
    );
}

#[test]
fn all_errors_are_reported_together() {
    assert_errors(
        r#"Channel(
    name: "chat",
    connect: "Helo",
    client: (requests: { "Join": "Result<Joined, &str>" }),
    types: {
        "Hello": Struct({ "age": "usize", "tags": "Vec<()>" }),
        "Join": Unit,
    },
)
"#,
        expect![[r#"
            unknown type `Helo`
             --> schemas/main.ron:3:15
              |
            3 |     connect: "Helo",
              |               ^^^^ not declared here, nor in an included file
              |
              = help: did you mean `Hello`?

            references are not supported in a schema
             --> schemas/main.ron:4:50
              |
            4 |     client: (requests: { "Join": "Result<Joined, &str>" }),
              |                                                  ^
              |
              = help: use an owned type, such as `String`

            `usize` has a different size on other platforms
             --> schemas/main.ron:6:35
              |
            6 |         "Hello": Struct({ "age": "usize", "tags": "Vec<()>" }),
              |                                   ^^^^^
              |
              = help: use an integer of fixed width, such as `u64`

            `()` is encoded in 0 bytes and cannot be the element of a sequence
             --> schemas/main.ron:6:56
              |
            6 |         "Hello": Struct({ "age": "usize", "tags": "Vec<()>" }),
              |                                                        ^^
              |
              = note: a message of a few bytes could claim any number of elements
              = help: send the number of elements as a `u32`
        "#]],
    );
}

#[test]
fn message_without_a_usable_handler_name_is_refused() {
    let main = r#"Channel(
    name: "chat",
    client: (
        messages: ["Connected", "GetRoom", "Type"],
        requests: { "GETRoom": "u8", "Super": "u8", "Get_Room": "u8" },
    ),
    server: (messages: ["Disconnected"]),
    types: {
        "Connected": Unit, "Disconnected": Unit, "GetRoom": Unit, "Type": Unit,
        "GETRoom": Unit, "Super": Unit, "Get_Room": Unit,
    },
)
"#;
    assert_errors(
        main,
        expect![[r#"
            `Connected` cannot be a message or request of a client
             --> schemas/main.ron:4:21
              |
            4 |         messages: ["Connected", "GetRoom", "Type"],
              |                     ^^^^^^^^^
              |
              = note: its handler would be the method `connected` of the trait `Service`, which handles the events of sessions
              = help: choose another name, such as `ClientConnected`

            `GetRoom` and `GETRoom` have the same handler
             --> schemas/main.ron:5:22
              |
            4 |         messages: ["Connected", "GetRoom", "Type"],
              |                                  -------
            5 |         requests: { "GETRoom": "u8", "Super": "u8", "Get_Room": "u8" },
              |                      ^^^^^^^
              |
              = note: its handler would be the method `get_room` of the trait `Service`
              = help: choose another name for one of them

            `Super` cannot be a message or request of a client
             --> schemas/main.ron:5:39
              |
            5 |         requests: { "GETRoom": "u8", "Super": "u8", "Get_Room": "u8" },
              |                                       ^^^^^
              |
              = note: its handler would be the method `super` of the trait `Service`, which is a Rust keyword
              = help: choose another name, such as `ClientSuper`

            `GetRoom` and `Get_Room` have the same handler
             --> schemas/main.ron:5:54
              |
            4 |         messages: ["Connected", "GetRoom", "Type"],
              |                                  -------
            5 |         requests: { "GETRoom": "u8", "Super": "u8", "Get_Room": "u8" },
              |                                                      ^^^^^^^^
              |
              = note: its handler would be the method `get_room` of the trait `Service`
              = help: choose another name for one of them
        "#]],
    );
}
