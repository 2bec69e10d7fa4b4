//! Random schemas, and small changes to them.

use proptest::prelude::*;
use simplenet_schema::{
    Declaration, External, Field, Fields, Primitive, RawSchema, Request, Schema, Shape, Type,
    Variant,
};

use crate::build::{empty, named};

/// The number of declared types of a generated channel.
const TYPES: usize = 6;

fn primitive() -> impl Strategy<Value = Type> {
    prop::sample::select(Primitive::ALL.to_vec()).prop_map(Type::Primitive)
}

fn key() -> impl Strategy<Value = Type> {
    prop_oneof![
        Just(Type::Primitive(Primitive::U16)),
        Just(Type::Primitive(Primitive::String)),
        Just(Type::Tuple(vec![Type::Primitive(Primitive::I8), Type::Primitive(Primitive::Char)])),
    ]
}

/// Returns a type that uses only the first `before` declared types, so that there is no cycle.
fn any_type(before: usize) -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        4 => primitive(),
        1 => Just(Type::unit()),
        1 => Just(Type::External("uuid::Uuid".to_owned())),
        4 => (0..before.max(1)).prop_map(move |index| match before {
            0 => Type::Primitive(Primitive::U8),
            _ => named(&format!("T{index}")),
        }),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let one = inner.clone().prop_map(Box::new);
        prop_oneof![
            one.clone().prop_map(Type::Option),
            one.clone().prop_map(Type::Vec),
            one.clone().prop_map(Type::Boxed),
            (one.clone(), 0usize..=32).prop_map(|(element, length)| Type::Array(element, length)),
            (one.clone(), one.clone()).prop_map(|(value, error)| Type::Result(value, error)),
            prop::collection::vec(inner, 2..4).prop_map(Type::Tuple),
            (key().prop_map(Box::new), one.clone()).prop_map(|(k, v)| Type::HashMap(k, v)),
            (key().prop_map(Box::new), one).prop_map(|(k, v)| Type::BTreeMap(k, v)),
            key().prop_map(|element| Type::HashSet(Box::new(element))),
            key().prop_map(|element| Type::BTreeSet(Box::new(element))),
        ]
    })
}

fn any_fields(before: usize) -> impl Strategy<Value = Fields> {
    let types = move |count| prop::collection::vec(any_type(before), count);
    prop_oneof![
        Just(Fields::Unit),
        any_type(before).prop_map(Fields::Newtype),
        types(2..4).prop_map(Fields::Tuple),
        types(0..4).prop_map(|types| {
            let fields = types.into_iter().enumerate();
            Fields::Named(
                fields.map(|(at, r#type)| Field { name: format!("f{at}"), r#type }).collect(),
            )
        }),
    ]
}

fn any_shape(before: usize) -> impl Strategy<Value = Shape> {
    prop_oneof![
        any_fields(before).prop_map(Shape::Struct),
        prop::collection::vec(any_fields(before), 1..4).prop_map(|variants| {
            let variants = variants.into_iter().enumerate();
            Shape::Enum(
                variants.map(|(at, fields)| Variant { name: format!("V{at}"), fields }).collect(),
            )
        }),
    ]
}

/// Returns valid raw schemas.
pub(crate) fn any_raw_schema() -> impl Strategy<Value = RawSchema> {
    let shapes: Vec<BoxedStrategy<Shape>> =
        (0..TYPES).map(|before| any_shape(before).boxed()).collect();
    let types = shapes.prop_map(|shapes| {
        let shapes = shapes.into_iter().enumerate();
        shapes.map(|(at, shape)| Declaration { name: format!("T{at}"), shape }).collect::<Vec<_>>()
    });
    let roles = prop::collection::vec(0u8..4, TYPES);
    let responses = prop::collection::vec(any_type(TYPES), TYPES);
    let raw = (types, any_type(TYPES), roles, responses);
    raw.prop_map(|(types, connect, roles, responses)| {
        let mut raw = RawSchema { connect, types, ..empty() };
        raw.externals = vec![External { path: "uuid::Uuid".into(), fingerprint: "uuid-1".into() }];
        for (at, (role, response)) in roles.into_iter().zip(responses).enumerate() {
            let name = format!("T{at}");
            match role {
                0 => raw.client_messages.push(name),
                1 => raw.client_requests.push(Request { name, response }),
                2 => raw.server_messages.push(name),
                _ => {}
            }
        }
        raw
    })
    .prop_filter("invalid schema", |raw| Schema::new(raw.clone()).is_ok())
}

pub(crate) fn any_schema() -> impl Strategy<Value = Schema> {
    any_raw_schema().prop_map(|raw| Schema::new(raw).unwrap())
}

/// Returns a schema and a copy with a small change. The two are equal if the change has no effect.
pub(crate) fn changed_schema() -> impl Strategy<Value = (Schema, Schema)> {
    let changes = (0usize..8, any::<prop::sample::Index>(), any_type(0));
    (any_schema(), changes).prop_filter_map(
        "invalid schema after the change",
        |(schema, change)| {
            let (kind, at, r#type) = change;
            let changed =
                Schema::new(change_raw_schema(schema.clone().into_raw(), kind, &at, r#type));
            changed.ok().map(|changed| (schema, changed))
        },
    )
}

fn change_raw_schema(
    mut raw: RawSchema,
    kind: usize,
    at: &prop::sample::Index,
    new_type: Type,
) -> RawSchema {
    let count = raw.types.len();
    let declared = (count > 0).then(|| at.index(count));
    let shape = declared.and_then(|at| raw.types.get_mut(at)).map(|declared| &mut declared.shape);
    match (kind, shape) {
        (0, _) => raw.client_messages.reverse(),
        (1, _) => raw.client_requests.reverse(),
        (2, _) => raw.server_messages.reverse(),
        (3, _) => raw.connect = new_type,
        (4, _) => raw.types.reverse(),
        (5, Some(Shape::Enum(variants))) => variants.reverse(),
        (5, Some(Shape::Struct(Fields::Named(fields)))) => fields.reverse(),
        (6, Some(Shape::Struct(Fields::Named(fields)))) => {
            fields.push(Field { name: "added".into(), r#type: new_type });
        }
        (6, Some(Shape::Enum(variants))) => {
            variants.push(Variant { name: "Added".into(), fields: Fields::Newtype(new_type) });
        }
        (7, Some(Shape::Struct(fields))) => {
            if let Some(first) = fields.types_mut().into_iter().next() {
                *first = new_type;
            }
        }
        _ => raw.name = "other".to_owned(),
    }
    raw
}
