use expect_test::{Expect, expect};
use proptest::prelude::*;
use simplenet_schema::{
    Class, External, Fields, MAX_CHANGES, Primitive, RawSchema, Shape, Type, Use, diff,
};

use crate::{
    build::{
        boxed, chat, declaration, enumeration, fields, named, names, newtype, option, request,
        schema, sending, string, structure, u32, u64, unit, vec,
    },
    generated::any_schema,
};

/// Asserts the diff between the chat and a changed copy of it.
fn assert_changes(change: impl FnOnce(&mut RawSchema), expected: Expect) {
    let mut new = chat();
    change(&mut new);
    expected.assert_eq(&rendered(chat(), new));
}

fn rendered(old: RawSchema, new: RawSchema) -> String {
    let mut text = String::new();
    for change in diff(&schema(old), &schema(new)) {
        text.push_str(&format!("{change} | {} / {}", change.up, change.down));
        let mut separator = " | ";
        for Use { direction, path } in change.uses {
            text.push_str(&format!("{separator}{direction} {path}"));
            separator = ", ";
        }
        if change.further_uses > 0 {
            text.push_str(&format!("{separator}{} more", change.further_uses));
        }
        text.push('\n');
    }
    text
}

#[test]
fn changed_type_lists_its_uses() {
    assert_changes(
        |new| *declaration(new, "RoomId") = newtype("RoomId", u64()),
        expect![[r#"
            RoomId.0: u32 -> u64 | same / same within | client Join.room, client Say.room, client connect.room, server Left.0, server Posted.room
        "#]],
    );
}

#[test]
fn added_and_removed_fields_are_impossible() {
    assert_changes(
        |new| {
            *declaration(new, "Hello") =
                structure("Hello", &[("name", string()), ("age", option(u32()))]);
        },
        expect![[r#"
            Hello.room: removed RoomId | impossible / impossible | client connect
            Hello.age: added Option<u32> | impossible / impossible | client connect
        "#]],
    );
    assert_changes(
        |new| *declaration(new, "Say") = structure("Say", &[("text", string())]),
        expect![[r#"
            Say.room: removed RoomId | impossible / impossible | client Say
        "#]],
    );
}

#[test]
fn renamed_field_is_the_same() {
    assert_changes(
        |new| {
            *declaration(new, "Say") =
                structure("Say", &[("place", named("RoomId")), ("text", string())]);
        },
        expect![[r#"
            Say.room: field room -> field place | same / same | client Say
        "#]],
    );
}

#[test]
fn changed_order_is_impossible() {
    assert_changes(
        |new| {
            *declaration(new, "Say") =
                structure("Say", &[("text", string()), ("room", named("RoomId"))]);
        },
        expect![[r#"
            Say: order room, text -> order text, room | impossible / impossible | client Say
        "#]],
    );
    assert_changes(
        |new| new.server_messages.reverse(),
        expect![[r#"
            ServerMsg: order Posted, Left -> order Left, Posted | impossible / impossible
        "#]],
    );
}

#[test]
fn variant_added_at_the_end_is_impossible_downwards() {
    assert_changes(
        |new| {
            *declaration(new, "JoinError") = enumeration(
                "JoinError",
                &[
                    ("Full", Fields::Unit),
                    ("Banned", fields(&[("until", u64())])),
                    ("Closed", Fields::Newtype(string())),
                ],
            );
        },
        expect![[r#"
            JoinError::Closed: added variant (String) | same / impossible | server response to Join
        "#]],
    );
    assert_changes(
        |new| {
            *declaration(new, "JoinError") = enumeration(
                "JoinError",
                &[
                    ("Closed", Fields::Unit),
                    ("Full", Fields::Unit),
                    ("Banned", fields(&[("until", u64())])),
                ],
            );
        },
        expect![[r#"
            JoinError::Closed: added variant | impossible / impossible | server response to Join
        "#]],
    );
    assert_changes(
        |new| {
            *declaration(new, "JoinError") =
                enumeration("JoinError", &[("Banned", fields(&[("until", u32())]))]);
        },
        expect![[r#"
            JoinError::Full: removed variant | impossible / impossible | server response to Join
            JoinError::Banned.until: u64 -> u32 | same within / same | server response to Join
        "#]],
    );
}

#[test]
fn added_message_and_removed_request_list_their_classes() {
    assert_changes(
        |new| {
            new.types.push(unit("Leave"));
            new.client_messages.push("Leave".to_owned());
            new.client_requests.remove(0);
        },
        expect![[r#"
            ClientMsg::Leave: added variant | same / impossible
            ClientRequest::Join: removed variant | impossible / impossible
        "#]],
    );
}

#[test]
fn changed_response_is_impossible() {
    assert_changes(
        |new| new.client_requests[1] = request("Say", option(named("Said"))),
        expect![[r#"
            ServerResponse::Say: Said -> Option<Said> | impossible / impossible
        "#]],
    );
}

#[test]
fn renamed_request_with_another_response_is_impossible() {
    assert_changes(
        |new| {
            declaration(new, "Say").name = "Speak".to_owned();
            new.client_requests[1] = request("Speak", u64());
        },
        expect![[r#"
            ClientRequest::Say: variant Say -> variant Speak | same / same
            ServerResponse::Speak: Said -> u64 | impossible / impossible
        "#]],
    );
}

#[test]
fn renamed_type_is_the_same() {
    let rename = |new: &mut RawSchema| {
        declaration(new, "RoomId").name = "Place".to_owned();
        for declared in &mut new.types {
            let Shape::Struct(fields) = &mut declared.shape else { continue };
            for each in fields.types_mut() {
                if *each == named("RoomId") {
                    *each = named("Place");
                }
            }
        }
    };
    assert_changes(
        rename,
        expect![[r#"
            Hello.room: RoomId -> Place | same / same | client connect
            Join.room: RoomId -> Place | same / same | client Join
            Left.0: RoomId -> Place | same / same | server Left
            Posted.room: RoomId -> Place | same / same | server Posted
            Say.room: RoomId -> Place | same / same | client Say
        "#]],
    );
    assert_changes(
        |new| {
            declaration(new, "Typing").name = "Writing".to_owned();
            new.client_messages = names(&["Writing"]);
        },
        expect![[r#"
            ClientMsg::Typing: variant Typing -> variant Writing | same / same
        "#]],
    );
}

#[test]
fn renamed_and_changed_type_is_impossible() {
    assert_changes(
        |new| {
            new.types.push(newtype("Place", u64()));
            *declaration(new, "Join") = structure("Join", &[("room", named("Place"))]);
            declaration(new, "Typing").name = "Writing".to_owned();
            declaration(new, "Writing").shape = Shape::Struct(Fields::Newtype(string()));
            new.client_messages = names(&["Writing"]);
        },
        expect![[r#"
            ClientMsg::Typing: removed variant | impossible / impossible
            ClientMsg::Writing: added variant | impossible / impossible
            Join.room: RoomId -> Place | impossible / impossible | client Join
        "#]],
    );
}

#[test]
fn added_box_is_the_same() {
    assert_changes(
        |new| *declaration(new, "RoomId") = newtype("RoomId", boxed(u32())),
        expect![[r#"
            RoomId.0: u32 -> Box<u32> | same / same | client Join.room, client Say.room, client connect.room, server Left.0, server Posted.room
        "#]],
    );
}

#[test]
fn changed_kind_of_type_lists_its_classes() {
    assert_changes(
        |new| *declaration(new, "RoomId") = structure("RoomId", &[("number", u64())]),
        expect![[r#"
            RoomId: (u32) -> { number: u64 } | same / same within | client Join.room, client Say.room, client connect.room, server Left.0, server Posted.room
        "#]],
    );
    assert_changes(
        |new| *declaration(new, "RoomId") = enumeration("RoomId", &[("Lobby", Fields::Unit)]),
        expect![[r#"
            RoomId: struct -> enum | impossible / impossible | client Join.room, client Say.room, client connect.room, server Left.0, server Posted.room
        "#]],
    );
}

#[test]
fn changed_name_of_the_channel_is_impossible() {
    assert_changes(
        |new| {
            new.name = "lobby".to_owned();
            new.connect = Type::unit();
        },
        expect![[r#"
            channel: chat -> lobby | impossible / impossible
            ConnectMsg: Hello -> () | impossible / impossible
        "#]],
    );
}

#[test]
fn diff_of_unrelated_schemas_is_truncated() {
    let many = |prefix: &str| {
        let variants: Vec<(String, Fields)> = (0..2_000)
            .map(|at| (format!("{prefix}{at}"), Fields::Newtype(Type::Tuple(vec![string(); 12]))))
            .collect();
        let borrowed: Vec<(&str, Fields)> =
            variants.iter().map(|(name, fields)| (&**name, fields.clone())).collect();
        schema(sending(vec![enumeration("A", &borrowed)]))
    };
    let changes = diff(&many("a"), &many("b"));
    assert_eq!(changes.len(), MAX_CHANGES);
    let length: usize = changes.iter().map(|change| change.to_string().len()).sum();
    assert!(length < 256 * 1024, "{length}");
}

/// Asserts the classes of a message whose only field changes from one type to another, and those of
/// the reverse change.
#[track_caller]
fn assert_classes(old: &Type, new: &Type, up: Class, down: Class) {
    let message = |inner: &Type| schema(sending(vec![newtype("Message", inner.clone())]));
    for (old, new, expected) in [(old, new, (up, down)), (new, old, (down, up))] {
        let changes = diff(&message(old), &message(new));
        let classes: Vec<_> = changes.iter().map(|change| (change.up, change.down)).collect();
        assert_eq!(classes, [expected], "{old} -> {new}");
    }
}

#[test]
fn integers_of_variable_length_are_the_same_within_the_narrower_type() {
    use Primitive::{I8, I16, I32, I64, I128, U8, U16, U32, U64, U128};
    for integers in [[U16, U32, U64, U128], [I16, I32, I64, I128]] {
        for (index, narrow) in integers.into_iter().enumerate() {
            for wide in integers.into_iter().skip(index + 1) {
                let (narrow, wide) = (Type::Primitive(narrow), Type::Primitive(wide));
                assert_classes(&narrow, &wide, Class::Same, Class::SameWithin);
            }
        }
    }
    for (left, right) in [(U8, U16), (U8, I8), (I8, I16), (U16, I16), (U32, I64)] {
        let (left, right) = (Type::Primitive(left), Type::Primitive(right));
        assert_classes(&left, &right, Class::Impossible, Class::Impossible);
    }
}

#[test]
fn other_primitives_are_impossible() {
    for left in Primitive::ALL {
        for right in [Primitive::Bool, Primitive::F32, Primitive::F64, Primitive::Char] {
            if left != right {
                let (left, right) = (Type::Primitive(left), Type::Primitive(right));
                assert_classes(&left, &right, Class::Impossible, Class::Impossible);
            }
        }
    }
    assert_classes(
        &string(),
        &Type::Primitive(Primitive::Bytes),
        Class::Impossible,
        Class::Impossible,
    );
}

#[test]
fn container_has_the_worst_classes_of_its_arguments() {
    let pair = |left: Type, right: Type| Type::Tuple(vec![left, right]);
    let result = |value: Type, error: Type| Type::Result(Box::new(value), Box::new(error));
    let array = |element: Type, length| Type::Array(Box::new(element), length);
    let (same, within, impossible) = (Class::Same, Class::SameWithin, Class::Impossible);
    assert_classes(&option(u32()), &option(u64()), same, within);
    assert_classes(&vec(u32()), &boxed(vec(boxed(u64()))), same, within);
    assert_classes(&array(u32(), 3), &array(u64(), 3), same, within);
    assert_classes(&array(u32(), 3), &array(u32(), 4), impossible, impossible);
    assert_classes(&result(u32(), string()), &result(u64(), string()), same, within);
    assert_classes(&pair(u32(), u64()), &pair(u64(), u32()), within, within);
    assert_classes(&pair(u32(), u32()), &pair(u64(), string()), impossible, impossible);
    assert_classes(&pair(u32(), u32()), &Type::Tuple(vec![u32(); 3]), impossible, impossible);
    assert_classes(&u32(), &option(u32()), impossible, impossible);
    assert_classes(&option(u32()), &vec(u32()), impossible, impossible);
    let maps = [Type::HashMap, Type::BTreeMap].map(|map| map(Box::new(string()), Box::new(u32())));
    assert_classes(&maps[0], &maps[1], same, same);
    let sets = [Type::HashSet, Type::BTreeSet].map(|set| set(Box::new(u32())));
    assert_classes(&sets[0], &sets[1], same, same);
    assert_classes(&vec(u32()), &sets[1], impossible, impossible);
}

#[test]
fn changed_fingerprint_lists_the_uses_of_its_type() {
    let with = |fingerprint: &str| {
        let mut raw = chat();
        let path = "uuid::Uuid".to_owned();
        *declaration(&mut raw, "RoomId") = newtype("RoomId", Type::External(path.clone()));
        raw.externals = vec![External { path, fingerprint: fingerprint.to_owned() }];
        raw
    };
    expect![[r#"
        uuid::Uuid: 1 -> 2 | impossible / impossible | client Join.room.0, client Say.room.0, client connect.room.0, server Left.0.0, server Posted.room.0
    "#]]
    .assert_eq(&rendered(with("1"), with("2")));
}

#[test]
fn further_uses_are_counted() {
    // Each type has two fields of the next one, so the last one has 2^20 uses.
    let with = |last: Type| {
        let level = |at: u32| {
            let next = named(&format!("T{}", at + 1));
            structure(&format!("T{at}"), &[("left", next.clone()), ("right", next)])
        };
        let mut types: Vec<_> = (0..20).map(level).collect();
        types.push(newtype("T20", last));
        schema(sending(types))
    };
    let changes = diff(&with(u32()), &with(u64()));
    let [change] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!((change.uses.len(), change.further_uses), (16, (1 << 20) - 16));
    let Use { path, .. } = &change.uses[0];
    assert!(path.starts_with("T0.") && path.ends_with(".left"), "{path}");
}

#[test]
fn long_paths_are_truncated() {
    let name = |at: usize| format!("{}{at:02}", "N".repeat(120));
    let with = |last: Type| {
        let field = "f".repeat(120);
        let level = |at: usize| structure(&name(at), &[(&field, named(&name(at + 1)))]);
        let mut types: Vec<_> = (0..20).map(level).collect();
        types.push(newtype(&name(20), last));
        schema(sending(types))
    };
    let changes = diff(&with(u32()), &with(u64()));
    let [change] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!(change.uses[0].path.chars().count(), 201);
}

proptest! {
    #[test]
    fn diff_has_bounded_length(old in any_schema(), new in any_schema()) {
        let changes = diff(&old, &new);
        prop_assert!(changes.len() <= MAX_CHANGES);
        for change in changes {
            prop_assert!(change.uses.len() <= 16);
            let uses = change.uses.into_iter().map(|each| each.path);
            for text in [change.from, change.to].into_iter().flatten().chain(uses) {
                prop_assert!(text.chars().count() <= 201);
            }
        }
    }
}
