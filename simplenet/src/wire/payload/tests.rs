use std::collections::{BTreeMap, HashMap};

use proptest::{collection, prelude::*};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Footprints, Payload, Shape, Walk};
use crate::{
    test,
    vectors::{bytes, text, vectors},
    wire::{
        EncodeError, MAX_HELLO_BYTES,
        codec::{BUDGET_BASE, Input, ValueDecoder, decode_sized, encode, memory_budget},
        server_message,
    },
};

/// A schema with every kind of type, whose values need much more memory than bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Node {
    Empty,
    Item(Item),
    Boxed(Box<Item>),
    Boxes((Box<Item>, Box<u8>)),
    Items(Vec<Option<Item>>),
    Map(BTreeMap<u16, Option<Item>>),
    Nested(Vec<Vec<Node>>),
    Results(Vec<Result<u8, Item>>),
    Units(HashMap<u8, ()>),
    External(Vec<External>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Item {
    wide: Option<u128>,
    array: Option<[u64; 8]>,
    name: String,
    flags: (bool, u8, char, f32, f64, i16),
    list: Vec<u8>,
    map: HashMap<u8, u8>,
}

/// Stands for a type of another crate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct External {
    hidden: Vec<Option<[u64; 4]>>,
}

static BYTE: Shape = Shape::Byte;
static ITEM: Shape = Shape::Fields(&[
    ("wide", &Shape::Option(&Shape::Integer(128))),
    ("array", &Shape::Option(&Shape::Array(&Shape::Integer(64), 8))),
    ("name", &Shape::Text),
    (
        "flags",
        &Shape::Fields(&[
            ("0", &Shape::Bool),
            ("1", &BYTE),
            ("2", &Shape::Char),
            ("3", &Shape::Float(4)),
            ("4", &Shape::Float(8)),
            ("5", &Shape::Integer(16)),
        ]),
    ),
    ("list", &Shape::List(&BYTE)),
    ("map", &Shape::Map(&BYTE, &BYTE)),
]);
static SLOT: Shape = Shape::Option(&ITEM);
static NODE: Shape = Shape::Enum(&[
    ("Empty", &[]),
    ("Item", &[("0", &ITEM)]),
    ("Boxed", &[("0", &Shape::Boxed(&ITEM))]),
    (
        "Boxes",
        &[("0", &Shape::Fields(&[("0", &Shape::Boxed(&ITEM)), ("1", &Shape::Boxed(&BYTE))]))],
    ),
    ("Items", &[("0", &Shape::List(&SLOT))]),
    ("Map", &[("0", &Shape::Map(&Shape::Integer(16), &SLOT))]),
    ("Nested", &[("0", &Shape::List(&Shape::List(&NODE)))]),
    ("Results", &[("0", &Shape::List(&RESULT))]),
    ("Units", &[("0", &Shape::Map(&BYTE, &Shape::Fields(&[])))]),
    ("External", &[("0", &Shape::List(&EXTERNAL))]),
]);
static RESULT: Shape = Shape::Enum(&[("Ok", &[("0", &BYTE)]), ("Err", &[("0", &ITEM)])]);
static EXTERNAL: Shape = Shape::external::<External>();

fn item() -> impl Strategy<Value = Item> {
    let flags = any::<(bool, u8, char, f32, f64, i16)>();
    let flags = flags.prop_map(|mut flags| {
        flags.3 = if flags.3.is_nan() { 0.0 } else { flags.3 };
        flags.4 = if flags.4.is_nan() { 0.0 } else { flags.4 };
        flags
    });
    let maps = collection::hash_map(any::<u8>(), any::<u8>(), 0..3);
    (any::<(Option<u128>, Option<[u64; 8]>)>(), ".{0,3}", flags, any::<Vec<u8>>(), maps).prop_map(
        |((wide, array), name, flags, list, map)| Item { wide, array, name, flags, list, map },
    )
}

/// Most lists are short, and some have up to 40,000 empty elements.
fn length() -> impl Strategy<Value = usize> {
    prop_oneof![4 => 0_usize..4, 1 => 0_usize..40_000]
}

