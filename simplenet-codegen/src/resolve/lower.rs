use simplenet_schema::{
    Declaration, External, Field, Fields, Item, Location, Primitive, RawSchema, Request, Shape,
    Step, Type, Variant,
};

use super::scope::{Container, Scope};
use crate::{
    diagnostics::Diagnostic,
    source::{
        ast::{self, Name},
        file::SourceRange,
    },
};

/// A raw schema, with the AST of each of its entries.
pub(super) struct Lowered<'a> {
    pub(super) channel: &'a ast::Channel,
    /// The channel's own file first, then the included ones.
    pub(super) files: &'a [&'a ast::Types],
    pub(super) scope: &'a Scope<'a>,
    /// The declarations in the order of `raw.types`. The declarations of the channel's own file are
    /// first.
    pub(super) declared: Vec<&'a (Name, ast::Shape)>,
    /// The external types in the order of `raw.externals`.
    pub(super) externals: Vec<&'a (Name, Name)>,
    pub(super) raw: RawSchema,
    /// The locations of types with an error that is already reported. At each of these locations,
    /// `raw` has a placeholder.
    pub(super) erroneous: Vec<Location>,
    /// Names without a declaration.
    pub(super) unknown: Vec<String>,
}

/// Lowers the AST to a raw schema, in which every name is resolved to its declaration.
pub(super) fn lower<'a>(
    channel: &'a ast::Channel,
    files: &'a [&'a ast::Types],
    scope: &'a Scope<'a>,
    errors: &mut Vec<Diagnostic>,
) -> Lowered<'a> {
    let declared: Vec<_> = files.iter().flat_map(|file| &file.types).collect();
    let externals = externals(files);
    let mut lowering = Lowering { scope, errors, erroneous: Vec::new(), unknown: Vec::new() };
    let raw = RawSchema {
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
    Lowered { channel, files, scope, declared, externals, raw, erroneous, unknown }
}

