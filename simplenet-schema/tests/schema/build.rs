//! Short words for the parts of a schema.

use simplenet_schema::{
    Declaration, Field, Fields, Parts, Primitive, Request, Schema, Shape, Type, Variant,
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

/// A channel that does nothing.
pub(crate) fn empty() -> Parts {
    Parts {
        name: "chat".to_owned(),
        connect: Type::unit(),
        client_messages: Vec::new(),
        client_requests: Vec::new(),
        server_messages: Vec::new(),
        types: Vec::new(),
        externals: Vec::new(),
    }
}

/// A channel whose clients send the first of these types.
pub(crate) fn sending(types: Vec<Declaration>) -> Parts {
    let first = types.first().map(|first| first.name.clone());
    Parts { client_messages: first.into_iter().collect(), types, ..empty() }
}

/// The channel that the diff tests change.
pub(crate) fn chat() -> Parts {
    Parts {
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

pub(crate) fn schema(parts: Parts) -> Schema {
    Schema::new(parts).unwrap()
}

/// The declaration of this name, to be changed.
pub(crate) fn declaration<'a>(parts: &'a mut Parts, name: &str) -> &'a mut Declaration {
    parts.types.iter_mut().find(|declared| declared.name == name).unwrap()
}
