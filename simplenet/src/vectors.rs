//! The golden vectors in `docs/vectors.json`, for the tests.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use bytes::Bytes;
use serde_json::Value;

/// Returns the rows of a list in `docs/vectors.json`.
pub(crate) fn vectors(list: &str) -> Vec<Value> {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/vectors.json"));
    let all: Value = serde_json::from_str(text).unwrap();
    all[list].as_array().unwrap().clone()
}

/// Returns a text of a row.
pub(crate) fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap()
}

/// Returns the bytes of a row.
pub(crate) fn bytes(row: &Value) -> Bytes {
    unhex(text(row, "hex"))
}

/// Returns the bytes of a text in hexadecimal.
pub(crate) fn unhex(text: &str) -> Bytes {
    let digits: Vec<u32> = text.chars().map(|digit| digit.to_digit(16).unwrap()).collect();
    let (pairs, rest) = digits.as_chunks::<2>();
    assert!(rest.is_empty(), "odd number of digits: {text}");
    pairs.iter().map(|[high, low]| u8::try_from(high * 16 + low).unwrap()).collect()
}