/// Returns the external types of all files. Equal entries of several files count as one.
fn externals<'a>(files: &[&'a ast::Types]) -> Vec<&'a (Name, Name)> {
    let mut all: Vec<&(Name, Name)> = Vec::new();
    for file in files {
        let alike = |(path, fingerprint): &&(Name, Name)| {
            all.iter()
                .any(|(other, known)| other.text == path.text && known.text == fingerprint.text)
        };
        // Equal entries of one file stay in the list, and are reported as duplicates.
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
    fn requests(&mut self, requests: &[(Name, ast::Type)]) -> Vec<Request> {
        let requests = requests.iter().enumerate();
        requests
            .map(|(index, (name, response))| Request {
                name: name.text.clone(),
                response: self.r#type(response, &Location::of(Item::ClientRequest(index))),
            })
            .collect()
    }

    fn shape(&mut self, shape: &ast::Shape, owner: &Location) -> Shape {
        match shape {
            ast::Shape::Struct(fields) => Shape::Struct(self.fields(fields, owner)),
            ast::Shape::Enum(variants) => {
                let variants = variants.iter().enumerate();
                let variants = variants.map(|(index, (name, fields))| Variant {
                    name: name.text.clone(),
                    fields: self.fields(fields, &owner.then(Step::Variant(index))),
                });
                Shape::Enum(variants.collect())
            }
        }
    }

    fn fields(&mut self, fields: &ast::Fields, owner: &Location) -> Fields {
        let mut types = fields.types().into_iter().enumerate().map(|(index, r#type)| {
            let location = owner.then(Step::Field(index));
            self.r#type(r#type, &location)
        });
        match fields {
            ast::Fields::Unit => Fields::Unit,
            ast::Fields::Newtype(_) => types.next().map_or(Fields::Unit, Fields::Newtype),
            ast::Fields::Tuple(_) => Fields::Tuple(types.collect()),
            ast::Fields::Named(names) => {
                let fields = names.iter().zip(types);
                let fields =
                    fields.map(|((name, _), r#type)| Field { name: name.text.clone(), r#type });
                Fields::Named(fields.collect())
            }
        }
    }

    /// Lowers the type of this owner.
    fn r#type(&mut self, expression: &ast::Type, owner: &Location) -> Type {
        self.expression(expression, &owner.then(Step::Type))
    }

    fn expression(&mut self, expression: &ast::Type, location: &Location) -> Type {
        let arguments: Vec<Type> = expression
            .arguments()
            .iter()
            .enumerate()
            .map(|(index, argument)| {
                self.expression(argument, &location.then(Step::Argument(index)))
            })
            .collect();
        let meaning = match &expression.kind {
            ast::TypeKind::Path { path, .. } => self.path(path, arguments, expression),
            ast::TypeKind::Array(_, length) => {
                arguments.into_iter().next().map(|element| Type::Array(Box::new(element), *length))
            }
            ast::TypeKind::Tuple(_) => Some(Type::Tuple(arguments)),
            ast::TypeKind::Unreadable => None,
        };
        meaning.unwrap_or_else(|| {
            self.erroneous.push(location.clone());
            // In most positions, this placeholder violates no other rule.
            Type::Primitive(Primitive::Bool)
        })
    }

    fn path(&mut self, path: &str, arguments: Vec<Type>, expression: &ast::Type) -> Option<Type> {
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
                self.errors.push(wrong_count(container, given, expression));
                None
            }),
            (Some(_), None) => {
                let message = format!("`{path}` takes no type arguments");
                let error = Diagnostic::new(message, expression.range)
                    .note("only the containers of the standard library are generic in a schema");
                self.errors.push(error);
                None
            }
            (None, None) => {
                self.unknown.push(path.to_owned());
                if !self.scope.incomplete {
                    self.errors.push(self.unknown(path, expression));
                }
                None
            }
        }
    }

    fn unknown(&self, path: &str, expression: &ast::Type) -> Diagnostic {
        let end = (expression.range.start + path.len()).min(expression.range.end);
        let range = SourceRange { end, ..expression.range };
        match path {
            "usize" | "isize" => {
                let fixed = if path == "usize" { "u64" } else { "i64" };
                Diagnostic::new(format!("`{path}` has a different size on other platforms"), range)
                    .help(format!("use an integer of fixed width, such as `{fixed}`"))
            }
            "str" => {
                Diagnostic::new("`str` is not supported in a schema", range).help("use `String`")
            }
            _ if path.contains("::") => {
                let error = Diagnostic::new(format!("unknown external type `{path}`"), range);
                match standard_library_name(path) {
                    Some(name) => error.help(format!("write `{name}`")),
                    None => error
                        .did_you_mean(path, self.scope.known())
                        .help(self.how_to_list(path, range)),
                }
            }
            _ => Diagnostic::new(format!("unknown type `{path}`"), range)
                .label("not declared here, nor in an included file")
                .did_you_mean(path, self.scope.known()),
        }
    }

    fn how_to_list(&self, path: &str, range: SourceRange) -> String {
        let entry = if self.scope.module == Some(range.file) {
            format!("#[channel(external({path} = \"1\"))]")
        } else {
            format!("external: {{ \"{path}\": \"1\" }}")
        };
        format!("list it with a fingerprint of its encoding: `{entry}`")
    }
}

/// Returns the last segment of a standard library path, if the segment is the name of the type in a
/// schema.
fn standard_library_name(path: &str) -> Option<&str> {
    let (root, _) = path.split_once("::")?;
    let (_, name) = path.rsplit_once("::")?;
    let known = Container::named(name).is_some() || Primitive::from_name(name).is_some();
    (known && matches!(root, "std" | "core" | "alloc")).then_some(name)
}

fn wrong_count(container: &Container, given: usize, expression: &ast::Type) -> Diagnostic {
    let name = container.name;
    let form = format!("{name}<{}>", container.arguments.join(", "));
    let expected = count(container.arguments.len(), "type argument");
    let message = format!("`{name}` takes {expected}, found {given}");
    Diagnostic::new(message, expression.range).help(format!("write `{form}`"))
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
