use std::collections::HashMap;

use crate::{
    model::{Schema, Shape},
    type_expression::Type,
};

/// The maximum number of uses per change.
const MAX_USES: usize = 4;

/// The uses of the declared types of a schema.
pub(super) struct Uses<'a> {
    /// The first few uses of each declared type, by name.
    by_type: HashMap<&'a str, Vec<Use<'a>>>,
}

/// A use of a declared type.
enum Use<'a> {
    /// The enum of a direction, as in `ClientRequest::Join`.
    Direction { r#enum: &'static str, variant: &'a str },
    /// A field of another declared type.
    Field { owner: &'a str, variant: Option<&'a str>, label: String },
}

impl<'a> Uses<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        let mut uses = Self { by_type: HashMap::new() };
        uses.add(schema.connect(), || Use::Direction { r#enum: "ConnectMsg", variant: "" });
        let directions =
            [("ClientMsg", schema.client_messages()), ("ServerMsg", schema.server_messages())];
        for (r#enum, messages) in directions {
            for variant in messages {
                uses.add_name(variant, || Use::Direction { r#enum, variant });
            }
        }
        for request in schema.client_requests() {
            let variant = &request.name;
            let r#enum = "ClientRequest";
            uses.add_name(variant, || Use::Direction { r#enum, variant });
            let r#enum = "ServerResponse";
            uses.add(&request.response, || Use::Direction { r#enum, variant });
        }
        for declaration in schema.types() {
            let owner = &declaration.name;
            match &declaration.shape {
                Shape::Struct(fields) => {
                    for (index, each) in fields.types().into_iter().enumerate() {
                        let label = || fields.label(index);
                        uses.add(each, || Use::Field { owner, variant: None, label: label() });
                    }
                }
                Shape::Enum(variants) => {
                    for variant in variants {
                        for (index, each) in variant.fields.types().into_iter().enumerate() {
                            let label = || variant.fields.label(index);
                            let variant = Some(variant.name.as_str());
                            uses.add(each, || Use::Field { owner, variant, label: label() });
                        }
                    }
                }
            }
        }
        uses
    }

    fn add(&mut self, r#type: &'a Type, new_use: impl Fn() -> Use<'a>) {
        let mut open = vec![r#type];
        while let Some(next) = open.pop() {
            match next {
                Type::Named(name) => self.add_name(name, &new_use),
                other => open.extend(other.arguments()),
            }
        }
    }

    fn add_name(&mut self, name: &'a str, new_use: impl Fn() -> Use<'a>) {
        let uses = self.by_type.entry(name).or_default();
        if uses.len() < MAX_USES {
            uses.push(new_use());
        }
    }

    /// Returns the first few paths from a direction to this type. The search goes from a type to
    /// the types that contain it. It ends, because no type contains itself.
    pub(super) fn of(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![(name, String::new())];
        while let Some((name, inwards)) = open.pop() {
            for each in self.by_type.get(name).into_iter().flatten() {
                match each {
                    Use::Direction { r#enum, variant: "" } => {
                        found.push(format!("{enum}{inwards}"));
                    }
                    Use::Direction { r#enum, variant } => {
                        found.push(format!("{enum}::{variant}{inwards}"));
                    }
                    Use::Field { owner, variant, label } => {
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
