use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// A value that contains every kind of type that a schema can declare, except floats, because NaN
/// does not equal itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Value {
    Unit,
    Unsigned(bool, u8, u16, u32, u64, u128),
    Signed(i8, i16, i32, i64, i128),
    Texts { character: char, text: String, bytes: Bytes },
    Lists(Vec<Item>, Vec<u8>, BTreeSet<u16>),
    Maps(BTreeMap<u32, String>, BTreeMap<String, Item>),
    Options(Option<Item>, Option<Option<u8>>, Option<()>),
    Results(Result<u8, String>, Result<(), Item>),
    Arrays([u16; 3], [Item; 2], (u8, Item, String)),
    Boxes(Box<Item>, Option<Box<Item>>),
    Strings(Vec<Vec<Vec<String>>>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Item {
    Nothing,
    One(u32),
    Many { numbers: Vec<i64>, nothing: (), flag: bool },
    Wide([u64; 8]),
}
