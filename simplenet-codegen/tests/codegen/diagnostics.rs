//! What users are told, rule by rule.

use expect_test::{Expect, expect};
use simplenet_schema::MAX_DEPTH;

use crate::files::{errors, with_types};

/// What is told of a channel with these types.
fn types(types: &str, expected: Expect) {
    expected.assert_eq(&errors(&with_types(types)));
}

/// What is told of a field of this type.
fn field(r#type: &str, expected: Expect) {
    types(&format!("\"Hello\": Struct({{ \"name\": \"{type}\" }}),"), expected);
}

fn main(text: &str, expected: Expect) {
    expected.assert_eq(&errors(text));
}

#[test]
fn an_unknown_type() {
    field(
        "Vec<Strng>",
        expect![[r#"
        unknown type `Strng`
         --> schemas/main.ron:4:40
          |
        4 |         "Hello": Struct({ "name": "Vec<Strng>" }),
          |                                        ^^^^^ not declared here, and not included
          |
          = help: did you mean `String`?
    "#]],
    );
    field(
        "Sesame",
        expect![[r#"
        unknown type `Sesame`
         --> schemas/main.ron:4:36
          |
        4 |         "Hello": Struct({ "name": "Sesame" }),
          |                                    ^^^^^^ not declared here, and not included
    "#]],
    );
    types(
        r#""RoomId": Newtype("u8"), "Hello": Newtype("Option<roomId>"),"#,
        expect![[r#"
        unknown type `roomId`
         --> schemas/main.ron:4:59
          |
        4 |         "RoomId": Newtype("u8"), "Hello": Newtype("Option<roomId>"),
          |                                                           ^^^^^^ not declared here, and not included
          |
          = help: did you mean `RoomId`?
    "#]],
    );
}

#[test]
fn integers_without_a_fixed_width() {
    field(
        "usize",
        expect![[r#"
        `usize` is not the same size everywhere
         --> schemas/main.ron:4:36
          |
        4 |         "Hello": Struct({ "name": "usize" }),
          |                                    ^^^^^
          |
          = help: use an integer of fixed width, as `u64`
    "#]],
    );
    field(
        "Vec<isize>",
        expect![[r#"
        `isize` is not the same size everywhere
         --> schemas/main.ron:4:40
          |
        4 |         "Hello": Struct({ "name": "Vec<isize>" }),
          |                                        ^^^^^
          |
          = help: use an integer of fixed width, as `i64`
    "#]],
    );
}

#[test]
fn references_and_slices() {
    field(
        "&str",
        expect![[r#"
        a schema has no references
         --> schemas/main.ron:4:36
          |
        4 |         "Hello": Struct({ "name": "&str" }),
          |                                    ^
          |
          = help: name the type itself, as in `String`
    "#]],
    );
    field(
        "Vec<&'static u8>",
        expect![[r#"
        a schema has no references
         --> schemas/main.ron:4:40
          |
        4 |         "Hello": Struct({ "name": "Vec<&'static u8>" }),
          |                                        ^
          |
          = help: name the type itself, as in `String`
    "#]],
    );
    field(
        "str",
        expect![[r#"
        a schema has no `str`
         --> schemas/main.ron:4:36
          |
        4 |         "Hello": Struct({ "name": "str" }),
          |                                    ^^^
          |
          = help: use `String`
    "#]],
    );
    field(
        "[u8]",
        expect![[r#"
        a schema has no slices
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
fn types_that_cannot_be_read() {
    field(
        "Vec<u8",
        expect![[r#"
        cannot read the type `Vec<u8`
         --> schemas/main.ron:4:42
          |
        4 |         "Hello": Struct({ "name": "Vec<u8" }),
          |                                          ^ expected `,` or `>`
    "#]],
    );
    field(
        "[u8; many]",
        expect![[r#"
        cannot read the type `[u8; many]`
         --> schemas/main.ron:4:41
          |
        4 |         "Hello": Struct({ "name": "[u8; many]" }),
          |                                         ^ expected the array's length
    "#]],
    );
    field(
        "Vec u8",
        expect![[r#"
        cannot read the type `Vec u8`
         --> schemas/main.ron:4:40
          |
        4 |         "Hello": Struct({ "name": "Vec u8" }),
          |                                        ^ expected the end of the type
    "#]],
    );
    field(
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
fn generics() {
    field(
        "Vec",
        expect![[r#"
        `Vec` takes 1 type, not none
         --> schemas/main.ron:4:36
          |
        4 |         "Hello": Struct({ "name": "Vec" }),
          |                                    ^^^
          |
          = help: write `Vec<T>`
    "#]],
    );
    field(
        "HashMap<u8>",
        expect![[r#"
        `HashMap` takes 2 types, not 1
         --> schemas/main.ron:4:36
          |
        4 |         "Hello": Struct({ "name": "HashMap<u8>" }),
          |                                    ^^^^^^^^^^^
          |
          = help: write `HashMap<K, V>`
    "#]],
    );
    field(
        "u8<u8>",
        expect![[r#"
        `u8` takes no types of its own
         --> schemas/main.ron:4:36
          |
        4 |         "Hello": Struct({ "name": "u8<u8>" }),
          |                                    ^^^^^^
          |
          = note: only the containers of the standard library are generic in a schema
    "#]],
    );
    types(
        r#""Own": Unit, "Hello": Newtype("Own<u8>"),"#,
        expect![[r#"
        `Own` takes no types of its own
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
fn external_types() {
    field(
        "uuid::Uuid",
        expect![[r#"
        unknown external type `uuid::Uuid`
         --> schemas/main.ron:4:36
          |
        4 |         "Hello": Struct({ "name": "uuid::Uuid" }),
          |                                    ^^^^^^^^^^
          |
          = help: list it with a fingerprint of its form on the wire: `external: { "uuid::Uuid": "1" }`
    "#]],
    );
    main(
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
              = help: list it with a fingerprint of its form on the wire: `external: { "uuid::Uid": "1" }`

            this cannot be a fingerprint
             --> schemas/main.ron:4:32
              |
            4 |     external: { "uuid::Uuid": "", "Uuid": "1" },
              |                                ^
              |
              = help: a short text, to be changed whenever the type's form changes

            `Uuid` is not the full path of a type
             --> schemas/main.ron:4:36
              |
            4 |     external: { "uuid::Uuid": "", "Uuid": "1" },
              |                                    ^^^^
              |
              = help: write the path from its crate on, as in `uuid::Uuid`
        "#]],
    );
}

#[test]
fn zero_sized_elements() {
    field(
        "Vec<()>",
        expect![[r#"
        `()` takes no bytes, so it cannot be the element of a sequence
         --> schemas/main.ron:4:40
          |
        4 |         "Hello": Struct({ "name": "Vec<()>" }),
          |                                        ^^
          |
          = note: a few bytes could claim any number of them
          = help: send how many there are, as a `u32`
    "#]],
    );
}

#[test]
fn long_arrays_and_tuples() {
    field(
        "[u8; 33]",
        expect![[r#"
            an array of 33 elements is too long
             --> schemas/main.ron:4:36
              |
            4 |         "Hello": Struct({ "name": "[u8; 33]" }),
              |                                    ^^^^^^^^
              |
              = help: at most 32, which is what serde can read; use `Vec<T>`
        "#]],
    );
    field(
        "(u8,)",
        expect![[r#"
        a tuple of one element is the element itself
         --> schemas/main.ron:4:36
          |
        4 |         "Hello": Struct({ "name": "(u8,)" }),
          |                                    ^^^^^
          |
          = help: leave out the parentheses
    "#]],
    );
    field(
        "(u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8)",
        expect![[r#"
        a tuple of 13 elements is too long
         --> schemas/main.ron:4:36
          |
        4 |         "Hello": Struct({ "name": "(u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8)" }),
          |                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: at most 12 elements; a struct has names for them
    "#]],
    );
}

#[test]
fn keys() {
    field(
        "HashMap<f64, u8>",
        expect![[r#"
        `f64` cannot be a key
         --> schemas/main.ron:4:44
          |
        4 |         "Hello": Struct({ "name": "HashMap<f64, u8>" }),
          |                                            ^^^
          |
          = note: `f64` has no total order and no hash
    "#]],
    );
    field(
        "BTreeSet<HashSet<u8>>",
        expect![[r#"
        `HashSet<u8>` cannot be a key: it contains `HashSet`
         --> schemas/main.ron:4:45
          |
        4 |         "Hello": Struct({ "name": "BTreeSet<HashSet<u8>>" }),
          |                                             ^^^^^^^^^^^
          |
          = note: `HashSet` has no order and no hash; `BTreeSet` has
    "#]],
    );
    types(
        r#""Point": Struct({ "x": "f32" }), "Hello": Newtype("HashMap<Point, u8>"),"#,
        expect![[r#"
            `Point` cannot be a key: it contains `f32`
             --> schemas/main.ron:4:68
              |
            4 |         "Point": Struct({ "x": "f32" }), "Hello": Newtype("HashMap<Point, u8>"),
              |                                                                    ^^^^^
              |
              = note: `f32` has no total order and no hash
        "#]],
    );
}

#[test]
fn recursion() {
    types(
        r#""Tree": Struct({ "root": "Option<Node>" }),
        "Node": Enum({ "Leaf": Unit, "Fork": Tuple(["Box<Tree>", "u8"]) }),"#,
        expect![[r#"
            a type cannot contain itself: Tree.root -> Node::Fork.0 -> Tree
             --> schemas/main.ron:5:54
              |
            5 |         "Node": Enum({ "Leaf": Unit, "Fork": Tuple(["Box<Tree>", "u8"]) }),
              |                                                      ^^^^^^^^^
              |
              = note: how deep such a value goes would be its sender's to choose
              = help: keep the values flat, in a `Vec<Tree>`, and let them name each other by position, as a `u32`
        "#]],
    );
}

#[test]
fn depth() {
    let r#type = "Option<".repeat(MAX_DEPTH - 1) + "u8" + &">".repeat(MAX_DEPTH - 1);
    let told = errors(&with_types(&format!("\"Hello\": Newtype(\"{type}\"),")));
    assert!(told.starts_with("types nest too deep here\n"), "{told}");
}

#[test]
fn duplicates() {
    types(
        r#""Hello": Unit, "Hello": Newtype("u8"),"#,
        expect![[r#"
        `Hello` is there twice
         --> schemas/main.ron:4:25
          |
        4 |         "Hello": Unit, "Hello": Newtype("u8"),
          |          -----          ^^^^^ again here
          |          |
          |          first here
    "#]],
    );
    types(
        r#""Hello": Struct({ "a": "u8", "a": "u16" }),"#,
        expect![[r#"
        `a` is there twice
         --> schemas/main.ron:4:39
          |
        4 |         "Hello": Struct({ "a": "u8", "a": "u16" }),
          |                            -          ^ again here
          |                            |
          |                            first here
    "#]],
    );
    types(
        r#""Hello": Enum({ "A": Unit, "A": Unit }),"#,
        expect![[r#"
        `A` is there twice
         --> schemas/main.ron:4:37
          |
        4 |         "Hello": Enum({ "A": Unit, "A": Unit }),
          |                          -          ^ again here
          |                          |
          |                          first here
    "#]],
    );
    main(
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
            `Ping` is there twice
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

            `Ping` is documented twice
             --> schemas/main.ron:8:30
              |
            8 |     docs: { "Ping": "One.", "Ping": "Two." },
              |              ---- first here ^^^^ again here
        "#]],
    );
    main(
        r#"Channel(
    name: "chat",
    types: { "A": Unit },
    derive: { "A": ["Eq"], "A": ["Hash"] },
    external: { "a::A": "1", "a::A": "1" },
)
"#,
        expect![[r#"
            `A` is there twice
             --> schemas/main.ron:4:29
              |
            4 |     derive: { "A": ["Eq"], "A": ["Hash"] },
              |                - first here ^ again here

            `a::A` is there twice
             --> schemas/main.ron:5:31
              |
            5 |     external: { "a::A": "1", "a::A": "1" },
              |                  ----         ^^^^ again here
              |                  |
              |                  first here
        "#]],
    );
    main(
        "Channel(name: \"a\", name: \"b\")",
        expect![[r#"
        the field `name` is there twice
         --> schemas/main.ron:1:20
          |
        1 | Channel(name: "a", name: "b")
          |                    ^^^^
    "#]],
    );
}

#[test]
fn names() {
    types(
        r#""hello": Unit,"#,
        expect![[r#"
        the type `hello` does not start with an upper-case letter
         --> schemas/main.ron:4:10
          |
        4 |         "hello": Unit,
          |          ^^^^^
          |
          = help: names of types are written `LikeThis`
    "#]],
    );
    types(
        r#""Hel lo": Unit,"#,
        expect![[r#"
            `Hel lo` is not a name that Rust can use
             --> schemas/main.ron:4:10
              |
            4 |         "Hel lo": Unit,
              |          ^^^^^^
              |
              = help: names are short, made of ASCII letters, digits and `_`, do not start with a digit, and are not `self`, `Self`, `super` or `crate`
        "#]],
    );
    types(
        r#""Hello": Struct({ "1st": "u8", "crate": "u8" }),"#,
        expect![[r#"
            `1st` is not a name that Rust can use
             --> schemas/main.ron:4:28
              |
            4 |         "Hello": Struct({ "1st": "u8", "crate": "u8" }),
              |                            ^^^
              |
              = help: names are short, made of ASCII letters, digits and `_`, do not start with a digit, and are not `self`, `Self`, `super` or `crate`

            `crate` is not a name that Rust can use
             --> schemas/main.ron:4:41
              |
            4 |         "Hello": Struct({ "1st": "u8", "crate": "u8" }),
              |                                         ^^^^^
              |
              = help: names are short, made of ASCII letters, digits and `_`, do not start with a digit, and are not `self`, `Self`, `super` or `crate`
        "#]],
    );
    types(
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
    types(
        r#""Server": Unit,"#,
        expect![[r#"
        `Server` is the name of something that is generated
         --> schemas/main.ron:4:10
          |
        4 |         "Server": Unit,
          |          ^^^^^^
          |
          = help: choose another name
    "#]],
    );
    types(
        r#""Chat": Unit,"#,
        expect![[r#"
        `Chat` is the name of the channel's own tag type
         --> schemas/main.ron:4:10
          |
        4 |         "Chat": Unit,
          |          ^^^^
          |
          = help: rename the type, or the channel
    "#]],
    );
    types(
        r#""Self": Unit,"#,
        expect![[r#"
            `Self` is not a name that Rust can use
             --> schemas/main.ron:4:10
              |
            4 |         "Self": Unit,
              |          ^^^^
              |
              = help: names are short, made of ASCII letters, digits and `_`, do not start with a digit, and are not `self`, `Self`, `super` or `crate`
        "#]],
    );
    main(
        "Channel(name: \"Server\")",
        expect![[r#"
        a channel cannot be called `Server`
         --> schemas/main.ron:1:16
          |
        1 | Channel(name: "Server")
          |                ^^^^^^
          |
          = note: its tag would be `Server`, and that name is taken
    "#]],
    );
    main(
        "Channel(name: \"my chat\")",
        expect![[r#"
        `my chat` cannot name a channel
         --> schemas/main.ron:1:16
          |
        1 | Channel(name: "my chat")
          |                ^^^^^^^
          |
          = help: a name starts with a letter and goes on with letters, digits, `-` and `_`
    "#]],
    );
}

#[test]
fn shapes() {
    types(
        r#""Hello": Tuple(["u8"]),"#,
        expect![[r#"
        a tuple of one field is a newtype
         --> schemas/main.ron:4:10
          |
        4 |         "Hello": Tuple(["u8"]),
          |          ^^^^^
          |
          = help: write `Newtype("..")`
    "#]],
    );
    types(
        r#""Hello": Tuple([]),"#,
        expect![[r#"
        a tuple without fields is a unit
         --> schemas/main.ron:4:10
          |
        4 |         "Hello": Tuple([]),
          |          ^^^^^
          |
          = help: write `Unit`
    "#]],
    );
    types(
        r#""Hello": Enum({}),"#,
        expect![[r#"
        the enum `Hello` has no variants, so no value of it can exist
         --> schemas/main.ron:4:10
          |
        4 |         "Hello": Enum({}),
          |          ^^^^^
          |
          = help: give it a variant, or make it a unit
    "#]],
    );
    types(
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
fn unknown_messages() {
    main(
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
              |                          ^^^ not declared here, and not included
              |
              = help: did you mean `Ping`?

            unknown type `Pong`
             --> schemas/main.ron:4:26
              |
            4 |     server: (messages: ["Pong"]),
              |                          ^^^^ not declared here, and not included
              |
              = help: did you mean `Ping`?
        "#]],
    );
}

#[test]
fn docs() {
    main(
        r#"Channel(
    name: "chat",
    types: { "Hello": Struct({ "name": "String" }) },
    docs: { "Hello.nam": "A name." },
)
"#,
        expect![[r#"
            docs for unknown `Hello.nam`
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
fn derives() {
    main(
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
              = note: `String` is not `Copy`

            unknown derive `Hsh`
             --> schemas/main.ron:9:28
              |
            9 |         "Hello": ["Copy", "Hsh"],
              |                            ^^^
              |
              = help: did you mean `Hash`?
              = help: a derive of another crate is written with its path, as in `bevy_ecs::component::Component`

            `Point` cannot derive `Eq`
              --> schemas/main.ron:10:28
               |
            10 |         "Point": ["Copy", "Eq"],
               |                            ^^
               |
               = note: `f32` is not `Eq`

            `Choice` cannot derive `Default`
              --> schemas/main.ron:11:21
               |
            11 |         "Choice": ["Default"],
               |                     ^^^^^^^
               |
               = note: an enum has no variant that would be its default

            derives for unknown type `Helo`
              --> schemas/main.ron:12:10
               |
            12 |         "Helo": ["Eq"],
               |          ^^^^
               |
               = help: did you mean `Hello`?
        "#]],
    );
    main(
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
              = note: `Inner` does not derive `Eq` either
        "#]],
    );
}

#[test]
fn syntax() {
    main(
        "Channel(\n    name: \"chat\"\n    connect: \"u8\",\n)\n",
        expect![[r#"
        expected comma
         --> schemas/main.ron:3:5
          |
        3 |     connect: "u8",
          |     ^
          |
          = note: this is not readable as RON; errors of meaning are told once it is
    "#]],
    );
    main(
        "Channel(\n    name: chat,\n)\n",
        expect![[r#"
        expected string
         --> schemas/main.ron:2:11
          |
        2 |     name: chat,
          |           ^
          |
          = note: this is not readable as RON; errors of meaning are told once it is
    "#]],
    );
    main(
        "Channel(\n    name: \"chat\",\n",
        expect![[r#"
        unexpected end of RON
         --> schemas/main.ron:2:19
          |
        2 |     name: "chat",
          |                  ^
          |
          = note: this is not readable as RON; errors of meaning are told once it is
    "#]],
    );
    main(
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
    main(
        "Channel(\n    connect: \"u8\",\n)\n",
        expect![[r#"
        `Channel` has no field `name`
         --> schemas/main.ron:3:1
          |
        3 | )
          | ^
    "#]],
    );
    main(
        "Chanel(name: \"chat\")\n",
        expect![[r#"
        expected `Channel(..)`, found `Chanel`
         --> schemas/main.ron:1:1
          |
        1 | Chanel(name: "chat")
          | ^^^^^^
    "#]],
    );
    main(
        "Channel(name: \"ch\\u{61}t\")\n",
        expect![[r#"
            names, types and paths are written without escapes
             --> schemas/main.ron:1:26
              |
            1 | Channel(name: "ch\u{61}t")
              |                          ^
        "#]],
    );
    main(
        "",
        expect![[r#"
        expected opening `(` for struct `Channel`
         --> schemas/main.ron:1:1
          |
        1 |
          | ^
          |
          = note: this is not readable as RON; errors of meaning are told once it is
    "#]],
    );
}

#[test]
fn all_errors_are_told_at_once() {
    main(
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
              |               ^^^^ not declared here, and not included
              |
              = help: did you mean `Hello`?

            a schema has no references
             --> schemas/main.ron:4:50
              |
            4 |     client: (requests: { "Join": "Result<Joined, &str>" }),
              |                                                  ^
              |
              = help: name the type itself, as in `String`

            `usize` is not the same size everywhere
             --> schemas/main.ron:6:35
              |
            6 |         "Hello": Struct({ "age": "usize", "tags": "Vec<()>" }),
              |                                   ^^^^^
              |
              = help: use an integer of fixed width, as `u64`

            `()` takes no bytes, so it cannot be the element of a sequence
             --> schemas/main.ron:6:56
              |
            6 |         "Hello": Struct({ "age": "usize", "tags": "Vec<()>" }),
              |                                                        ^^
              |
              = note: a few bytes could claim any number of them
              = help: send how many there are, as a `u32`
        "#]],
    );
}

#[test]
fn handlers_of_a_service() {
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
    self::main(
        main,
        expect![[r#"
            `Connected` cannot be sent by a client
             --> schemas/main.ron:4:21
              |
            4 |         messages: ["Connected", "GetRoom", "Type"],
              |                     ^^^^^^^^^
              |
              = note: it would be handled by a method `connected` of the trait `Service`, which tells of sessions
              = help: choose another name, as `ClientConnected`

            `GETRoom` is too much like `GetRoom`
             --> schemas/main.ron:5:22
              |
            4 |         messages: ["Connected", "GetRoom", "Type"],
              |                                  -------
            5 |         requests: { "GETRoom": "u8", "Super": "u8", "Get_Room": "u8" },
              |                      ^^^^^^^
              |
              = note: it would be handled by a method `get_room` of the trait `Service`
              = help: choose another name for one of them

            `Super` cannot be sent by a client
             --> schemas/main.ron:5:39
              |
            5 |         requests: { "GETRoom": "u8", "Super": "u8", "Get_Room": "u8" },
              |                                       ^^^^^
              |
              = note: it would be handled by a method `super` of the trait `Service`, which is a keyword of Rust
              = help: choose another name, as `ClientSuper`

            `Get_Room` is too much like `GetRoom`
             --> schemas/main.ron:5:54
              |
            4 |         messages: ["Connected", "GetRoom", "Type"],
              |                                  -------
            5 |         requests: { "GETRoom": "u8", "Super": "u8", "Get_Room": "u8" },
              |                                                      ^^^^^^^^
              |
              = note: it would be handled by a method `get_room` of the trait `Service`
              = help: choose another name for one of them
        "#]],
    );
}
