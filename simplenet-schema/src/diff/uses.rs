use std::collections::HashMap;

use crate::{Schema, Shape, Type};

/// How many uses are told at most.
const MAX_USES: usize = 4;

/// Where the declared types of a schema travel.
pub(super) struct Uses<'a> {
    /// By declared type, the first few places that name it.
    places: HashMap<&'a str, Vec<Place<'a>>>,
}

/// Somewhere that names a declared type.
enum Place<'a> {
    /// A direction, as in `ClientRequest::Join`.
    Direction { r#enum: &'static str, variant: &'a str },
    /// A field of another declared type.
    Field { owner: &'a str, variant: Option<&'a str>, label: String },
}

impl<'a> Uses<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        let mut uses = Self { places: HashMap::new() };
        uses.add(schema.connect(), || Place::Direction { r#enum: "ConnectMsg", variant: "" });
        let directions =
            [("ClientMsg", schema.client_messages()), ("ServerMsg", schema.server_messages())];
        for (r#enum, messages) in directions {
            for variant in messages {
                uses.add_name(variant, || Place::Direction { r#enum, variant });
            }
        }
        for request in schema.client_requests() {
            let variant = &request.name;
            let r#enum = "ClientRequest";
            uses.add_name(variant, || Place::Direction { r#enum, variant });
            let r#enum = "ServerResponse";
            uses.add(&request.response, || Place::Direction { r#enum, variant });
        }
        for declaration in schema.types() {
            let owner = &declaration.name;
            match &declaration.shape {
                Shape::Struct(fields) => {
                    for (index, each) in fields.types().into_iter().enumerate() {
                        let label = || fields.label(index);
                        uses.add(each, || Place::Field { owner, variant: None, label: label() });
                    }
                }
                Shape::Enum(variants) => {
                    for variant in variants {
                        for (index, each) in variant.fields.types().into_iter().enumerate() {
                            let label = || variant.fields.label(index);
                            let variant = Some(variant.name.as_str());
                            uses.add(each, || Place::Field { owner, variant, label: label() });
                        }
                    }
                }
            }
        }
        uses
    }

    fn add(&mut self, r#type: &'a Type, place: impl Fn() -> Place<'a>) {
        let mut open = vec![r#type];
        while let Some(next) = open.pop() {
            match next {
                Type::Named(name) => self.add_name(name, &place),
                other => open.extend(other.arguments()),
            }
        }
    }

    fn add_name(&mut self, name: &'a str, place: impl Fn() -> Place<'a>) {
        let places = self.places.entry(name).or_default();
        if places.len() < MAX_USES {
            places.push(place());
        }
    }

    /// The first few ways from a direction to this type. Every step leads outwards and types do not contain
    /// themselves, so each way that is begun ends at a direction.
    pub(super) fn of(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![(name, String::new())];
        while let Some((name, inwards)) = open.pop() {
            for place in self.places.get(name).into_iter().flatten() {
                match place {
                    Place::Direction { r#enum, variant: "" } => {
                        found.push(format!("{enum}{inwards}"));
                    }
                    Place::Direction { r#enum, variant } => {
                        found.push(format!("{enum}::{variant}{inwards}"));
                    }
                    Place::Field { owner, variant, label } => {
                        let variant = variant.map_or(String::new(), |name| format!("::{name}"));
                        open.push((owner, format!("{variant}.{label}{inwards}")));
                    }
                }
            }
            if found.len() >= MAX_USES {
                break;
            }
        }
        found.sort();
        found.dedup();
        found.truncate(MAX_USES);
        found
    }
}
