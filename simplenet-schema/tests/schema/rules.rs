use simplenet_schema::{
    Declaration, External, Fields, Item, MAX_DEPTH, MAX_NAME_LENGTH, Parts, Schema, SchemaError,
    Shape, Step, Type, Violation,
};

use crate::build::{
    boxed, declare, empty, enumeration, f32, fields, named, names, newtype, option, request,
    schema, sending, string, structure, u8, u32, unit, vec,
};

fn broken(parts: Parts) -> Vec<Violation> {
    errors(parts).into_iter().map(|error| error.violation).collect()
}

fn errors(parts: Parts) -> Vec<SchemaError> {
    Schema::new(parts).expect_err("breaks a rule")
}

/// What is broken by a client message with one field of this type.
fn broken_type(r#type: Type) -> Vec<Violation> {
    broken(sending(vec![newtype("A", r#type), unit("Unit")]))
}

fn map(key: Type, value: Type) -> Type {
    Type::HashMap(Box::new(key), Box::new(value))
}

#[test]
fn names_are_identifiers() {
    let long = "a".repeat(MAX_NAME_LENGTH + 1);
    for name in ["", "1st", "a b", "ä", "a-b", "_", "self", "Self", "crate", "super", &long] {
        let violation = Violation::Name(name.to_owned());
        assert_eq!(broken(sending(vec![structure("A", &[(name, u8())])])), [violation], "{name}");
    }
    for name in ["type", "_a", "a1", &"a".repeat(MAX_NAME_LENGTH)] {
        schema(sending(vec![structure("A", &[(name, u8())])]));
    }
}

#[test]
fn channels_are_named() {
    for name in ["", "1", "-a", "a b", "a/b"] {
        let parts = Parts { name: name.to_owned(), ..empty() };
        assert_eq!(broken(parts), [Violation::ChannelName(name.to_owned())]);
    }
    schema(Parts { name: "match-making_2".to_owned(), ..empty() });
}

#[test]
fn siblings_have_names_of_their_own() {
    let twice = |name: &str| name.to_owned();
    let violations = broken(sending(vec![
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
    assert_eq!(duplicates, [twice("A"), twice("a"), twice("V")]);
}

#[test]
fn a_duplicate_says_where_both_are() {
    let parts =
        Parts { client_messages: names(&["A", "B", "A"]), ..sending(vec![unit("A"), unit("B")]) };
    let [error] = errors(parts).try_into().unwrap();
    assert_eq!(error.location.item, Item::ClientMessage(2));
    let Violation::Duplicate { first, .. } = error.violation else { panic!() };
    assert_eq!(first.item, Item::ClientMessage(0));
}

#[test]
fn messages_are_declared() {
    let parts = Parts {
        client_messages: names(&["A"]),
        client_requests: vec![request("B", u8())],
        server_messages: names(&["C"]),
        ..empty()
    };
    let unknown = |name: &str| Violation::Unknown(name.to_owned());
    assert_eq!(broken(parts), [unknown("A"), unknown("B"), unknown("C")]);
}

#[test]
fn a_type_is_message_or_request() {
    let parts = Parts { client_requests: vec![request("A", u8())], ..sending(vec![unit("A")]) };
    assert!(matches!(&broken(parts)[..], [Violation::MessageAndRequest { .. }]));
    // The other direction is another enum.
    schema(Parts { server_messages: names(&["A"]), ..sending(vec![unit("A")]) });
}

#[test]
fn types_are_declared() {
    let location = Step::Argument(0);
    let [error] = errors(sending(vec![newtype("A", vec(named("B")))])).try_into().unwrap();
    assert_eq!(error.violation, Violation::Unknown("B".to_owned()));
    assert_eq!(error.location.steps, [Step::Field(0), Step::Type, location]);
    let external = Type::External("uuid::Uuid".to_owned());
    assert_eq!(broken_type(external), [Violation::Unknown("uuid::Uuid".to_owned())]);
}

#[test]
fn externals_have_a_path_and_a_fingerprint() {
    let listed = |path: &str, fingerprint: &str| Parts {
        externals: vec![External { path: path.into(), fingerprint: fingerprint.into() }],
        ..empty()
    };
    for path in ["Uuid", "", "uuid::", "::uuid::Uuid", "self::Uuid", "super::Uuid", "a::b<c>"] {
        assert_eq!(broken(listed(path, "1")), [Violation::ExternalPath(path.to_owned())]);
    }
    assert_eq!(broken(listed("uuid::Uuid", "")), [Violation::Fingerprint]);
    schema(listed("uuid::Uuid", "1"));
    schema(listed("crate::ids::Id", "1"));
}

#[test]
fn primitives_cannot_be_declared() {
    for name in ["u8", "String", "Bytes"] {
        let violation = Violation::PrimitiveName(name.to_owned());
        assert_eq!(broken(Parts { types: vec![unit(name)], ..empty() }), [violation]);
    }
}

#[test]
fn shapes_are_what_they_are_called() {
    let tuple = |types: Vec<Type>| declare("A", Shape::Struct(Fields::Tuple(types)));
    assert_eq!(broken(sending(vec![tuple(vec![])])), [Violation::TupleFields(0)]);
    assert_eq!(broken(sending(vec![tuple(vec![u8()])])), [Violation::TupleFields(1)]);
    let nothing = enumeration("A", &[]);
    assert_eq!(broken(sending(vec![nothing])), [Violation::NoVariants("A".to_owned())]);
}

#[test]
fn tuples_and_arrays_are_short() {
    let tuple = |length| Type::Tuple(vec![u8(); length]);
    assert_eq!(broken_type(tuple(1)), [Violation::TupleLength(1)]);
    assert_eq!(broken_type(tuple(13)), [Violation::TupleLength(13)]);
    let array = |length| Type::Array(Box::new(u8()), length);
    assert_eq!(broken_type(array(33)), [Violation::ArrayLength(33)]);
    schema(sending(vec![newtype("A", Type::Tuple(vec![tuple(0), tuple(12), array(32)]))]));
}

#[test]
fn elements_take_bytes() {
    let zero_sized = |element: &str| Violation::ZeroSized { element: element.to_owned() };
    assert_eq!(broken_type(vec(Type::unit())), [zero_sized("()")]);
    assert_eq!(broken_type(vec(named("Unit"))), [zero_sized("Unit")]);
    assert_eq!(broken_type(vec(boxed(named("Unit")))), [zero_sized("Box<Unit>")]);
    let array = |length| Type::Array(Box::new(u8()), length);
    assert_eq!(broken_type(vec(array(0))), [zero_sized("[u8; 0]")]);
    let set = Type::BTreeSet(Box::new(named("Unit")));
    assert_eq!(broken_type(set), [zero_sized("Unit")]);
    assert_eq!(broken_type(map(named("Unit"), Type::unit())), [zero_sized("Unit")]);
    let tuple = Type::Tuple(vec![named("Unit"), Type::unit()]);
    assert_eq!(broken_type(vec(tuple)), [zero_sized("(Unit, ())")]);
}

#[test]
fn elements_that_may_be_empty_still_take_bytes() {
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
fn an_empty_struct_is_found_through_another() {
    let parts = sending(vec![
        newtype("A", vec(named("Outer"))),
        structure("Outer", &[("inner", named("Inner"))]),
        structure("Inner", &[]),
    ]);
    assert!(matches!(&broken(parts)[..], [Violation::ZeroSized { .. }]));
}

#[test]
fn keys_can_be_compared_and_hashed() {
    let because = |key: Type| match &broken_type(map(key, u8()))[..] {
        [Violation::NotAKey { because, .. }] => because.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(because(f32()), "f32");
    assert_eq!(because(option(f32())), "f32");
    assert_eq!(because(map(u8(), u8())), "HashMap");
    assert_eq!(because(Type::HashSet(Box::new(u8()))), "HashSet");
    let set = Type::BTreeSet(Box::new(f32()));
    assert!(matches!(&broken_type(set)[..], [Violation::NotAKey { .. }]));
    let sets = Type::BTreeSet(Box::new(Type::BTreeSet(Box::new(u8()))));
    schema(sending(vec![newtype("A", sets)]));
}

#[test]
fn a_float_in_a_key_is_found_through_its_type() {
    let parts = sending(vec![
        newtype("A", map(named("Key"), u8())),
        enumeration("Key", &[("At", fields(&[("x", f32())]))]),
    ]);
    assert!(matches!(
        &broken(parts)[..],
        [Violation::NotAKey { key, because }] if key == "Key" && because == "f32"
    ));
}

#[test]
fn no_type_contains_itself() {
    let cycles = |types: Vec<Declaration>| -> Vec<Vec<String>> {
        let violations = broken(sending(types));
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
fn a_diamond_is_no_cycle() {
    schema(sending(vec![
        structure("A", &[("left", named("B")), ("right", named("C"))]),
        newtype("B", named("D")),
        newtype("C", named("D")),
        newtype("D", u8()),
    ]));
}

#[test]
fn types_nest_so_deep_and_no_deeper() {
    let nested = |depth: usize| (1..depth).fold(u8(), |inner, _| option(inner));
    // The declared type around it is a level too.
    schema(sending(vec![newtype("A", nested(MAX_DEPTH - 1))]));
    assert_eq!(broken_type(nested(MAX_DEPTH)), [Violation::TooDeep]);
    assert_eq!(broken_type(nested(MAX_DEPTH + 10)), [Violation::TooDeep]);
}

#[test]
fn depth_counts_through_declared_types() {
    let chain = |length: usize| {
        let mut types: Vec<_> = (1..length)
            .map(|at| newtype(&format!("T{at}"), named(&format!("T{}", at + 1))))
            .collect();
        types.push(newtype(&format!("T{length}"), u8()));
        sending(types)
    };
    schema(chain(MAX_DEPTH - 1));
    assert_eq!(broken(chain(MAX_DEPTH)), [Violation::TooDeep]);
    assert_eq!(broken(chain(5_000)).len(), 1);
}

#[test]
fn a_schema_can_be_too_large() {
    let field = |at: usize| (format!("field_{at}"), u32());
    let all: Vec<(String, Type)> = (0..20_000).map(field).collect();
    let borrowed: Vec<(&str, Type)> =
        all.iter().map(|(name, r#type)| (&**name, r#type.clone())).collect();
    let violations = broken(sending(vec![structure("A", &borrowed)]));
    assert!(matches!(violations[..], [Violation::TooLarge(_)]));
}

#[test]
fn all_broken_rules_are_told_at_once() {
    let parts = Parts {
        name: String::new(),
        server_messages: names(&["Nobody"]),
        ..sending(vec![structure(
            "A",
            &[("a", vec(Type::unit())), ("b", map(f32(), u8())), ("c", named("Nothing"))],
        )])
    };
    assert_eq!(broken(parts).len(), 5);
}
