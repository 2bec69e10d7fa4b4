use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap},
    fmt::Debug,
};

use proptest::{collection, prelude::*};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    DecodeError, EncodeError, FORMAT, KEPT_SCRATCH, SCRATCH, append, decode, decode_sized, encode,
    encode_frame, integer_bytes, split_integer, variant_index,
};
use crate::test;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    numbers: (bool, u8, u16, u32, u64, u128),
    signed: (i8, i16, i32, i64, i128),
    character: char,
    text: String,
    bytes: bytes::Bytes,
    option: Option<Shape>,
    list: Vec<Shape>,
    array: [u16; 3],
    map: BTreeMap<String, Shape>,
    boxed: Box<Shape>,
    result: Result<Unit, Id>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Nothing,
    One(Id),
    Two(u8, String),
    Named { flag: bool, values: Vec<i64> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Id(u32);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Unit;

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        Just(Shape::Nothing),
        any::<u32>().prop_map(|id| Shape::One(Id(id))),
        (any::<u8>(), ".{0,5}").prop_map(|(number, text)| Shape::Two(number, text)),
        (any::<bool>(), collection::vec(any::<i64>(), 0..4))
            .prop_map(|(flag, values)| Shape::Named { flag, values }),
    ]
}

fn everything() -> impl Strategy<Value = Everything> {
    let scalars = (any::<(bool, u8, u16, u32, u64, u128)>(), any::<(i8, i16, i32, i64, i128)>());
    let texts = (any::<char>(), ".{0,9}", collection::vec(any::<u8>(), 0..9));
    let shapes = (
        proptest::option::of(shape()),
        collection::vec(shape(), 0..4),
        any::<[u16; 3]>(),
        collection::btree_map(".{0,3}", shape(), 0..4),
        shape(),
        any::<Option<u32>>(),
    );
    (scalars, texts, shapes).prop_map(|((numbers, signed), (character, text, bytes), shapes)| {
        let (option, list, array, map, boxed, id) = shapes;
        Everything {
            numbers,
            signed,
            character,
            text,
            bytes: bytes.into(),
            option,
            list,
            array,
            map,
            boxed: Box::new(boxed),
            result: id.map_or(Ok(Unit), |id| Err(Id(id))),
        }
    })
}

proptest! {
    #[test]
    fn values_encode_like_bincode_and_round_trip(value in everything()) {
        let bytes = encode(&value, usize::MAX).unwrap();
        prop_assert_eq!(&bytes[..], bincode::serde::encode_to_vec(&value, FORMAT).unwrap());
        prop_assert_eq!(decode::<Everything>(&bytes), Ok(value));
    }

    #[test]
    fn truncated_and_extended_values_are_refused(value in everything()) {
        let bytes = encode(&value, usize::MAX).unwrap();
        for length in 0..bytes.len() {
            prop_assert_eq!(decode::<Everything>(&bytes[..length]), Err(DecodeError::Truncated));
        }
        let longer = [&bytes[..], &[0]].concat();
        prop_assert_eq!(decode::<Everything>(&longer), Err(DecodeError::Trailing));
    }

    #[test]
    fn arbitrary_bytes_decode_like_bincode(bytes in collection::vec(any::<u8>(), 0..64)) {
        same_as_bincode::<Vec<Shape>>(&bytes)?;
        same_as_bincode::<(u16, i32, bool, char)>(&bytes)?;
        same_as_bincode::<BTreeMap<Option<u8>, String>>(&bytes)?;
    }

    #[test]
    fn integers_encode_like_bincode(value: u64, shift in 0_u32..64) {
        let value = value >> shift;
        let mut bytes = Vec::new();
        bytes.extend(integer(value));
        prop_assert_eq!(&bytes, &bincode::encode_to_vec(value, FORMAT).unwrap());
        let length = bytes.len();
        bytes.push(7);
        prop_assert_eq!(split_integer(&bytes), Ok((value, length)));
    }
}

