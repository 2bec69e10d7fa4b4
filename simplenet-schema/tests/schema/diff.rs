use expect_test::{Expect, expect};
use proptest::prelude::*;
use simplenet_schema::{Fields, MAX_CHANGES, Parts, Shape, Type, diff};

use crate::{
    build::{
        boxed, chat, declaration, enumeration, fields, named, names, newtype, option, request,
        schema, sending, string, structure, u32, u64, unit,
    },
    generated::any_schema,
};

/// What there is to tell once the chat is changed like this.
fn check(change: impl FnOnce(&mut Parts), expected: Expect) {
    let mut new = chat();
    change(&mut new);
    expected.assert_eq(&told(chat(), new));
}

fn told(old: Parts, new: Parts) -> String {
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
fn a_changed_type_is_told_with_all_who_use_it() {
    check(
        |new| *declaration(new, "RoomId") = newtype("RoomId", u64()),
        expect![[r#"
        RoomId.0: u32 -> u64 | breaks the wire | ClientRequest::Join.room, ConnectMsg.room, ServerMsg::Left.0, ServerMsg::Posted.room
    "#]],
    );
}

#[test]
fn fields_come_and_go() {
    check(
        |new| {
            *declaration(new, "Hello") =
                structure("Hello", &[("name", string()), ("age", option(u32()))]);
        },
        expect![[r#"
            Hello.room: removed RoomId | breaks the wire | ConnectMsg
            Hello.age: added Option<u32> | breaks the wire | ConnectMsg
        "#]],
    );
    check(
        |new| *declaration(new, "Say") = structure("Say", &[("text", string())]),
        expect![[r#"
        Say.room: removed RoomId | breaks the wire | ClientRequest::Say
    "#]],
    );
}

#[test]
fn a_field_under_another_name_is_the_same_bytes() {
    check(
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
fn order_matters() {
    check(
        |new| {
            *declaration(new, "Say") =
                structure("Say", &[("text", string()), ("room", named("RoomId"))]);
        },
        expect![[r#"
            Say: order room, text -> order text, room | breaks the wire | ClientRequest::Say
        "#]],
    );
    check(
        |new| new.server_messages.reverse(),
        expect![[r#"
        ServerMsg: order Posted, Left -> order Left, Posted | breaks the wire
    "#]],
    );
}

#[test]
fn variants_come_and_go() {
    check(
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
    check(
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
    check(
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
fn messages_and_requests_come_and_go() {
    check(
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
fn a_response_changes() {
    check(
        |new| new.client_requests[1] = request("Say", option(named("Said"))),
        expect![[r#"
        ServerResponse::Say: Said -> Option<Said> | breaks the wire
    "#]],
    );
}

#[test]
fn a_request_under_another_name_may_have_another_response() {
    check(
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
fn a_type_under_another_name_is_the_same_bytes() {
    let rename = |new: &mut Parts| {
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
    check(
        rename,
        expect![[r#"
        Hello.room: RoomId -> Place | source only | ConnectMsg
        Join.room: RoomId -> Place | source only | ClientRequest::Join
        Left.0: RoomId -> Place | source only | ServerMsg::Left
        Posted.room: RoomId -> Place | source only | ServerMsg::Posted
        Say.room: RoomId -> Place | source only | ClientRequest::Say
    "#]],
    );
    check(
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
fn another_type_under_another_name_is_another_type() {
    check(
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
fn a_box_is_the_same_bytes() {
    check(
        |new| *declaration(new, "RoomId") = newtype("RoomId", boxed(u32())),
        expect![[r#"
        RoomId.0: u32 -> Box<u32> | source only | ClientRequest::Join.room, ConnectMsg.room, ServerMsg::Left.0, ServerMsg::Posted.room
    "#]],
    );
}

#[test]
fn a_shape_changes() {
    check(
        |new| *declaration(new, "RoomId") = structure("RoomId", &[("number", u64())]),
        expect![[r#"
            RoomId: (u32) -> { number: u64 } | breaks the wire | ClientRequest::Join.room, ConnectMsg.room, ServerMsg::Left.0, ServerMsg::Posted.room
        "#]],
    );
    check(
        |new| *declaration(new, "RoomId") = enumeration("RoomId", &[("Lobby", Fields::Unit)]),
        expect![[r#"
            RoomId: struct -> enum | breaks the wire | ClientRequest::Join.room, ConnectMsg.room, ServerMsg::Left.0, ServerMsg::Posted.room
        "#]],
    );
}

#[test]
fn the_channel_itself_changes() {
    check(
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
fn schemas_without_anything_in_common_are_not_listed_to_the_end() {
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
    fn changes_are_bounded_and_texts_short(old in any_schema(), new in any_schema()) {
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
