use simplenet_schema::{
    Declaration, External, Field, Fields, Item, Location, Parts, Primitive, Request, Shape, Step,
    Type, Variant,
};

use super::scope::{Container, Scope};
use crate::{
    Diagnostic,
    source::{
        Name, Place, WrittenChannel, WrittenFields, WrittenKind, WrittenShape, WrittenType,
        WrittenTypes,
    },
};

/// The parts of a schema beside what they were written as, position by position.
pub(super) struct Lowered<'a> {
    pub(super) channel: &'a WrittenChannel,
    /// The channel's own file first, then the included ones.
    pub(super) files: &'a [&'a WrittenTypes],
    pub(super) scope: &'a Scope<'a>,
    /// As in `parts.types`, the channel's own first.
    pub(super) declared: Vec<&'a (Name, WrittenShape)>,
    /// As in `parts.externals`.
    pub(super) externals: Vec<&'a (Name, Name)>,
    pub(super) parts: Parts,
    /// Types with an error, already reported. In `parts` something harmless stands in their place.
    pub(super) erroneous: Vec<Location>,
    /// The names that stand for nothing.
    pub(super) unknown: Vec<String>,
}

/// Gives every written type its meaning.
pub(super) fn lower<'a>(
    channel: &'a WrittenChannel,
    files: &'a [&'a WrittenTypes],
    scope: &'a Scope<'a>,
    errors: &mut Vec<Diagnostic>,
) -> Lowered<'a> {
    let declared: Vec<_> = files.iter().flat_map(|file| &file.types).collect();
    let externals = externals(files);
    let mut lowering = Lowering { scope, errors, erroneous: Vec::new(), unknown: Vec::new() };
    let parts = Parts {
        name: channel.name.text.clone(),
        connect: match &channel.connect {
            Some(connect) => lowering.r#type(connect, &Location::of(Item::Connect)),
            None => Type::unit(),
        },
        client_messages: texts(&channel.client_messages),
        client_requests: lowering.requests(&channel.client_requests),
        server_messages: texts(&channel.server_messages),
        types: declared
            .iter()
            .enumerate()
            .map(|(position, (name, shape))| Declaration {
                name: name.text.clone(),
                shape: lowering.shape(shape, &Location::of(Item::Declaration(position))),
            })
            .collect(),
        externals: externals
            .iter()
            .map(|(path, fingerprint)| External {
                path: path.text.clone(),
                fingerprint: fingerprint.text.clone(),
            })
            .collect(),
    };
    let Lowering { erroneous, unknown, .. } = lowering;
    Lowered { channel, files, scope, declared, externals, parts, erroneous, unknown }
}

/// What several files list alike is listed once.
fn externals<'a>(files: &[&'a WrittenTypes]) -> Vec<&'a (Name, Name)> {
    let mut all: Vec<&(Name, Name)> = Vec::new();
    for file in files {
        let alike = |(path, fingerprint): &&(Name, Name)| {
            all.iter()
                .any(|(other, print)| other.text == path.text && print.text == fingerprint.text)
        };
        // Of its own file, an entry has no like yet: two in one file are a mistake.
        let new: Vec<_> = file.externals.iter().filter(|each| !alike(each)).collect();
        all.extend(new);
    }
    all
}

fn texts(names: &[Name]) -> Vec<String> {
    names.iter().map(|name| name.text.clone()).collect()
}

struct Lowering<'a, 'e> {
    scope: &'a Scope<'a>,
    errors: &'e mut Vec<Diagnostic>,
    erroneous: Vec<Location>,
    unknown: Vec<String>,
}

impl Lowering<'_, '_> {
    fn requests(&mut self, requests: &[(Name, WrittenType)]) -> Vec<Request> {
        let requests = requests.iter().enumerate();
        requests
            .map(|(index, (name, response))| Request {
                name: name.text.clone(),
                response: self.r#type(response, &Location::of(Item::ClientRequest(index))),
            })
            .collect()
    }

    fn shape(&mut self, shape: &WrittenShape, owner: &Location) -> Shape {
        match shape {
            WrittenShape::Struct(fields) => Shape::Struct(self.fields(fields, owner)),
            WrittenShape::Enum(variants) => {
                let variants = variants.iter().enumerate();
                let variants = variants.map(|(index, (name, fields))| Variant {
                    name: name.text.clone(),
                    fields: self.fields(fields, &owner.then(Step::Variant(index))),
                });
                Shape::Enum(variants.collect())
            }
        }
    }