fn same_as_bincode<T>(bytes: &[u8]) -> Result<(), TestCaseError>
where
    T: DeserializeOwned + PartialEq + Debug,
{
    // The limit is far above the length of the bytes. Without a limit, bincode allocates as much as
    // the bytes claim.
    let format = FORMAT.with_limit::<65_536>();
    let theirs = bincode::serde::decode_from_slice::<T, _>(bytes, format)
        .ok()
        .and_then(|(value, used)| (used == bytes.len()).then_some(value));
    prop_assert_eq!(decode::<T>(bytes).ok(), theirs);
    Ok(())
}

/// Encodes an integer.
fn integer(value: u64) -> Vec<u8> {
    let (bytes, size) = integer_bytes(value);
    bytes[..size].to_vec()
}

#[test]
fn integer_widths_change_like_those_of_bincode() {
    for value in [250, 251, 0xffff, 0x1_0000, 0xffff_ffff, 0x1_0000_0000, u64::MAX] {
        let mut bytes = Vec::new();
        bytes.extend(integer(value));
        assert_eq!(bytes, bincode::encode_to_vec(value, FORMAT).unwrap());
    }
}

#[test]
fn limit_counts_the_whole_frame() {
    let text = "x".repeat(100);
    assert_eq!(encode_frame(3, Some(7), &text, 103).unwrap().frame().len(), 103);
    assert_eq!(
        encode_frame(3, Some(7), &text, 102).map(drop),
        Err(EncodeError::TooLarge { size: 103, limit: 102 })
    );
    assert_eq!(encode(&text, 5), Err(EncodeError::TooLarge { size: 101, limit: 5 }));
}

#[test]
fn bytes_beyond_the_limit_are_not_stored() {
    let mut buffer = Vec::new();
    append(&mut buffer, &vec![7_u8; 1 << 20], 10).unwrap_err();
    assert!(buffer.capacity() < 100);
}

#[test]
fn scratch_buffer_shrinks_after_a_large_message() {
    encode(&vec![7_u8; 1 << 20], usize::MAX).unwrap();
    assert!(SCRATCH.take().capacity() <= KEPT_SCRATCH);
}

#[test]
fn nested_encoding_is_supported() {
    struct Inside;
    impl Serialize for Inside {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let inner = encode(&(1_u8, 2_u8), usize::MAX).map_err(serde::ser::Error::custom)?;
            inner.serialize(serializer)
        }
    }
    assert_eq!(encode(&(9_u8, Inside, 9_u8), usize::MAX).unwrap()[..], [9, 2, 1, 2, 9]);
}

#[test]
fn failed_encoding_leaves_an_empty_buffer() {
    struct Fails;
    impl Serialize for Fails {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no such thing"))
        }
    }
    let error = encode(&(1_u8, Fails), usize::MAX).unwrap_err();
    assert_eq!(error, EncodeError::Unsupported("[1]: no such thing".to_owned()));
    assert_eq!(encode(&5_u8, usize::MAX).unwrap()[..], [5]);
}

#[test]
fn variant_index_is_read_without_the_payload() {
    assert_eq!(variant_index(&encode(&Shape::Two(1, String::new()), 99).unwrap()), Some(2));
    assert_eq!(variant_index(&[251, 0, 1, 99]), Some(256));
    assert_eq!(variant_index(&[]), None);
    assert_eq!(variant_index(&[253, 0, 0, 0, 0, 1, 0, 0, 0]), None);
}

/// Encodes a sequence that claims `count` elements and contains `rest`.
fn claim(count: u64, rest: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(integer(count));
    bytes.extend_from_slice(rest);
    bytes
}

#[test]
fn claimed_length_beyond_the_message_is_refused() {
    for count in [1 << 20, 1 << 30, usize::MAX as u64] {
        let bytes = claim(count, &[0; 8]);
        assert_eq!(decode::<String>(&bytes), Err(DecodeError::Truncated));
        assert_eq!(decode::<bytes::Bytes>(&bytes), Err(DecodeError::Truncated));
        assert_eq!(decode::<Vec<u8>>(&bytes), Err(DecodeError::Truncated));
        assert_eq!(decode::<Vec<()>>(&bytes), Err(DecodeError::Truncated));
        assert_eq!(decode::<Vec<Vec<u64>>>(&bytes), Err(DecodeError::Truncated));
        assert_eq!(decode::<HashMap<u64, ()>>(&bytes), Err(DecodeError::Truncated));
    }
}