fn node() -> impl Strategy<Value = Node> {
    let external = length().prop_map(|length| External { hidden: vec![None; length] });
    let leaf = prop_oneof![
        Just(Node::Empty),
        item().prop_map(Node::Item),
        item().prop_map(|item| Node::Boxed(Box::new(item))),
        (item(), any::<u8>()).prop_map(|(item, byte)| Node::Boxes((Box::new(item), byte.into()))),
        (length(), proptest::option::of(item()))
            .prop_map(|(length, item)| Node::Items([vec![None; length], vec![item]].concat())),
        length().prop_map(|length| Node::Map((0..length).map(|key| (key as u16, None)).collect())),
        (length(), item()).prop_map(|(length, item)| {
            Node::Results([vec![Ok(7); length], vec![Err(item)]].concat())
        }),
        collection::hash_map(any::<u8>(), Just(()), 0..9).prop_map(Node::Units),
        collection::vec(external, 0..3).prop_map(Node::External),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        collection::vec(collection::vec(inner, 0..3), 0..3).prop_map(Node::Nested)
    })
}

/// Returns the memory that this platform's decoder charges.
fn charged<T: DeserializeOwned>(payload: &[u8]) -> usize {
    let mut input = Input::new(payload, usize::MAX);
    T::deserialize(ValueDecoder::new(&mut input, size_of::<T>(), 0)).unwrap();
    input.claimed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(target_arch = "wasm32") { 32 } else { 256 }))]

    #[test]
    fn value_that_a_sender_accepts_fits_into_the_budget_of_the_receiver(value in node()) {
        let payload = Payload::new(&NODE);
        let frame = payload.complete(server_message(&value, usize::MAX).unwrap()).unwrap();
        let encoded = frame.payload();
        let counted = payload.memory(encoded).unwrap();
        prop_assert!(counted >= charged::<Node>(encoded), "the sender counts too little");
        prop_assert!(counted <= payload.per_byte * encoded.len(), "{counted}");

        // The receiver whose limit is the length of the frame has the smallest budget.
        for max_msg_size in [frame.frame().len(), 2 * frame.frame().len(), 1 << 20] {
            let decoded = decode_sized::<Node>(encoded, max_msg_size);
            let exceeds = counted > memory_budget(max_msg_size);
            let too_long = frame.frame().len() > max_msg_size;
            prop_assert_eq!(frame.is_too_large(max_msg_size), exceeds || too_long);
            if !exceeds {
                prop_assert_eq!(decoded.map(|(decoded, _)| decoded), Ok(value.clone()));
            }
        }
    }

    #[test]
    fn walk_of_arbitrary_bytes_ends_like_the_decoder(bytes in collection::vec(any::<u8>(), 0..64)) {
        let footprints = Footprints::of(&NODE).0;
        let walk = Walk::new(Input::new(&bytes, usize::MAX), &footprints).run(&NODE);
        let decoded = decode_sized::<Node>(&bytes, usize::MAX);
        prop_assert_eq!(walk.is_ok(), decoded.is_ok(), "{:?} {:?}", walk, decoded);
    }
}

#[test]
fn frame_with_more_memory_than_the_budget_is_too_large() {
    static SLOTS: Shape = Shape::List(&SLOT);
    let payload = Payload::new(&SLOTS);
    let footprint = payload.footprints.get(&SLOT);
    let (base, per_slot) = (BUDGET_BASE, footprint - 32);
    for (count, fits) in [(base / per_slot - 1, true), (base / per_slot + 40, false)] {
        let frame = server_message(&vec![None::<Item>; count], usize::MAX).unwrap();
        let frame = payload.complete(frame).unwrap();
        let length = frame.frame().len();
        assert_eq!(!frame.is_too_large(length), fits, "{count} slots of {footprint} bytes");
        assert!(!frame.is_too_large(16 * length), "the budget follows `max_msg_size`");
    }
}

