//! Constructors for raw schemas.

use simplenet_schema::{
    Declaration, Field, Fields, Primitive, RawSchema, Request, Schema, Shape, Type, Variant,
};

pub(crate) fn u8() -> Type {
    Type::Primitive(Primitive::U8)
}

pub(crate) fn u32() -> Type {
    Type::Primitive(Primitive::U32)
}

pub(crate) fn u64() -> Type {
    Type::Primitive(Primitive::U64)
}

pub(crate) fn string() -> Type {
    Type::Primitive(Primitive::String)
}

pub(crate) fn f32() -> Type {
    Type::Primitive(Primitive::F32)
}

pub(crate) fn named(name: &str) -> Type {
    Type::Named(name.to_owned())
}

pub(crate) fn vec(element: Type) -> Type {
    Type::Vec(Box::new(element))
}

pub(crate) fn option(inner: Type) -> Type {
    Type::Option(Box::new(inner))
}

pub(crate) fn boxed(inner: Type) -> Type {
    Type::Boxed(Box::new(inner))
}

pub(crate) fn fields(fields: &[(&str, Type)]) -> Fields {
    let field =
        |(name, r#type): &(&str, Type)| Field { name: (*name).to_owned(), r#type: r#type.clone() };
    Fields::Named(fields.iter().map(field).collect())
}

pub(crate) fn declare(name: &str, shape: Shape) -> Declaration {
    Declaration { name: name.to_owned(), shape }
}

pub(crate) fn structure(name: &str, contents: &[(&str, Type)]) -> Declaration {
    declare(name, Shape::Struct(fields(contents)))
}

pub(crate) fn newtype(name: &str, inner: Type) -> Declaration {
    declare(name, Shape::Struct(Fields::Newtype(inner)))
}

pub(crate) fn unit(name: &str) -> Declaration {
    declare(name, Shape::Struct(Fields::Unit))
}

pub(crate) fn enumeration(name: &str, variants: &[(&str, Fields)]) -> Declaration {
    let variants = variants
        .iter()
        .map(|(name, fields)| Variant { name: (*name).to_owned(), fields: fields.clone() });
    declare(name, Shape::Enum(variants.collect()))
}

pub(crate) fn request(name: &str, response: Type) -> Request {
    Request { name: name.to_owned(), response }
}

pub(crate) fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Returns a channel without messages.
pub(crate) fn empty() -> RawSchema {
    RawSchema {
        name: "chat".to_owned(),
        connect: Type::unit(),
        client_messages: Vec::new(),
        client_requests: Vec::new(),
        server_messages: Vec::new(),
        types: Vec::new(),
        externals: Vec::new(),
    }
}

/// Returns a channel whose clients send the first of these types.
pub(crate) fn sending(types: Vec<Declaration>) -> RawSchema {
    let first = types.first().map(|first| first.name.clone());
    RawSchema { client_messages: first.into_iter().collect(), types, ..empty() }
}

/// Returns the channel that the diff tests change.
pub(crate) fn chat() -> RawSchema {
    RawSchema {
        connect: named("Hello"),
        client_messages: names(&["Typing"]),
        client_requests: vec![
            request("Join", Type::Result(Box::new(named("Joined")), Box::new(named("JoinError")))),
            request("Say", named("Said")),
        ],
        server_messages: names(&["Posted", "Left"]),
        types: vec![
            structure("Hello", &[("name", string()), ("room", named("RoomId"))]),
            unit("Typing"),
            structure("Join", &[("room", named("RoomId"))]),
            structure("Joined", &[("members", vec(string()))]),
            enumeration(
                "JoinError",
                &[("Full", Fields::Unit), ("Banned", fields(&[("until", u64())]))],
            ),
            structure("Say", &[("room", named("RoomId")), ("text", string())]),
            structure("Said", &[("seq", u64())]),
            structure("Posted", &[("room", named("RoomId")), ("text", string())]),
            declare("Left", Shape::Struct(Fields::Tuple(vec![named("RoomId"), string()]))),
            newtype("RoomId", u32()),
        ],
        ..empty()
    }
}

pub(crate) fn schema(raw: RawSchema) -> Schema {
    Schema::new(raw).unwrap()
}

/// Returns the declaration with this name, mutably.
pub(crate) fn declaration<'a>(raw: &'a mut RawSchema, name: &str) -> &'a mut Declaration {
    raw.types.iter_mut().find(|declared| declared.name == name).unwrap()
}