thread_local! {
    static DECODED: Cell<usize> = const { Cell::new(0) };
}

/// A type of one byte on the wire and 408 bytes in memory. `DECODED` counts its decoded values.
#[derive(Debug)]
struct Large(#[expect(dead_code, reason = "only its size matters")] [u64; 51]);

impl<'de> Deserialize<'de> for Large {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[expect(clippy::large_enum_variant, reason = "the test needs the difference in size")]
        #[expect(dead_code, reason = "only its size matters")]
        enum Mirror {
            Empty,
            Filled([u64; 32], [u64; 18]),
        }
        Mirror::deserialize(deserializer)?;
        DECODED.set(DECODED.get() + 1);
        Ok(Self([0; 51]))
    }
}

/// A type that is larger than the `Large` that it points to.
#[derive(Deserialize)]
#[expect(clippy::large_enum_variant, reason = "the test needs the difference in size")]
#[expect(dead_code, reason = "only its size matters")]
enum Larger {
    Inline([u64; 32], [u64; 32]),
    Boxed(Box<Large>),
}

/// Decodes `bytes`, and returns the memory of the decoded `Large` values as well.
fn memory_of<T: DeserializeOwned>(bytes: &[u8]) -> (Result<T, DecodeError>, usize) {
    DECODED.set(0);
    let result = decode::<T>(bytes);
    (result, DECODED.get() * size_of::<Large>())
}

#[test]
fn elements_beyond_the_budget_are_refused_before_they_are_decoded() {
    const LENGTH: usize = 1 << 20;
    let bytes = claim(LENGTH as u64, &[0; LENGTH]);
    let budget = 33 * LENGTH;

    let (result, memory) = memory_of::<Vec<Large>>(&bytes);
    assert!(matches!(result, Err(DecodeError::OverBudget)));
    assert!(memory <= budget, "{memory}");

    // A value behind a pointer is charged too, though the pointer itself has only eight bytes.
    let (result, memory) = memory_of::<Vec<Box<Large>>>(&bytes);
    assert!(matches!(result, Err(DecodeError::OverBudget)));
    assert!(memory <= budget, "{memory}");

    // A value behind a pointer is also charged if the value around the pointer is larger.
    let boxed = claim(LENGTH as u64 / 2, &[1, 0].repeat(LENGTH / 2));
    let (result, memory) = memory_of::<Vec<Larger>>(&boxed);
    assert!(matches!(result, Err(DecodeError::OverBudget)));
    let around = memory / size_of::<Large>() * size_of::<Larger>();
    assert!(memory + around <= budget, "{memory} + {around}");

    // The value of a map entry is charged as well. Each entry is a key byte and an encoded value.
    let entries: Vec<u8> = (0..=u8::MAX).flat_map(|key| [key, 0]).cycle().take(LENGTH).collect();
    let (result, memory) = memory_of::<HashMap<u8, Large>>(&claim(LENGTH as u64 / 2, &entries));
    assert!(matches!(result, Err(DecodeError::OverBudget)));
    assert!(memory <= budget, "{memory}");
}

#[test]
fn short_message_with_many_empty_values_is_accepted() {
    let bytes = claim(600, &[0; 600]);
    assert_eq!(decode::<Vec<Large>>(&bytes).unwrap().len(), 600);
}

#[test]
fn size_of_a_value_is_its_bytes_or_its_memory() {
    let size = |bytes: &[u8]| decode_sized::<Vec<Large>>(bytes, bytes.len()).unwrap().1;
    assert_eq!(size(&claim(0, &[])), size_of::<Vec<Large>>());
    let bytes = claim(600, &[0; 600]);
    assert_eq!(size(&bytes), size_of::<Vec<Large>>() + 600 * size_of::<Large>());

    let text = encode(&"x".repeat(5_000), usize::MAX).unwrap();
    assert_eq!(decode_sized::<String>(&text, text.len()).unwrap().1, text.len());
    assert_eq!(
        decode_sized::<[Option<u64>; 8]>(&[0; 8], 8).unwrap().1,
        128,
        "no value behind a pointer"
    );
}

