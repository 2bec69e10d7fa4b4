use std::{
    collections::{HashMap, HashSet, VecDeque},
    fmt,
};

use super::compare::shortened;
use crate::{
    model::{Fields, Schema, Shape},
    type_expression::Type,
};

/// The maximum number of uses that a change lists.
pub(super) const MAX_USES: usize = 16;

/// A use of a changed type: a part of a message that contains values of the type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The side that sends the message.
    pub direction: Direction,
    /// The message or request and the path of fields inside it, as in `Join.room`. A path in a
    /// response begins with `response to` and the request, a path in the connect message with
    /// `connect`.
    pub path: String,
}

/// The side that sends a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The client.
    Client,
    /// The server.
    Server,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Client => "client",
            Self::Server => "server",
        })
    }
}

/// A type of a schema that has a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum TypeName<'a> {
    Declared(&'a str),
    External(&'a str),
}

/// The uses of the declared and external types of a schema.
pub(super) struct Uses<'a> {
    by_type: HashMap<TypeName<'a>, Vec<Place<'a>>>,
    /// The number of paths from a direction to a type, for the types that were asked for.
    counts: HashMap<TypeName<'a>, u32>,
}

/// A place of a schema whose type contains another type.
#[derive(Clone, Copy)]
enum Place<'a> {
    Connect,
    ClientMessage(&'a str),
    Request(&'a str),
    Response(&'a str),
    ServerMessage(&'a str),
    Field { owner: &'a str, variant: Option<&'a str>, fields: &'a Fields, index: usize },
}

impl<'a> Uses<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        let mut uses = Self { by_type: HashMap::new(), counts: HashMap::new() };
        uses.add(schema.connect(), Place::Connect);
        for name in schema.client_messages() {
            uses.add_name(TypeName::Declared(name), Place::ClientMessage(name));
        }
        for request in schema.client_requests() {
            let name = &request.name;
            uses.add_name(TypeName::Declared(name), Place::Request(name));
            uses.add(&request.response, Place::Response(name));
        }
        for name in schema.server_messages() {
            uses.add_name(TypeName::Declared(name), Place::ServerMessage(name));
        }
        for declaration in schema.types() {
            let owner = &declaration.name;
            match &declaration.shape {
                Shape::Struct(fields) => uses.add_fields(owner, None, fields),
                Shape::Enum(variants) => {
                    for variant in variants {
                        uses.add_fields(owner, Some(&variant.name), &variant.fields);
                    }
                }
            }
        }
        uses
    }

    fn add_fields(&mut self, owner: &'a str, variant: Option<&'a str>, fields: &'a Fields) {
        for (index, each) in fields.types().into_iter().enumerate() {
            self.add(each, Place::Field { owner, variant, fields, index });
        }
    }

    /// Adds a place to every type that its type contains, once per type.
    fn add(&mut self, r#type: &'a Type, place: Place<'a>) {
        let mut added = HashSet::new();
        let mut open = vec![r#type];
        while let Some(next) = open.pop() {
            let name = match next {
                Type::Named(name) => TypeName::Declared(name),
                Type::External(path) => TypeName::External(path),
                other => {
                    open.extend(other.arguments());
                    continue;
                }
            };
            if added.insert(name) {
                self.add_name(name, place);
            }
        }
    }

    fn add_name(&mut self, name: TypeName<'a>, place: Place<'a>) {
        self.by_type.entry(name).or_default().push(place);
    }

    /// Returns the uses of a type with the shortest paths, and the number of further uses.
    ///
    /// The search goes from a type to the types that contain it. It ends, because no type contains
    /// itself. Each open type leads to at least one use, so the search never holds more than
    /// [`MAX_USES`] open types.
    pub(super) fn of(&mut self, name: TypeName<'a>) -> (Vec<Use>, u32) {
        let mut found = Vec::new();
        let mut open = VecDeque::from([(name, String::new())]);
        while let Some((name, inwards)) = open.pop_front() {
            for place in self.by_type.get(&name).into_iter().flatten() {
                if found.len() + open.len() >= MAX_USES {
                    break;
                }
                let (direction, root) = match *place {
                    Place::Connect => (Direction::Client, "connect".to_owned()),
                    Place::ClientMessage(name) | Place::Request(name) => {
                        (Direction::Client, name.to_owned())
                    }
                    Place::Response(name) => (Direction::Server, format!("response to {name}")),
                    Place::ServerMessage(name) => (Direction::Server, name.to_owned()),
                    Place::Field { owner, variant, fields, index } => {
                        let variant = variant.map_or(String::new(), |name| format!("::{name}"));
                        let path = format!("{variant}.{}{inwards}", fields.label(index));
                        open.push_back((TypeName::Declared(owner), shortened(path)));
                        continue;
                    }
                };
                found.push(Use { direction, path: shortened(format!("{root}{inwards}")) });
            }
        }
        let further = self.count(name).saturating_sub(u32::try_from(found.len()).unwrap_or(0));
        found.sort();
        found.dedup();
        (found, further)
    }

    /// Returns the number of paths from a direction to this type. The recursion is as deep as the
    /// types of the schema nest.
    fn count(&mut self, name: TypeName<'a>) -> u32 {
        if let Some(count) = self.counts.get(&name) {
            return *count;
        }
        let places = self.by_type.get(&name).cloned().unwrap_or_default();
        let counts = places.into_iter().map(|place| match place {
            Place::Field { owner, .. } => self.count(TypeName::Declared(owner)),
            _ => 1,
        });
        let count = counts.fold(0, u32::saturating_add);
        self.counts.insert(name, count);
        count
    }
}
