use std::collections::{HashMap, HashSet};

use simplenet_schema::{Primitive, Type};

use crate::source::ast::{self, Name};

/// The types that a schema can name: its own, the included, and the external ones.
pub(super) struct Scope<'a> {
    pub(super) declared: HashMap<&'a str, &'a Name>,
    pub(super) externals: HashSet<&'a str>,
    /// Whether a file could not be read. In that case, unknown names are not reported, because the
    /// file may declare them.
    pub(super) incomplete: bool,
    /// The index of the source in [`Files`](crate::source::file::Files), if the source is a Rust
    /// module.
    pub(super) module: Option<usize>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(files: &[&'a ast::Types], incomplete: bool, module: Option<usize>) -> Self {
        let declared = files.iter().flat_map(|file| &file.types).map(|(name, _)| name);
        let externals = files.iter().flat_map(|file| &file.externals).map(|(path, _)| path);
        Self {
            declared: declared.map(|name| (name.text.as_str(), name)).collect(),
            externals: externals.map(|path| path.text.as_str()).collect(),
            incomplete,
            module,
        }
    }

    /// Returns the names of all known types, sorted.
    pub(super) fn known(&self) -> Vec<&'a str> {
        let mut known: Vec<&'a str> = self.declared.keys().copied().collect();
        known.extend(&self.externals);
        known.extend(Primitive::ALL.map(|primitive| -> &'a str { primitive.name() }));
        known.extend(CONTAINERS.map(|container| -> &'a str { container.name }));
        known.sort_unstable();
        known
    }
}

/// A generic type of the standard library that a schema may use.
pub(super) struct Container {
    pub(super) name: &'static str,
    pub(super) arguments: &'static [&'static str],
    pub(super) build: fn(Vec<Type>) -> Option<Type>,
}

impl Container {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        CONTAINERS.iter().find(|container| container.name == name)
    }
}

const CONTAINERS: [Container; 8] = [
    Container { name: "Option", arguments: &["T"], build: |types| one(types, Type::Option) },
    Container { name: "Vec", arguments: &["T"], build: |types| one(types, Type::Vec) },
    Container { name: "Box", arguments: &["T"], build: |types| one(types, Type::Boxed) },
    Container { name: "Result", arguments: &["T", "E"], build: |types| two(types, Type::Result) },
    Container { name: "HashMap", arguments: &["K", "V"], build: |types| two(types, Type::HashMap) },
    Container {
        name: "BTreeMap",
        arguments: &["K", "V"],
        build: |types| two(types, Type::BTreeMap),
    },
    Container { name: "HashSet", arguments: &["T"], build: |types| one(types, Type::HashSet) },
    Container { name: "BTreeSet", arguments: &["T"], build: |types| one(types, Type::BTreeSet) },
];

fn one(types: Vec<Type>, build: fn(Box<Type>) -> Type) -> Option<Type> {
    let [inner] = <[Type; 1]>::try_from(types).ok()?;
    Some(build(Box::new(inner)))
}

fn two(types: Vec<Type>, build: fn(Box<Type>, Box<Type>) -> Type) -> Option<Type> {
    let [left, right] = <[Type; 2]>::try_from(types).ok()?;
    Some(build(Box::new(left), Box::new(right)))
}
