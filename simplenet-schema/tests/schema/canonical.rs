use expect_test::expect;
use proptest::prelude::*;
use simplenet_schema::{
    MAX_DEPTH, RawSchema, Shape, Type,
    canonical::{self, ReadError, read, write},
    diff, protocol_hash,
};

use crate::{
    build::{
        boxed, chat, declaration, empty, fields, named, newtype, schema, sending, structure, u8,
        unit,
    },
    generated::{any_raw_schema, any_schema, changed_schema},
};

fn hash(raw: RawSchema) -> u128 {
    protocol_hash(&write(&schema(raw)))
}

/// Peers of other versions read and hash this text, so changing the text requires a new wire
/// version.
#[test]
fn canonical_form_of_a_known_channel_is_unchanged() {
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
fn protocol_hash_is_the_prefix_of_sha_256() {
    // The well-known digest of "abc".
    assert_eq!(protocol_hash("abc"), 0xba7816bf_8f01cfea_414140de_5dae2223);
}

#[test]
fn nested_and_flat_structs_have_different_hashes() {
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
fn field_names_with_equal_concatenation_have_different_hashes() {
    let one = sending(vec![structure("A", &[("ab", u8()), ("c", u8())])]);
    let other = sending(vec![structure("A", &[("a", u8()), ("bc", u8())])]);
    assert_ne!(hash(one), hash(other));
}

#[test]
fn client_and_server_messages_have_different_hashes() {
    let client = sending(vec![unit("Ping")]);
    let server = RawSchema {
        client_messages: Vec::new(),
        server_messages: client.client_messages.clone(),
        ..client.clone()
    };
    assert_ne!(hash(client), hash(server));
}

#[test]
fn box_and_its_content_have_different_hashes() {
    let plain = sending(vec![newtype("A", u8())]);
    let with_box = sending(vec![newtype("A", boxed(u8()))]);
    assert_ne!(hash(plain), hash(with_box));
}

#[test]
fn unused_type_does_not_change_the_hash() {
    let mut more = chat();
    more.types.push(unit("Unused"));
    assert_eq!(schema(more.clone()), schema(chat()));
    assert_eq!(hash(more), hash(chat()));
}

#[test]
fn order_of_fields_changes_the_hash() {
    let mut other = chat();
    declaration(&mut other, "Say").shape =
        Shape::Struct(fields(&[("text", crate::build::string()), ("room", named("RoomId"))]));
    assert_ne!(hash(other), hash(chat()));
}

#[test]
fn oversized_form_is_refused() {
    let text = "x".repeat(canonical::MAX_LENGTH + 1);
    assert_eq!(read(&text), Err(ReadError::TooLong { length: text.len() }));
}

#[test]
fn deeply_nested_type_is_refused() {
    for depth in [MAX_DEPTH + 1, 30_000] {
        let text = write(&schema(empty()));
        let nested = format!("connect {}", "option(".repeat(depth));
        let text = text.replace("connect tuple 0()", &nested);
        assert!(text.contains("option("));
        assert!(matches!(read(&text), Err(ReadError::Syntax { .. })));
    }
}

#[test]
fn long_chain_of_types_is_refused() {
    let chain = (0..6_000).map(|at| newtype(&format!("T{at}"), named(&format!("T{}", at + 1))));
    let mut types: Vec<_> = chain.collect();
    types.push(unit("T6000"));
    assert!(matches!(read(&forged(&types)), Err(ReadError::Rule { .. })));
}

#[test]
fn cycle_of_types_is_refused() {
    let ring =
        (0..6_000).map(|at| newtype(&format!("T{at}"), named(&format!("T{}", (at + 1) % 6_000))));
    let types: Vec<_> = ring.collect();
    let Err(ReadError::Rule { rule }) = read(&forged(&types)) else { panic!("a cycle was read") };
    assert!(rule.contains("contain itself"), "{rule}");
}

/// Returns a text in the canonical form of a schema that is not valid.
fn forged(types: &[simplenet_schema::Declaration]) -> String {
    let mut text = write(&schema(empty())).replace("connect tuple 0()", "connect @2:T0");
    text = text.replace("types 0\n", &format!("types {}\n", types.len()));
    for declared in types {
        let Shape::Struct(contents) = &declared.shape else { panic!("expected a struct") };
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
fn false_count_is_refused() {
    let text = write(&schema(empty()));
    for count in ["18446744073709551615", "99999999999999999999999999", "1000000000"] {
        let text = text.replace("types 0", &format!("types {count}"));
        assert!(matches!(read(&text), Err(ReadError::Syntax { .. })), "{count}");
    }
}

#[test]
fn non_canonical_text_of_a_schema_is_refused() {
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
    fn written_form_is_read_as_the_same_schema(schema in any_schema()) {
        prop_assert_eq!(read(&write(&schema)), Ok(schema));
    }

    #[test]
    fn changed_schema_has_a_different_hash((one, other) in changed_schema()) {
        let hashes = [&one, &other].map(|schema| protocol_hash(&write(schema)));
        prop_assert_eq!(one == other, hashes[0] == hashes[1]);
        prop_assert_eq!(one == other, diff(&one, &other).is_empty());
    }

    #[test]
    fn unrelated_schemas_have_different_hashes(one in any_schema(), other in any_schema()) {
        let hashes = [&one, &other].map(|schema| protocol_hash(&write(schema)));
        prop_assert_eq!(one == other, hashes[0] == hashes[1]);
        prop_assert_eq!(one == other, diff(&one, &other).is_empty());
    }

    #[test]
    fn order_of_declarations_does_not_change_the_hash(raw in any_raw_schema(), seed in any::<u64>()) {
        let mut shuffled = raw.clone();
        let count = shuffled.types.len().max(1);
        shuffled.types.rotate_left((seed % count as u64) as usize);
        shuffled.types.reverse();
        prop_assert_eq!(hash(shuffled), hash(raw));
    }

    #[test]
    fn order_of_messages_and_requests_changes_the_hash(raw in any_raw_schema()) {
        for reverse in [
            |raw: &mut RawSchema| raw.client_messages.reverse(),
            |raw: &mut RawSchema| raw.server_messages.reverse(),
            |raw: &mut RawSchema| raw.client_requests.reverse(),
        ] {
            let mut other = raw.clone();
            reverse(&mut other);
            let changed = other != raw;
            prop_assert_eq!(hash(other) != hash(raw.clone()), changed);
        }
    }

    #[test]
    fn damaged_form_is_refused_or_canonical(
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
    fn arbitrary_text_does_not_panic(text in "(simplenet 1\nwire 1\n)?[ -~\n]{0,200}") {
        let _ = read(&text);
    }
}
