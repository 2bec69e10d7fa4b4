//! Encoded values.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fmt::Debug,
};

use ::bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    test,
    vectors::{bytes, text, vectors},
    wire::{
        codec::{decode, encode},
        tests::hex,
    },
};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Typing;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct RoomId(u32);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Left(RoomId, String);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Point {
    x: i16,
    y: i16,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Event {
    Closed,
    Moved(Point),
    Renamed(String, String),
    Banned { until: u64 },
}

const EVENT: &str =
    "enum Event { Closed, Moved(Point), Renamed(String, String), Banned { until: u64 } }";

/// Returns whether the bytes are decoded as a certain value.
type IsDecodedFrom = Box<dyn Fn(&[u8]) -> bool>;

/// A value, its type, and its form in `docs/vectors.json`.
struct Row {
    r#type: &'static str,
    value: Value,
    encoded: String,
    is_decoded_from: IsDecodedFrom,
}

fn row<T>(r#type: &'static str, value: Value, content: T) -> Row
where
    T: Debug + PartialEq + Serialize + DeserializeOwned + 'static,
{
    let encoded = hex(&encode(&content, 999).unwrap());
    let is_decoded_from: IsDecodedFrom =
        Box::new(move |bytes| decode(bytes).as_ref() == Ok(&content));
    Row { r#type, value, encoded, is_decoded_from }
}

/// Returns rows whose values have the same form in Rust and in JSON.
fn alike<T>(r#type: &'static str, contents: Vec<T>) -> Vec<Row>
where
    T: Debug + PartialEq + Serialize + DeserializeOwned + 'static,
{
    contents.into_iter().map(|content| row(r#type, json!(content), content)).collect()
}

/// Returns rows for integers that are texts in JSON.
fn wide<T>(r#type: &'static str, contents: Vec<T>) -> Vec<Row>
where
    T: Debug + ToString + PartialEq + Serialize + DeserializeOwned + 'static,
{
    contents.into_iter().map(|content| row(r#type, json!(content.to_string()), content)).collect()
}

fn primitives() -> Vec<Row> {
    let texts = vec![String::new(), "hi".to_owned(), "é€".to_owned(), "x".repeat(251)];
    [
        alike("bool", vec![false, true]),
        alike("u8", vec![0_u8, 250, 251, 255]),
        alike("i8", vec![0_i8, 1, -1, -128, 127]),
        alike("u16", vec![0_u16, 250, 251, 255, 256, 65535]),
        alike("u32", vec![7_u32, 65535, 65536, u32::MAX]),
        wide("u64", vec![7_u64, u32::MAX.into(), 1 << 32, u64::MAX]),
        wide("u128", vec![7_u128, u64::MAX.into(), 1 << 64, u128::MAX]),
        alike("i16", vec![0_i16, -1, 1, -2, 125, -125, 126, -126, i16::MAX, i16::MIN]),
        alike("i32", vec![-1_i32, 32768, i32::MIN]),
        wide("i64", vec![-1_i64, 1 << 31, i64::MIN]),
        wide("i128", vec![-1_i128, 1 << 63, i128::MIN]),
        alike("f64", vec![0.0_f64, 1.5, -0.1]),
        alike("f32", vec![0.0_f32, 1.5, -0.25]),
        alike("char", vec!['a', 'é', '€', '🦀']),
        alike("String", texts),
        vec![
            row("Bytes", json!(""), Bytes::new()),
            row("Bytes", json!("0102ff"), Bytes::from_static(&[1, 2, 255])),
        ],
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn containers() -> Vec<Row> {
    let letters = [(1_u8, "a".to_owned()), (200, "b".to_owned())];
    vec![
        row("Option<u32>", Value::Null, None::<u32>),
        row("Option<u32>", json!({ "some": 7 }), Some(7_u32)),
        row("Option<Option<bool>>", json!({ "some": null }), Some(None::<bool>)),
        row("Option<Option<bool>>", json!({ "some": { "some": true } }), Some(Some(true))),
        row("Vec<u16>", json!([]), Vec::<u16>::new()),
        row("Vec<u16>", json!([1, 300]), vec![1_u16, 300]),
        row("Vec<u8>", json!([1, 255]), vec![1_u8, 255]),
        row("BTreeSet<u16>", json!([1, 300]), BTreeSet::from([300_u16, 1])),
        row("HashSet<String>", json!(["a"]), HashSet::from(["a".to_owned()])),
        row("BTreeMap<u8, String>", json!([[1, "a"], [200, "b"]]), BTreeMap::from(letters)),
        row(
            "HashMap<String, u32>",
            json!([["a", 300]]),
            HashMap::from([("a".to_owned(), 300_u32)]),
        ),
        row("[u16; 3]", json!([1, 2, 300]), [1_u16, 2, 300]),
        row("(u8, String)", json!([255, "a"]), (255_u8, "a".to_owned())),
    ]
}

fn declared() -> Vec<Row> {
    let (x, y) = (-1, 300);
    vec![
        row("()", Value::Null, ()),
        row("struct Typing", Value::Null, Typing),
        row("struct RoomId(u32)", json!(300), RoomId(300)),
        row("struct Left(RoomId, String)", json!([7, "Ada"]), Left(RoomId(7), "Ada".to_owned())),
        row("struct Point { x: i16, y: i16 }", json!({ "x": -1, "y": 300 }), Point { x, y }),
        row(EVENT, json!("Closed"), Event::Closed),
        row(EVENT, json!({ "Moved": { "x": 1, "y": -2 } }), Event::Moved(Point { x: 1, y: -2 })),
        row(
            EVENT,
            json!({ "Renamed": ["a", "b"] }),
            Event::Renamed("a".to_owned(), "b".to_owned()),
        ),
        row(EVENT, json!({ "Banned": { "until": "300" } }), Event::Banned { until: 300 }),
        row("Result<u8, String>", json!({ "Ok": 7 }), Ok::<u8, String>(7)),
        row("Result<u8, String>", json!({ "Err": "no" }), Err::<u8, _>("no".to_owned())),
        row("Box<u32>", json!(300), Box::new(300_u32)),
    ]
}

fn rows() -> Vec<Row> {
    [primitives(), containers(), declared()].into_iter().flatten().collect()
}

#[test]
fn values_of_the_vectors_are_encoded_and_decoded() {
    let listed = vectors("values");
    let (rows, count) = (rows(), listed.len());
    for (row, listed) in rows.iter().zip(&listed) {
        assert_eq!((row.r#type, &row.value), (text(listed, "type"), &listed["value"]));
        assert_eq!(row.encoded, text(listed, "hex"), "{listed}");
        assert!((row.is_decoded_from)(&bytes(listed)), "{listed}");
    }
    assert_eq!(rows.len(), count);
}

#[test]
fn longer_forms_of_the_vectors_are_decoded() {
    for listed in vectors("accepted_values") {
        let of_type = |row: &Row| row.r#type == text(&listed, "type");
        let rows = [rows(), alike("i16", vec![-1_i16]), alike("String", vec!["a".to_owned()])];
        let mut rows = rows.into_iter().flatten();
        let row = rows.find(|row| of_type(row) && row.value == listed["value"]);
        assert!((row.unwrap().is_decoded_from)(&bytes(&listed)), "{listed}");
    }
}

#[test]
fn invalid_values_of_the_vectors_are_refused() {
    for listed in vectors("invalid_values") {
        let bytes = bytes(&listed);
        let is_refused = match text(&listed, "type") {
            "bool" => decode::<bool>(&bytes).is_err(),
            "u16" => decode::<u16>(&bytes).is_err(),
            "u32" => decode::<u32>(&bytes).is_err(),
            "u128" => decode::<u128>(&bytes).is_err(),
            "char" => decode::<char>(&bytes).is_err(),
            "String" => decode::<String>(&bytes).is_err(),
            "Vec<u16>" => decode::<Vec<u16>>(&bytes).is_err(),
            "Option<u32>" => decode::<Option<u32>>(&bytes).is_err(),
            "Result<u8, String>" => decode::<Result<u8, String>>(&bytes).is_err(),
            EVENT => decode::<Event>(&bytes).is_err(),
            other => panic!("{other}"),
        };
        assert!(is_refused, "{listed}");
    }
}
