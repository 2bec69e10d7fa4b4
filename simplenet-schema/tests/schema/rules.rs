use simplenet_schema::{
    Declaration, External, Fields, Item, MAX_DEPTH, MAX_NAME_LENGTH, RawSchema, Schema,
    SchemaError, Shape, Step, Type, Violation,
};

use crate::build::{
    boxed, declare, empty, enumeration, f32, fields, named, names, newtype, option, request,
    schema, sending, string, structure, u8, u32, unit, vec,
};

fn violations(raw: RawSchema) -> Vec<Violation> {
    errors(raw).into_iter().map(|error| error.violation).collect()
}

fn errors(raw: RawSchema) -> Vec<SchemaError> {
    Schema::new(raw).expect_err("the schema violates a rule")
}

/// Returns the violations of a schema whose client message has a field of this type.
fn violations_of_type(r#type: Type) -> Vec<Violation> {
    violations(sending(vec![newtype("A", r#type), unit("Unit")]))
}

fn map(key: Type, value: Type) -> Type {
    Type::HashMap(Box::new(key), Box::new(value))
}

#[test]
fn invalid_identifier_is_refused() {
    let long = "a".repeat(MAX_NAME_LENGTH + 1);
    for name in ["", "1st", "a b", "ä", "a-b", "_", "self", "Self", "crate", "super", &long] {
        let violation = Violation::Name(name.to_owned());
        assert_eq!(
            violations(sending(vec![structure("A", &[(name, u8())])])),
            [violation],
            "{name}"
        );
    }
    for name in ["type", "_a", "a1", &"a".repeat(MAX_NAME_LENGTH)] {
        schema(sending(vec![structure("A", &[(name, u8())])]));
    }
}

#[test]
fn invalid_channel_name_is_refused() {
    for name in ["", "1", "-a", "a b", "a/b"] {
        let raw = RawSchema { name: name.to_owned(), ..empty() };
        assert_eq!(violations(raw), [Violation::ChannelName(name.to_owned())]);
    }
    schema(RawSchema { name: "match-making_2".to_owned(), ..empty() });
}

#[test]
fn duplicate_names_of_siblings_are_refused() {
    let violations = violations(sending(vec![
        structure("A", &[("a", u8()), ("a", u8())]),
        enumeration("B", &[("V", Fields::Unit), ("V", Fields::Unit)]),
        unit("A"),
    ]));
    let duplicates: Vec<String> = violations
        .into_iter()
        .map(|violation| match violation {
            Violation::Duplicate { name, .. } => name,
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(duplicates, ["A", "a", "V"]);
}

#[test]
fn duplicate_name_has_both_locations() {
    let raw = RawSchema {
        client_messages: names(&["A", "B", "A"]),
        ..sending(vec![unit("A"), unit("B")])
    };
    let [error] = errors(raw).try_into().unwrap();
    assert_eq!(error.location.item, Item::ClientMessage(2));
    let Violation::Duplicate { first, .. } = error.violation else { panic!() };
    assert_eq!(first.item, Item::ClientMessage(0));
}

#[test]
fn undeclared_message_is_refused() {
    let raw = RawSchema {
        client_messages: names(&["A"]),
        client_requests: vec![request("B", u8())],
        server_messages: names(&["C"]),
        ..empty()
    };
    let unknown = |name: &str| Violation::Unknown(name.to_owned());
    assert_eq!(violations(raw), [unknown("A"), unknown("B"), unknown("C")]);
}

#[test]
fn message_that_is_also_a_request_is_refused() {
    let raw = RawSchema { client_requests: vec![request("A", u8())], ..sending(vec![unit("A")]) };
    assert!(matches!(&violations(raw)[..], [Violation::MessageAndRequest { .. }]));
    // Each direction has an enum of its own.
    schema(RawSchema { server_messages: names(&["A"]), ..sending(vec![unit("A")]) });
}

#[test]
fn undeclared_type_is_refused() {
    let [error] = errors(sending(vec![newtype("A", vec(named("B")))])).try_into().unwrap();
    assert_eq!(error.violation, Violation::Unknown("B".to_owned()));
    assert_eq!(error.location.steps, [Step::Field(0), Step::Type, Step::Argument(0)]);
    let external = Type::External("uuid::Uuid".to_owned());
    assert_eq!(violations_of_type(external), [Violation::Unknown("uuid::Uuid".to_owned())]);
}

#[test]
fn external_type_without_path_or_fingerprint_is_refused() {
    let listed = |path: &str, fingerprint: &str| RawSchema {
        externals: vec![External { path: path.into(), fingerprint: fingerprint.into() }],
        ..empty()
    };
    for path in ["Uuid", "", "uuid::", "::uuid::Uuid", "self::Uuid", "super::Uuid", "a::b<c>"] {
        assert_eq!(violations(listed(path, "1")), [Violation::ExternalPath(path.to_owned())]);
    }
    assert_eq!(violations(listed("uuid::Uuid", "")), [Violation::Fingerprint]);
    schema(listed("uuid::Uuid", "1"));
    schema(listed("crate::ids::Id", "1"));
}

#[test]
fn declared_primitive_is_refused() {
    for name in ["u8", "String", "Bytes"] {
        let violation = Violation::PrimitiveName(name.to_owned());
        assert_eq!(violations(RawSchema { types: vec![unit(name)], ..empty() }), [violation]);
    }
}

#[test]
fn short_tuple_and_empty_enum_are_refused() {
    let tuple = |types: Vec<Type>| declare("A", Shape::Struct(Fields::Tuple(types)));
    assert_eq!(violations(sending(vec![tuple(vec![])])), [Violation::TupleFields(0)]);
    assert_eq!(violations(sending(vec![tuple(vec![u8()])])), [Violation::TupleFields(1)]);
    let no_variants = enumeration("A", &[]);
    assert_eq!(violations(sending(vec![no_variants])), [Violation::NoVariants("A".to_owned())]);
}

#[test]
fn oversized_tuple_and_array_are_refused() {
    let tuple = |length| Type::Tuple(vec![u8(); length]);
    assert_eq!(violations_of_type(tuple(1)), [Violation::TupleLength(1)]);
    assert_eq!(violations_of_type(tuple(13)), [Violation::TupleLength(13)]);
    let array = |length| Type::Array(Box::new(u8()), length);
    assert_eq!(violations_of_type(array(33)), [Violation::ArrayLength(33)]);
    schema(sending(vec![newtype("A", Type::Tuple(vec![tuple(0), tuple(12), array(32)]))]));
}

#[test]
fn zero_sized_element_is_refused() {
    let zero_sized = |element: &str| Violation::ZeroSized { element: element.to_owned() };
    assert_eq!(violations_of_type(vec(Type::unit())), [zero_sized("()")]);
    assert_eq!(violations_of_type(vec(named("Unit"))), [zero_sized("Unit")]);
    assert_eq!(violations_of_type(vec(boxed(named("Unit")))), [zero_sized("Box<Unit>")]);
    let array = |length| Type::Array(Box::new(u8()), length);
    assert_eq!(violations_of_type(vec(array(0))), [zero_sized("[u8; 0]")]);
    let set = Type::BTreeSet(Box::new(named("Unit")));
    assert_eq!(violations_of_type(set), [zero_sized("Unit")]);
    assert_eq!(violations_of_type(map(named("Unit"), Type::unit())), [zero_sized("Unit")]);
    let tuple = Type::Tuple(vec![named("Unit"), Type::unit()]);
    assert_eq!(violations_of_type(vec(tuple)), [zero_sized("(Unit, ())")]);
}

#[test]
fn possibly_empty_element_is_accepted() {
    let types = [
        vec(option(Type::unit())),
        vec(vec(u8())),
        vec(string()),
        map(u8(), Type::unit()),
        map(Type::unit(), u8()),
    ];
    for r#type in types {
        schema(sending(vec![newtype("A", r#type)]));
    }
    let one = enumeration("One", &[("Only", Fields::Unit)]);
    schema(sending(vec![newtype("A", vec(named("One"))), one]));
}

#[test]
fn nested_zero_sized_element_is_refused() {
    let raw = sending(vec![
        newtype("A", vec(named("Outer"))),
        structure("Outer", &[("inner", named("Inner"))]),
        structure("Inner", &[]),
    ]);
    assert!(matches!(&violations(raw)[..], [Violation::ZeroSized { .. }]));
}

#[test]
fn key_without_order_or_hash_is_refused() {
    let because = |key: Type| match &violations_of_type(map(key, u8()))[..] {
        [Violation::NotAKey { because, .. }] => because.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(because(f32()), "f32");
    assert_eq!(because(option(f32())), "f32");
    assert_eq!(because(map(u8(), u8())), "HashMap");
    assert_eq!(because(Type::HashSet(Box::new(u8()))), "HashSet");
    let set = Type::BTreeSet(Box::new(f32()));
    assert!(matches!(&violations_of_type(set)[..], [Violation::NotAKey { .. }]));
    let sets = Type::BTreeSet(Box::new(Type::BTreeSet(Box::new(u8()))));
    schema(sending(vec![newtype("A", sets)]));
}

#[test]
fn key_that_contains_a_float_is_refused() {
    let raw = sending(vec![
        newtype("A", map(named("Key"), u8())),
        enumeration("Key", &[("At", fields(&[("x", f32())]))]),
    ]);
    assert!(matches!(
        &violations(raw)[..],
        [Violation::NotAKey { key, because }] if key == "Key" && because == "f32"
    ));
}

#[test]
fn recursive_type_is_refused() {
    let cycles = |types: Vec<Declaration>| -> Vec<Vec<String>> {
        let violations = violations(sending(types));
        let cycle = |violation| match violation {
            Violation::Recursive { cycle } => cycle,
            other => panic!("{other}"),
        };
        violations.into_iter().map(cycle).collect()
    };
    assert_eq!(cycles(vec![newtype("A", vec(named("A")))]), [["A.0", "A"]]);
    assert_eq!(
        cycles(vec![
            structure("Tree", &[("root", option(named("Node")))]),
            enumeration(
                "Node",
                &[("Leaf", Fields::Unit), ("Fork", Fields::Newtype(boxed(named("Tree"))))]
            ),
        ]),
        [["Tree.root", "Node::Fork.0", "Tree"]]
    );
    let both =
        vec![newtype("A", named("B")), newtype("B", Type::Tuple(vec![named("A"), named("B")]))];
    assert_eq!(cycles(both).len(), 2);
}

#[test]
fn type_used_on_two_paths_is_accepted() {
    schema(sending(vec![
        structure("A", &[("left", named("B")), ("right", named("C"))]),
        newtype("B", named("D")),
        newtype("C", named("D")),
        newtype("D", u8()),
    ]));
}

#[test]
fn type_beyond_the_maximum_depth_is_refused() {
    let nested = |depth: usize| (1..depth).fold(u8(), |inner, _| option(inner));
    // The declared type that contains the nested type is a level as well.
    schema(sending(vec![newtype("A", nested(MAX_DEPTH - 1))]));
    assert_eq!(violations_of_type(nested(MAX_DEPTH)), [Violation::TooDeep]);
    assert_eq!(violations_of_type(nested(MAX_DEPTH + 10)), [Violation::TooDeep]);
}

#[test]
fn declared_type_counts_as_a_level_of_depth() {
    let chain = |length: usize| {
        let mut types: Vec<_> = (1..length)
            .map(|at| newtype(&format!("T{at}"), named(&format!("T{}", at + 1))))
            .collect();
        types.push(newtype(&format!("T{length}"), u8()));
        sending(types)
    };
    schema(chain(MAX_DEPTH - 1));
    assert_eq!(violations(chain(MAX_DEPTH)), [Violation::TooDeep]);
    assert_eq!(violations(chain(5_000)).len(), 1);
}

#[test]
fn oversized_schema_is_refused() {
    let field = |at: usize| (format!("field_{at}"), u32());
    let all: Vec<(String, Type)> = (0..20_000).map(field).collect();
    let borrowed: Vec<(&str, Type)> =
        all.iter().map(|(name, r#type)| (&**name, r#type.clone())).collect();
    let violations = violations(sending(vec![structure("A", &borrowed)]));
    assert!(matches!(violations[..], [Violation::TooLarge(_)]));
}

#[test]
fn all_violations_are_returned_together() {
    let raw = RawSchema {
        name: String::new(),
        server_messages: names(&["Undeclared"]),
        ..sending(vec![structure(
            "A",
            &[("a", vec(Type::unit())), ("b", map(f32(), u8())), ("c", named("Undeclared"))],
        )])
    };
    assert_eq!(violations(raw).len(), 5);
}