    fn fields(&mut self, fields: &WrittenFields, owner: &Location) -> Fields {
        let mut types = fields.types().into_iter().enumerate().map(|(index, r#type)| {
            let location = owner.then(Step::Field(index));
            self.r#type(r#type, &location)
        });
        match fields {
            WrittenFields::Unit => Fields::Unit,
            WrittenFields::Newtype(_) => types.next().map_or(Fields::Unit, Fields::Newtype),
            WrittenFields::Tuple(_) => Fields::Tuple(types.collect()),
            WrittenFields::Named(names) => {
                let fields = names.iter().zip(types);
                let fields =
                    fields.map(|((name, _), r#type)| Field { name: name.text.clone(), r#type });
                Fields::Named(fields.collect())
            }
        }
    }

    /// The meaning of the type that belongs to this owner.
    fn r#type(&mut self, written: &WrittenType, owner: &Location) -> Type {
        self.at(written, &owner.then(Step::Type))
    }

    fn at(&mut self, written: &WrittenType, location: &Location) -> Type {
        let arguments: Vec<Type> = written
            .arguments()
            .iter()
            .enumerate()
            .map(|(index, argument)| self.at(argument, &location.then(Step::Argument(index))))
            .collect();
        let meaning = match &written.kind {
            WrittenKind::Path { path, .. } => self.path(path, arguments, written),
            WrittenKind::Array(_, length) => {
                arguments.into_iter().next().map(|element| Type::Array(Box::new(element), *length))
            }
            WrittenKind::Tuple(_) => Some(Type::Tuple(arguments)),
            WrittenKind::Unreadable => None,
        };
        meaning.unwrap_or_else(|| {
            self.erroneous.push(location.clone());
            // Of all types the one that least often breaks another rule.
            Type::Primitive(Primitive::Bool)
        })
    }

    fn path(&mut self, path: &str, arguments: Vec<Type>, written: &WrittenType) -> Option<Type> {
        let plain = if self.scope.declared.contains_key(path) {
            Some(Type::Named(path.to_owned()))
        } else if let Some(primitive) = Primitive::from_name(path) {
            Some(Type::Primitive(primitive))
        } else if self.scope.externals.contains(path) {
            Some(Type::External(path.to_owned()))
        } else {
            None
        };
        let given = arguments.len();
        match (plain, Container::named(path)) {
            (Some(plain), _) if given == 0 => Some(plain),
            (_, Some(container)) => (container.build)(arguments).or_else(|| {
                self.errors.push(wrong_count(container, given, written));
                None
            }),
            (Some(_), None) => {
                let message = format!("`{path}` takes no types of its own");
                let error = Diagnostic::new(message, written.place)
                    .note("only the containers of the standard library are generic in a schema");
                self.errors.push(error);
                None
            }
            (None, None) => {
                self.unknown.push(path.to_owned());
                if !self.scope.incomplete {
                    self.errors.push(self.unknown(path, written));
                }
                None
            }
        }
    }

    fn unknown(&self, path: &str, written: &WrittenType) -> Diagnostic {
        let end = (written.place.start + path.len()).min(written.place.end);
        let place = Place { end, ..written.place };
        match path {
            "usize" | "isize" => {
                let fixed = if path == "usize" { "u64" } else { "i64" };
                Diagnostic::new(format!("`{path}` is not the same size everywhere"), place)
                    .help(format!("use an integer of fixed width, as `{fixed}`"))
            }
            "str" => Diagnostic::new("a schema has no `str`", place).help("use `String`"),
            _ if path.contains("::") => {
                let error = Diagnostic::new(format!("unknown external type `{path}`"), place);
                match of_the_standard_library(path) {
                    Some(name) => error.help(format!("write `{name}`")),
                    None => error
                        .did_you_mean(path, self.scope.known())
                        .help(self.how_to_list(path, place)),
                }
            }
            _ => Diagnostic::new(format!("unknown type `{path}`"), place)
                .label("not declared here, and not included")
                .did_you_mean(path, self.scope.known()),
        }
    }

    fn how_to_list(&self, path: &str, place: Place) -> String {
        let entry = if self.scope.module == Some(place.file) {
            format!("#[channel(external({path} = \"1\"))]")
        } else {
            format!("external: {{ \"{path}\": \"1\" }}")
        };
        format!("list it with a fingerprint of its form on the wire: `{entry}`")
    }
}

/// The short name of a type that needs no path.
fn of_the_standard_library(path: &str) -> Option<&str> {
    let (root, _) = path.split_once("::")?;
    let (_, name) = path.rsplit_once("::")?;
    let known = Container::named(name).is_some() || Primitive::from_name(name).is_some();
    (known && matches!(root, "std" | "core" | "alloc")).then_some(name)
}

fn wrong_count(container: &Container, given: usize, written: &WrittenType) -> Diagnostic {
    let name = container.name;
    let form = format!("{name}<{}>", container.arguments.join(", "));
    let given = match given {
        0 => "none".to_owned(),
        given => given.to_string(),
    };
    let message =
        format!("`{name}` takes {}, not {given}", count(container.arguments.len(), "type"));
    Diagnostic::new(message, written.place).help(format!("write `{form}`"))
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
