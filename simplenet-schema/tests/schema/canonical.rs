use expect_test::expect;
use proptest::prelude::*;
use simplenet_schema::{
    MAX_DEPTH, Parts, Shape, Type,
    canonical::{self, ReadError, read, write},
    diff, protocol_hash,
};

use crate::{
    build::{
        boxed, chat, declaration, empty, fields, named, newtype, schema, sending, structure, u8,
        unit,
    },
    generated::{any_parts, any_schema, changed_schema},
};

fn hash(parts: Parts) -> u128 {
    protocol_hash(&write(&schema(parts)))
}

/// Peers of other versions read and hash this text: a change here is a change of the wire version.
#[test]
fn the_form_of_a_known_channel_stays() {
    let text = write(&schema(chat()));
    expect![[r#"
        simplenet 1
        wire 1
        codec 43:bincode 2, little endian, variable integers
        channel 4:chat
        connect @5:Hello
        client messages 1
        6:Typing
        client requests 2
        4:Join result(@6:Joined,@9:JoinError,)
        3:Say @4:Said
        server messages 2
        6:Posted
        4:Left
        externals 0
        types 10
        5:Hello struct 2(4:name String,4:room @6:RoomId,)
        4:Join struct 1(4:room @6:RoomId,)
        9:JoinError enum 2(4:Full unit;6:Banned struct 1(5:until u64,);)
        6:Joined struct 1(7:members vec(String,),)
        4:Left tuple 2(@6:RoomId,String,)
        6:Posted struct 2(4:room @6:RoomId,4:text String,)
        6:RoomId newtype(u32)
        4:Said struct 1(3:seq u64,)
        3:Say struct 2(4:room @6:RoomId,4:text String,)
        6:Typing unit
    "#]]
    .assert_eq(&text);
    expect!["3c76f242c58d214e7f52b121020af539"]
        .assert_eq(&format!("{:032x}", protocol_hash(&text)));
}

#[test]
fn the_hash_is_the_head_of_sha_256() {
    // The well-known digest of "abc".
    assert_eq!(protocol_hash("abc"), 0xba7816bf_8f01cfea_414140de_5dae2223);
}

#[test]
fn structure_is_not_flattened() {
    let inner = |fields: &[(&str, Type)]| structure("Inner", fields);
    let nested = sending(vec![
        structure("Outer", &[("a", named("Inner")), ("c", u8())]),
        inner(&[("b", u8())]),
    ]);
    let flat = sending(vec![
        structure("Outer", &[("a", named("Inner"))]),
        inner(&[("b", u8()), ("c", u8())]),
    ]);
    assert_ne!(hash(nested), hash(flat));
}

#[test]
fn names_do_not_run_into_each_other() {
    let one = sending(vec![structure("A", &[("ab", u8()), ("c", u8())])]);
    let other = sending(vec![structure("A", &[("a", u8()), ("bc", u8())])]);
    assert_ne!(hash(one), hash(other));
}

#[test]
fn the_direction_counts() {
    let client = sending(vec![unit("Ping")]);
    let server = Parts {
        client_messages: Vec::new(),
        server_messages: client.client_messages.clone(),
        ..client.clone()
    };
    assert_ne!(hash(client), hash(server));
}

#[test]
fn a_box_is_told_from_its_content() {
    let plain = sending(vec![newtype("A", u8())]);
    let with_box = sending(vec![newtype("A", boxed(u8()))]);
    assert_ne!(hash(plain), hash(with_box));
}

#[test]
fn what_nothing_reaches_does_not_count() {
    let mut more = chat();
    more.types.push(unit("Unused"));
    assert_eq!(schema(more.clone()), schema(chat()));
    assert_eq!(hash(more), hash(chat()));
}

#[test]
fn the_order_of_fields_counts() {
    let mut other = chat();
    declaration(&mut other, "Say").shape =
        Shape::Struct(fields(&[("text", crate::build::string()), ("room", named("RoomId"))]));
    assert_ne!(hash(other), hash(chat()));
}

#[test]
fn too_long_a_text_is_not_read() {
    let text = "x".repeat(canonical::MAX_LENGTH + 1);
    assert_eq!(read(&text), Err(ReadError::TooLong { length: text.len() }));
}

#[test]
fn deep_nesting_ends_in_an_error() {
    for depth in [MAX_DEPTH + 1, 30_000] {
        let text = write(&schema(empty()));
        let nested = format!("connect {}", "option(".repeat(depth));
        let text = text.replace("connect tuple 0()", &nested);
        assert!(text.contains("option("));
        assert!(matches!(read(&text), Err(ReadError::Syntax { .. })));
    }
}

#[test]
fn a_long_chain_of_types_ends_in_an_error() {
    let chain = (0..6_000).map(|at| newtype(&format!("T{at}"), named(&format!("T{}", at + 1))));
    let mut types: Vec<_> = chain.collect();
    types.push(unit("T6000"));
    assert!(matches!(read(&forged(&types)), Err(ReadError::Rule { .. })));
}

#[test]
fn a_ring_of_types_ends_in_an_error() {
    let ring =
        (0..6_000).map(|at| newtype(&format!("T{at}"), named(&format!("T{}", (at + 1) % 6_000))));
    let types: Vec<_> = ring.collect();
    let Err(ReadError::Rule { rule }) = read(&forged(&types)) else { panic!("read a ring") };
    assert!(rule.contains("contain itself"), "{rule}");
}

/// A text in the form of a schema that could not be built.
fn forged(types: &[simplenet_schema::Declaration]) -> String {
    let mut text = write(&schema(empty())).replace("connect tuple 0()", "connect @2:T0");
    text = text.replace("types 0\n", &format!("types {}\n", types.len()));
    for declared in types {
        let Shape::Struct(contents) = &declared.shape else { panic!("only structs are forged") };
        let shape = match contents.types().first() {
            Some(Type::Named(inner)) => format!("newtype(@{}:{inner})", inner.len()),
            _ => "unit".to_owned(),
        };
        let name = &declared.name;
        text.push_str(&format!("{}:{name} {shape}\n", name.len()));
    }
    text
}

#[test]
fn a_claimed_count_is_not_believed() {
    let text = write(&schema(empty()));
    for count in ["18446744073709551615", "99999999999999999999999999", "1000000000"] {
        let text = text.replace("types 0", &format!("types {count}"));
        assert!(matches!(read(&text), Err(ReadError::Syntax { .. })), "{count}");
    }
}

#[test]
fn only_the_one_text_of_a_schema_is_read() {
    let text = write(&schema(chat()));
    let swapped = text.replace(
        "6:RoomId newtype(u32)\n4:Said struct 1(3:seq u64,)\n",
        "4:Said struct 1(3:seq u64,)\n6:RoomId newtype(u32)\n",
    );
    assert_ne!(swapped, text);
    assert_eq!(read(&swapped), Err(ReadError::NotCanonical));
    let zero = text.replace("client messages 1", "client messages 01");
    assert_eq!(read(&zero), Err(ReadError::NotCanonical));
    let unused = text.replace("types 10\n", "types 11\n") + "6:Unused unit\n";
    assert_eq!(read(&unused), Err(ReadError::NotCanonical));
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(schema in any_schema()) {
        prop_assert_eq!(read(&write(&schema)), Ok(schema));
    }

    #[test]
    fn hashes_are_equal_for_equal_schemas_alone((one, other) in changed_schema()) {
        let hashes = [&one, &other].map(|schema| protocol_hash(&write(schema)));
        prop_assert_eq!(one == other, hashes[0] == hashes[1]);
        prop_assert_eq!(one == other, diff(&one, &other).is_empty());
    }

    #[test]
    fn unrelated_schemas_have_other_hashes(one in any_schema(), other in any_schema()) {
        let hashes = [&one, &other].map(|schema| protocol_hash(&write(schema)));
        prop_assert_eq!(one == other, hashes[0] == hashes[1]);
        prop_assert_eq!(one == other, diff(&one, &other).is_empty());
    }

    #[test]
    fn the_order_of_declarations_does_not_count(parts in any_parts(), seed in any::<u64>()) {
        let mut shuffled = parts.clone();
        let count = shuffled.types.len().max(1);
        shuffled.types.rotate_left((seed % count as u64) as usize);
        shuffled.types.reverse();
        prop_assert_eq!(hash(shuffled), hash(parts));
    }

    #[test]
    fn the_order_of_messages_and_requests_counts(parts in any_parts()) {
        for reverse in [
            |parts: &mut Parts| parts.client_messages.reverse(),
            |parts: &mut Parts| parts.server_messages.reverse(),
            |parts: &mut Parts| parts.client_requests.reverse(),
        ] {
            let mut other = parts.clone();
            reverse(&mut other);
            let changed = other != parts;
            prop_assert_eq!(hash(other) != hash(parts.clone()), changed);
        }
    }

    #[test]
    fn damaged_texts_are_refused_or_canonical(
        schema in any_schema(),
        at in any::<prop::sample::Index>(),
        with in "[0-9a-z@^:(),; \n]{0,3}",
        cut in 0usize..4,
    ) {
        let text = write(&schema);
        let start = at.index(text.len());
        let end = (start + cut).min(text.len());
        let damaged = [&text[..start], &with, &text[end..]].concat();
        if let Ok(read) = read(&damaged) {
            prop_assert_eq!(write(&read), damaged);
        }
    }

    #[test]
    fn any_text_is_survived(text in "(simplenet 1\nwire 1\n)?[ -~\n]{0,200}") {
        let _ = read(&text);
    }
}