#[test]
fn elements_of_size_zero_are_charged() {
    // Each inner list claims 32,767 units. Without a charge, decoding all of them would take
    // quadratic time.
    const LENGTH: usize = 1 << 16;
    let inner = [251, 0xff, 0x7f];
    let bytes = claim(LENGTH as u64 / 4, &inner.repeat(LENGTH));
    assert_eq!(decode::<Vec<Vec<()>>>(&bytes), Err(DecodeError::OverBudget));
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Chain {
    End,
    Link(Box<Chain>),
}

#[derive(Debug, Serialize, Deserialize)]
struct Wrapped(Option<Box<Wrapped>>);

#[derive(Debug, Serialize, Deserialize)]
struct Tree {
    children: Vec<Tree>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Nested {
    map: BTreeMap<u8, Nested>,
}

#[test]
fn nesting_beyond_the_limit_is_refused() {
    let ones = vec![1; 1 << 20];
    assert_eq!(decode::<Chain>(&ones), Err(DecodeError::TooDeep));
    assert_eq!(decode::<Wrapped>(&ones).unwrap_err(), DecodeError::TooDeep);
    assert_eq!(decode::<Tree>(&ones).unwrap_err(), DecodeError::TooDeep);
    assert_eq!(decode::<Nested>(&ones).unwrap_err(), DecodeError::TooDeep);

    let shallow = [vec![1; 100], vec![0]].concat();
    assert!(decode::<Chain>(&shallow).is_ok());
}

#[test]
fn invalid_values_are_named() {
    assert_eq!(decode::<bool>(&[2]), Err(DecodeError::Invalid("boolean")));
    assert_eq!(decode::<String>(&[1, 0xff]), Err(DecodeError::Invalid("text")));
    assert_eq!(decode::<char>(&[0xff]), Err(DecodeError::Invalid("character")));
    assert_eq!(decode::<Option<u8>>(&[2, 0]), Err(DecodeError::Invalid("option")));
    assert_eq!(decode::<u16>(&[252, 0, 0, 1, 0]), Err(DecodeError::Invalid("integer")));
    let expected = "variant index 0 <= i < 4".to_owned();
    assert_eq!(decode::<Shape>(&[9]), Err(DecodeError::Unexpected(expected)));
}

/// A type whose `Deserialize` fails in the way that the text requests, and quotes the text.
#[derive(Debug)]
struct Quoting;

impl<'de> Deserialize<'de> for Quoting {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::{Error, Unexpected};
        let text = String::deserialize(deserializer)?;
        let quoted = Unexpected::Str(&text);
        Err(match text.split_once(' ').map_or("", |(way, _)| way) {
            "type" => D::Error::invalid_type(quoted, &"a\x1b number"),
            "value" => D::Error::invalid_value(quoted, &"x".repeat(1000).as_str()),
            "length" => D::Error::invalid_length(text.len(), &"less"),
            "variant" => D::Error::unknown_variant(&text, &["Known"]),
            "field" => D::Error::unknown_field(&text, &["known"]),
            "missing" => D::Error::missing_field("known"),
            "twice" => D::Error::duplicate_field("known"),
            _ => D::Error::custom(text),
        })
    }
}

#[test]
fn errors_do_not_quote_received_bytes() {
    let error = |way: &str| {
        let bytes = encode(&format!("{way} canary"), usize::MAX).unwrap();
        let text = decode::<Quoting>(&bytes).unwrap_err().to_string();
        assert!(!text.contains("canary") && !text.contains('\x1b'), "{text}");
        text
    };
    assert_eq!(error("type"), "expected a\u{fffd} number");
    assert_eq!(error("value"), format!("expected {}", "x".repeat(200)));
    assert_eq!(error("length"), "expected less");
    assert_eq!(error("variant"), "invalid variant");
    assert_eq!(error("field"), "invalid field");
    assert_eq!(error("missing"), "invalid value: a field is missing");
    assert_eq!(error("twice"), "invalid value: a field occurs twice");
    assert_eq!(error("custom"), "its `Deserialize` failed");
}
