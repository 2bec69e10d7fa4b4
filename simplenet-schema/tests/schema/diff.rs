use expect_test::{Expect, expect};
use proptest::prelude::*;
use simplenet_schema::{Fields, MAX_CHANGES, RawSchema, Shape, Type, diff};

use crate::{
    build::{
        boxed, chat, declaration, enumeration, fields, named, names, newtype, option, request,
        schema, sending, string, structure, u32, u64, unit,
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
        text.push_str(&format!("{change} | {}", change.level));
        if !change.used_by.is_empty() {
            text.push_str(&format!(" | {}", change.used_by.join(", ")));
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
        RoomId.0: u32 -> u64 | breaks the wire | ClientRequest::Join.room, ConnectMsg.room, ServerMsg::Left.0, ServerMsg::Posted.room
    "#]],
    );
}

#[test]
fn added_and_removed_fields_break_the_wire() {
    assert_changes(
        |new| {
            *declaration(new, "Hello") =
                structure("Hello", &[("name", string()), ("age", option(u32()))]);
        },
        expect![[r#"
            Hello.room: removed RoomId | breaks the wire | ConnectMsg
            Hello.age: added Option<u32> | breaks the wire | ConnectMsg
        "#]],
    );
    assert_changes(
        |new| *declaration(new, "Say") = structure("Say", &[("text", string())]),
        expect![[r#"
        Say.room: removed RoomId | breaks the wire | ClientRequest::Say
    "#]],
    );
}

#[test]
fn renamed_field_is_source_only() {
    assert_changes(
        |new| {
            *declaration(new, "Say") =
                structure("Say", &[("place", named("RoomId")), ("text", string())]);
        },
        expect![[r#"
            Say.room: field room -> field place | source only | ClientRequest::Say
        "#]],
    );
}

#[test]
fn changed_order_breaks_the_wire() {
    assert_changes(
        |new| {
            *declaration(new, "Say") =
                structure("Say", &[("text", string()), ("room", named("RoomId"))]);
        },
        expect![[r#"
            Say: order room, text -> order text, room | breaks the wire | ClientRequest::Say
        "#]],
    );
    assert_changes(
        |new| new.server_messages.reverse(),
        expect![[r#"
        ServerMsg: order Posted, Left -> order Left, Posted | breaks the wire
    "#]],
    );
}

#[test]
fn variant_added_at_the_end_is_additive() {
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
            JoinError::Closed: added variant (String) | additive | ServerResponse::Join
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
            JoinError::Closed: added variant | breaks the wire | ServerResponse::Join
        "#]],
    );
    assert_changes(
        |new| {
            *declaration(new, "JoinError") =
                enumeration("JoinError", &[("Banned", fields(&[("until", u32())]))]);
        },
        expect![[r#"
            JoinError::Full: removed variant | breaks the wire | ServerResponse::Join
            JoinError::Banned.until: u64 -> u32 | breaks the wire | ServerResponse::Join
        "#]],
    );
}

#[test]
fn added_message_is_additive_and_removed_request_breaks_the_wire() {
    assert_changes(
        |new| {
            new.types.push(unit("Leave"));
            new.client_messages.push("Leave".to_owned());
            new.client_requests.remove(0);
        },
        expect![[r#"
            ClientMsg::Leave: added variant | additive
            ClientRequest::Join: removed variant | breaks the wire
        "#]],
    );
}

#[test]
fn changed_response_breaks_the_wire() {
    assert_changes(
        |new| new.client_requests[1] = request("Say", option(named("Said"))),
        expect![[r#"
        ServerResponse::Say: Said -> Option<Said> | breaks the wire
    "#]],
    );
}

#[test]
fn renamed_request_with_another_response_breaks_the_wire() {
    assert_changes(
        |new| {
            declaration(new, "Say").name = "Speak".to_owned();
            new.client_requests[1] = request("Speak", u64());
        },
        expect![[r#"
            ClientRequest::Say: variant Say -> variant Speak | source only
            ServerResponse::Speak: Said -> u64 | breaks the wire
        "#]],
    );
}

#[test]
fn renamed_type_is_source_only() {
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
        Hello.room: RoomId -> Place | source only | ConnectMsg
        Join.room: RoomId -> Place | source only | ClientRequest::Join
        Left.0: RoomId -> Place | source only | ServerMsg::Left
        Posted.room: RoomId -> Place | source only | ServerMsg::Posted
        Say.room: RoomId -> Place | source only | ClientRequest::Say
    "#]],
    );
    assert_changes(
        |new| {
            declaration(new, "Typing").name = "Writing".to_owned();
            new.client_messages = names(&["Writing"]);
        },
        expect![[r#"
            ClientMsg::Typing: variant Typing -> variant Writing | source only
        "#]],
    );
}

#[test]
fn renamed_and_changed_type_breaks_the_wire() {
    assert_changes(
        |new| {
            new.types.push(newtype("Place", u64()));
            *declaration(new, "Join") = structure("Join", &[("room", named("Place"))]);
            declaration(new, "Typing").name = "Writing".to_owned();
            declaration(new, "Writing").shape = Shape::Struct(Fields::Newtype(string()));
            new.client_messages = names(&["Writing"]);
        },
        expect![[r#"
            ClientMsg::Typing: removed variant | breaks the wire
            ClientMsg::Writing: added variant | breaks the wire
            Join.room: RoomId -> Place | breaks the wire | ClientRequest::Join
        "#]],
    );
}

#[test]
fn added_box_is_source_only() {
    assert_changes(
        |new| *declaration(new, "RoomId") = newtype("RoomId", boxed(u32())),
        expect![[r#"
        RoomId.0: u32 -> Box<u32> | source only | ClientRequest::Join.room, ConnectMsg.room, ServerMsg::Left.0, ServerMsg::Posted.room
    "#]],
    );
}

#[test]
fn changed_kind_of_type_breaks_the_wire() {
    assert_changes(
        |new| *declaration(new, "RoomId") = structure("RoomId", &[("number", u64())]),
        expect![[r#"
            RoomId: (u32) -> { number: u64 } | breaks the wire | ClientRequest::Join.room, ConnectMsg.room, ServerMsg::Left.0, ServerMsg::Posted.room
        "#]],
    );
    assert_changes(
        |new| *declaration(new, "RoomId") = enumeration("RoomId", &[("Lobby", Fields::Unit)]),
        expect![[r#"
            RoomId: struct -> enum | breaks the wire | ClientRequest::Join.room, ConnectMsg.room, ServerMsg::Left.0, ServerMsg::Posted.room
        "#]],
    );
}

#[test]
fn changed_name_of_the_channel_breaks_the_wire() {
    assert_changes(
        |new| {
            new.name = "lobby".to_owned();
            new.connect = Type::unit();
        },
        expect![[r#"
            channel: chat -> lobby | breaks the wire
            ConnectMsg: Hello -> () | breaks the wire
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

proptest! {
    #[test]
    fn diff_has_bounded_length(old in any_schema(), new in any_schema()) {
        let changes = diff(&old, &new);
        prop_assert!(changes.len() <= MAX_CHANGES);
        for change in changes {
            for text in [change.from, change.to].into_iter().flatten() {
                prop_assert!(text.chars().count() <= 201);
            }
            prop_assert!(change.used_by.len() <= 4);
        }
    }
}
