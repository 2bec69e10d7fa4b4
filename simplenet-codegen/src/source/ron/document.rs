use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};

/// The schema file of a channel.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Channel<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) include: Vec<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) connect: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) client: Client<'a>,
    #[serde(borrow, default)]
    pub(super) server: Server<'a>,
    #[serde(borrow, default)]
    pub(super) types: Entries<'a, Shape<'a>>,
    #[serde(borrow, default)]
    pub(super) external: Entries<'a, Text<'a>>,
    #[serde(borrow, default)]
    pub(super) docs: Entries<'a, String>,
    #[serde(borrow, default)]
    pub(super) derive: Entries<'a, Vec<Text<'a>>>,
}

/// A file of types, for channels to include.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Types<'a> {
    #[serde(borrow, default)]
    pub(super) include: Vec<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) types: Entries<'a, Shape<'a>>,
    #[serde(borrow, default)]
    pub(super) external: Entries<'a, Text<'a>>,
    #[serde(borrow, default)]
    pub(super) docs: Entries<'a, String>,
    #[serde(borrow, default)]
    pub(super) derive: Entries<'a, Vec<Text<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename = "client")]
pub(super) struct Client<'a> {
    #[serde(borrow, default)]
    pub(super) messages: Vec<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) requests: Entries<'a, Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename = "server")]
pub(super) struct Server<'a> {
    #[serde(borrow, default)]
    pub(super) messages: Vec<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename = "type")]
pub(super) enum Shape<'a> {
    Unit,
    Newtype(#[serde(borrow)] Text<'a>),
    Tuple(#[serde(borrow)] Vec<Text<'a>>),
    Struct(#[serde(borrow)] Entries<'a, Text<'a>>),
    Enum(#[serde(borrow)] Entries<'a, Fields<'a>>),
}

#[derive(Deserialize)]
#[serde(rename = "variant")]
pub(super) enum Fields<'a> {
    Unit,
    Newtype(#[serde(borrow)] Text<'a>),
    Tuple(#[serde(borrow)] Vec<Text<'a>>),
    Struct(#[serde(borrow)] Entries<'a, Text<'a>>),
}

/// A slice of the file's text.
#[derive(Clone, Copy)]
pub(super) struct Text<'a>(pub(super) &'a str);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(text))
    }

    // A string with escapes is not a slice of the file, so its range is unknown.
    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Err(E::custom("names, types and paths cannot contain escapes"))
    }
}

/// The entries of a map, in order and with duplicate keys.
pub(super) struct Entries<'de, T>(pub(super) Vec<(Text<'de>, T)>);

impl<T> Default for Entries<'_, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Entries<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Entries<'de, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}
