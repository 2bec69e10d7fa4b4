//! The table of serde attributes in docs/types.md: each row is tested with a value.

use std::{
    fmt::Debug,
    panic::{AssertUnwindSafe, catch_unwind},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use simplenet::assert_wire_safe;

use super::{types::Unsafe, unsafe_values};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename = "other", rename_all = "camelCase", deny_unknown_fields)]
struct Renamed {
    #[serde(rename = "type", alias = "kind")]
    first_field: u8,
    #[serde(default)]
    second: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Variants {
    #[serde(rename = "x", alias = "y")]
    First,
    Second(u8),
    Third {
        a: u8,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Transparent {
    inner: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
struct Converted(u8);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Functions {
    #[serde(with = "as_text")]
    number: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Unsent {
    sent: u8,
    #[serde(skip)]
    local: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum WithOther {
    Known,
    #[serde(other)]
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value")]
enum Adjacent {
    Number(u8),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SkipsIf {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<u8>,
    id: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct OnlyReceived {
    id: u8,
    #[serde(skip_serializing)]
    last: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct OnlySent {
    id: u8,
    #[serde(skip_deserializing)]
    last: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum SkippedVariant {
    First,
    #[serde(skip)]
    Local,
    Last(u8),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum OneUntagged {
    Number(u8),
    #[serde(untagged)]
    Other(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Deepest {
    list: Vec<Wrapped>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Wrapped {
    inner: Unsafe,
}

impl TryFrom<u8> for Converted {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        if number < 100 { Ok(Self(number)) } else { Err("too large".to_owned()) }
    }
}

impl From<Converted> for u8 {
    fn from(converted: Converted) -> Self {
        converted.0
    }
}

/// A number as a text, as an example of `with`.
mod as_text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(number: &u32, to: S) -> Result<S::Ok, S::Error> {
        number.to_string().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// Returns the text of the failed assertion, or `None` if the value is safe.
fn failure<T: Serialize + DeserializeOwned + Debug>(value: T) -> Option<String> {
    let result = catch_unwind(AssertUnwindSafe(|| assert_wire_safe(&[value])));
    result.err().map(|panic| *panic.downcast::<String>().unwrap())
}

#[test]
fn safe_attributes_survive_the_wire() {
    let rows = [
        (
            "rename, alias, default, deny_unknown_fields",
            failure(Renamed { first_field: 1, second: None }),
        ),
        (
            "rename_all of variants",
            failure([Variants::First, Variants::Second(1), Variants::Third { a: 1 }]),
        ),
        ("transparent", failure(Transparent { inner: 300 })),
        ("try_from, into", failure(Converted(7))),
        ("with", failure(Functions { number: 7 })),
        ("skip of a field", failure(Unsent { sent: 1, local: 2 })),
        ("other", failure([WithOther::Known, WithOther::Unknown])),
        ("skip_serializing_if that does not skip", failure(SkipsIf { note: Some(1), id: 1 })),
    ];
    for (attribute, failure) in rows {
        assert_eq!(failure, None, "{attribute}");
    }
}

#[test]
fn unsafe_attributes_are_found_with_place_and_reason() {
    let rows = [
        ("tag and content", failure(Adjacent::Number(1)), "self-describing"),
        (
            "skip_serializing_if",
            failure(vec![SkipsIf { note: None, id: 1 }]),
            "[0]: skips the field `note`",
        ),
        ("skip_serializing", failure(OnlyReceived { id: 1, last: 2 }), "`skip_serializing`"),
        ("skip_deserializing", failure(OnlySent { id: 1, last: 2 }), "`skip_deserializing`"),
        (
            "skip of a variant",
            failure([SkippedVariant::First, SkippedVariant::Local, SkippedVariant::Last(1)]),
            "variant",
        ),
        ("untagged variant", failure(OneUntagged::Other("a".into())), "self-describing"),
        ("try_from of an invalid value", failure(Converted(200)), "its `Deserialize` failed"),
    ];
    for (attribute, failure, reason) in rows {
        let failure = failure.unwrap_or_else(|| panic!("{attribute} is safe"));
        assert!(failure.contains(reason), "{attribute}: {failure}");
    }
    // Values inside of others: the place is named.
    for (value, reason) in unsafe_values() {
        let value =
            Deepest { list: vec![Wrapped { inner: Unsafe::None }, Wrapped { inner: value }] };
        let failure = failure(value.clone()).unwrap_or_else(|| panic!("{value:?} is safe"));
        let reason =
            if reason.starts_with("the bytes end") { "`skip_serializing`" } else { reason };
        assert!(failure.contains("list[1].inner") && failure.contains(reason), "{failure}");
    }
}