#[test]
fn connect_message_with_more_memory_than_the_budget_of_a_hello_is_refused() {
    static SLOTS: Shape = Shape::List(&SLOT);
    let payload = Payload::new(&SLOTS);
    let connect = |count| {
        payload.check_connect(&encode(&vec![None::<Item>; count], MAX_HELLO_BYTES).unwrap())
    };
    assert_eq!(connect(2_000), Ok(()));
    let budget = memory_budget(MAX_HELLO_BYTES);
    let memory = 60_000 * payload.footprints.get(&SLOT);
    assert_eq!(connect(60_000), Err(EncodeError::OverBudget { memory, budget }));
}

#[test]
fn footprints_of_the_vectors_are_counted() {
    let listed = vectors("footprints");
    for row in &listed {
        let payload = Payload::new(shape(text(row, "type")));
        let memory = payload.memory(&bytes(row)).unwrap();
        assert_eq!(Value::from(memory), row["memory"], "{row}");
    }
    assert_eq!(listed.len(), 15);
}

/// Returns the shape of a type in the vectors.
fn shape(name: &str) -> &'static Shape {
    match name {
        "Vec<bool>" => &Shape::List(&Shape::Bool),
        "Vec<f64>" => &Shape::List(&Shape::Float(8)),
        "Vec<u128>" => &Shape::List(&Shape::Integer(128)),
        "Vec<(u128, u8)>" => {
            &Shape::List(&Shape::Fields(&[("0", &Shape::Integer(128)), ("1", &Shape::Byte)]))
        }
        "Vec<String>" => &Shape::List(&Shape::Text),
        "Vec<Bytes>" => &Shape::List(&Shape::Bytes),
        "Vec<Vec<u8>>" => &Shape::List(&Shape::List(&Shape::Byte)),
        "Vec<Set<char>>" => &Shape::List(&Shape::Set(&Shape::Char)),
        "Map<u8, Map<u8, u8>>" => {
            &Shape::Map(&Shape::Byte, &Shape::Map(&Shape::Byte, &Shape::Byte))
        }
        "Vec<Option<[u64; 32]>>" => {
            &Shape::List(&Shape::Option(&Shape::Array(&Shape::Integer(64), 32)))
        }
        "Vec<Option<u128>>" => &Shape::List(&Shape::Option(&Shape::Integer(128))),
        "Vec<Result<u8, String>>" => &Shape::List(&Shape::Enum(&[
            ("Ok", &[("0", &Shape::Byte)]),
            ("Err", &[("0", &Shape::Text)]),
        ])),
        "Option<Box<(u8, u8)>>" => &Shape::Option(&Shape::Boxed(&Shape::Fields(&[
            ("0", &Shape::Byte),
            ("1", &Shape::Byte),
        ]))),
        "Map<u8, ()>" => &Shape::Map(&Shape::Byte, &Shape::Fields(&[])),
        "[String; 2]" => &Shape::Array(&Shape::Text, 2),
        other => panic!("{other}"),
    }
}

#[test]
fn error_names_the_place_of_the_value() {
    let item = |flag| [vec![0, 0, 0, flag, 0], vec![b'a'], vec![0; 12], vec![0, 0, 0]].concat();
    let rows = [
        (vec![9, 1, 2, 0, 3], "External[0].hidden[1]: invalid option"),
        (vec![4, 1, 1, 0, 0, 0, 2], "Items[0].flags[0]: invalid boolean"),
        (vec![5, 1, 7, 1, 9], "Map[0].wide: invalid option"),
        ([vec![7, 1, 1], item(3)].concat(), "Results[0].Err.flags[0]: invalid boolean"),
        (vec![6, 1, 1, 99], "Nested[0][0]: expected variant index 0 <= i < 10"),
        (vec![2, 0, 0, 5, b'a'], "Boxed.name: the bytes end before the value does"),
        (vec![0, 0], "bytes follow the value"),
        (vec![11], "expected variant index 0 <= i < 10"),
    ];
    for (payload, expected) in rows {
        let error = decode_sized::<Node>(&payload, 1 << 20).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}
