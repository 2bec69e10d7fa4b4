use std::fmt::Write;

use crate::{
    CODEC, WIRE_VERSION,
    model::{Fields, Schema, Shape},
    type_expression::Type,
};

/// Returns the canonical form of a schema.
pub fn write(schema: &Schema) -> String {
    let mut form = Form(String::new());
    form.line(|form| form.raw("simplenet 1"));
    form.line(|form| form.number("wire ", usize::from(WIRE_VERSION)));
    form.line(|form| form.tagged("codec ", CODEC));
    form.line(|form| form.tagged("channel ", schema.name()));
    form.line(|form| {
        form.raw("connect ");
        form.r#type(schema.connect());
    });
    form.names("client messages ", schema.client_messages());
    form.line(|form| form.number("client requests ", schema.client_requests().len()));
    for request in schema.client_requests() {
        form.line(|form| {
            form.text(&request.name);
            form.raw(" ");
            form.r#type(&request.response);
        });
    }
    form.names("server messages ", schema.server_messages());
    form.line(|form| form.number("externals ", schema.externals().len()));
    for external in schema.externals() {
        form.line(|form| {
            form.text(&external.path);
            form.tagged(" ", &external.fingerprint);
        });
    }
    form.line(|form| form.number("types ", schema.types().len()));
    for declaration in schema.types() {
        form.line(|form| {
            form.text(&declaration.name);
            form.raw(" ");
            form.shape(&declaration.shape);
        });
    }
    form.0
}

struct Form(String);

impl Form {
    fn raw(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn number(&mut self, tag: &str, number: usize) {
        // Writing to a `String` cannot fail.
        let _ = write!(self.0, "{tag}{number}");
    }

    fn text(&mut self, text: &str) {
        let _ = write!(self.0, "{}:{text}", text.len());
    }

    fn tagged(&mut self, tag: &str, text: &str) {
        self.raw(tag);
        self.text(text);
    }

    fn line(&mut self, content: impl FnOnce(&mut Self)) {
        content(self);
        self.raw("\n");
    }

    fn names(&mut self, tag: &str, names: &[String]) {
        self.line(|form| form.number(tag, names.len()));
        for name in names {
            self.line(|form| form.text(name));
        }
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Struct(fields) => self.fields(fields),
            Shape::Enum(variants) => {
                self.number("enum ", variants.len());
                self.raw("(");
                for variant in variants {
                    self.text(&variant.name);
                    self.raw(" ");
                    self.fields(&variant.fields);
                    self.raw(";");
                }
                self.raw(")");
            }
        }
    }

    fn fields(&mut self, fields: &Fields) {
        match fields {
            Fields::Unit => self.raw("unit"),
            Fields::Newtype(inner) => {
                self.raw("newtype(");
                self.r#type(inner);
                self.raw(")");
            }
            Fields::Tuple(elements) => {
                self.number("tuple ", elements.len());
                self.types(elements.iter());
            }
            Fields::Named(fields) => {
                self.number("struct ", fields.len());
                self.raw("(");
                for field in fields {
                    self.text(&field.name);
                    self.raw(" ");
                    self.r#type(&field.r#type);
                    self.raw(",");
                }
                self.raw(")");
            }
        }
    }

    fn r#type(&mut self, r#type: &Type) {
        match r#type {
            Type::Primitive(primitive) => return self.raw(primitive.name()),
            Type::Named(name) => return self.tagged("@", name),
            Type::External(path) => return self.tagged("^", path),
            Type::Array(_, length) => self.number("array ", *length),
            Type::Tuple(elements) => self.number("tuple ", elements.len()),
            Type::Option(_) => self.raw("option"),
            Type::Vec(_) => self.raw("vec"),
            Type::Boxed(_) => self.raw("box"),
            Type::HashSet(_) => self.raw("hashset"),
            Type::BTreeSet(_) => self.raw("btreeset"),
            Type::Result(..) => self.raw("result"),
            Type::HashMap(..) => self.raw("hashmap"),
            Type::BTreeMap(..) => self.raw("btreemap"),
        }
        self.types(r#type.arguments().into_iter());
    }

    fn types<'a>(&mut self, types: impl Iterator<Item = &'a Type>) {
        self.raw("(");
        for r#type in types {
            self.r#type(r#type);
            self.raw(",");
        }
        self.raw(")");
    }
}
