use std::collections::{BTreeSet, HashMap, HashSet};

use proc_macro2::Span;
use quote::ToTokens;
use simplenet_schema::{RawSchema, Schema, Type, canonical, protocol_hash};

use super::lower::Lowered;
use crate::{
    diagnostics::Diagnostic,
    ir::{SharedUse, TYPES_CHANNEL},
    source::{
        ast::{self, Name},
        file::Files,
    },
};

/// A module that holds the types of an included file.
#[derive(Clone)]
pub struct TypesModule {
    /// The name of the file, without its extension.
    pub file: String,
    /// The span of the name.
    pub span: Span,
    /// The module's path.
    pub path: syn::Path,
}

/// The modules that hold the types of included files.
pub(super) struct Sharing<'a> {
    modules: Vec<Resolved<'a>>,
    /// The index of the module that declares a type, by the name of the type.
    owners: HashMap<&'a str, usize>,
}

struct Resolved<'a> {
    module: &'a TypesModule,
    key: Name,
    /// The indices of the file and of all files that it includes.
    files: BTreeSet<usize>,
}

impl<'a> Sharing<'a> {
    /// Finds the file of each module. `all` contains the files in use, the source itself first.
    pub(super) fn new(
        modules: &'a [TypesModule],
        all: &[&'a ast::Types],
        incomplete: bool,
        files: &mut Files,
        errors: &mut Vec<Diagnostic>,
    ) -> Self {
        let graph = Graph::new(all, files);
        let arguments = files.add_tokens(std::path::Path::new(""));
        let mut resolved: Vec<Resolved<'a>> = Vec::new();
        let mut owned: HashMap<usize, usize> = HashMap::new();
        for module in modules {
            let range = files.add_token(arguments, module.span);
            let key = Name { text: module.file.clone(), range };
            match graph.find(&key, incomplete) {
                Ok(Some(file)) => {
                    owned.insert(file, resolved.len());
                    resolved.push(Resolved { module, key, files: graph.reached_from(file) });
                }
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        for (number, module) in resolved.iter().enumerate() {
            for &file in &module.files {
                owned.entry(file).or_insert(number);
            }
        }
        let mut owners = HashMap::new();
        for (file, number) in owned {
            let types = all.get(file).into_iter().flat_map(|file| &file.types);
            owners.extend(types.map(|(name, _)| (name.text.as_str(), number)));
        }
        Self { modules: resolved, owners }
    }

    /// Returns the path of the module that holds this type, and so decides its derives. `file` is
    /// the index of the file that requests a derive. `None` if that file belongs to the module.
    pub(super) fn derived_elsewhere(&self, r#type: &str, file: usize) -> Option<&syn::Path> {
        let module = self.modules.get(*self.owners.get(r#type)?)?;
        (!module.files.contains(&file)).then_some(&module.module.path)
    }

    /// Returns the hash of the types of each module. The generated code compares it, so that the
    /// compiler detects a module of another version.
    pub(super) fn hashes(&self, lowered: &Lowered<'_>, errors: &mut Vec<Diagnostic>) -> Vec<u128> {
        let incomplete = lowered.scope.incomplete || !errors.is_empty();
        let hashes = self.modules.iter().map(|module| match module.hash(lowered) {
            Some(hash) => hash,
            None if incomplete => 0,
            None => {
                let message = format!("`{}` uses types that it does not include", module.key.text);
                let error = Diagnostic::new(message, module.key.range);
                errors.push(error.help("include every file whose types it uses"));
                0
            }
        });
        hashes.collect()
    }

    /// Removes the types that the modules hold, and returns them by module.
    pub(super) fn take_from(&self, raw: &mut RawSchema, hashes: &[u128]) -> Vec<SharedUse> {
        let modules = self.modules.iter().zip(hashes);
        let mut uses: Vec<SharedUse> = modules
            .map(|(Resolved { module, .. }, hash)| SharedUse {
                path: module.path.to_token_stream(),
                file: module.file.clone(),
                names: Vec::new(),
                hash: *hash,
            })
            .collect();
        raw.types.retain(|declared| {
            let owner = self.owners.get(declared.name.as_str());
            match owner.and_then(|&owner| uses.get_mut(owner)) {
                Some(r#use) => {
                    r#use.names.push(declared.name.clone());
                    false
                }
                None => true,
            }
        });
        uses
    }
}

impl Resolved<'_> {
    /// Returns the protocol hash of a channel whose server sends every type of the module, or
    /// `None` if one of these types uses a type of a file outside of the module.
    fn hash(&self, lowered: &Lowered<'_>) -> Option<u128> {
        let files = self.files.iter().filter_map(|&file| lowered.files.get(file));
        let names: BTreeSet<&str> = files
            .clone()
            .flat_map(|file| &file.types)
            .map(|(name, _)| name.text.as_str())
            .collect();
        let externals: HashSet<&str> =
            files.flat_map(|file| &file.externals).map(|(path, _)| path.text.as_str()).collect();
        let types = lowered.raw.types.iter();
        let listed = lowered.raw.externals.iter();
        let schema = Schema::new(RawSchema {
            name: TYPES_CHANNEL.to_owned(),
            server_messages: names.iter().map(|&name| name.to_owned()).collect(),
            types: types.filter(|each| names.contains(each.name.as_str())).cloned().collect(),
            externals: listed
                .filter(|each| externals.contains(each.path.as_str()))
                .cloned()
                .collect(),
            connect: Type::unit(),
            client_messages: Vec::new(),
            client_requests: Vec::new(),
        });
        schema.ok().map(|schema| protocol_hash(&canonical::write(&schema)))
    }
}

/// The include graph of the files.
struct Graph {
    /// The indices of the files that each file includes.
    includes: Vec<Vec<usize>>,
    /// The names of the files as in `include(..)`, with `_` for `-`.
    stems: Vec<String>,
}

impl Graph {
    fn new(all: &[&ast::Types], files: &Files) -> Self {
        let positions: HashMap<usize, usize> =
            all.iter().enumerate().map(|(position, types)| (types.file, position)).collect();
        let includes = all.iter().map(|types| {
            let included = types.includes.iter().filter_map(|include| {
                let file = files.position(&files.beside(types.file, &include.text))?;
                positions.get(&file).copied()
            });
            included.collect()
        });
        let stems = all.iter().map(|types| files.stem(types.file).replace('-', "_"));
        Self { includes: includes.collect(), stems: stems.collect() }
    }

    /// Returns the index of the included file with this name.
    fn find(&self, key: &Name, incomplete: bool) -> Result<Option<usize>, Diagnostic> {
        let included = self.stems.iter().enumerate().skip(1);
        let mut found = included.clone().filter(|(_, stem)| **stem == key.text);
        match (found.next(), found.next()) {
            (Some((file, _)), None) => Ok(Some(file)),
            (Some(_), Some(_)) => {
                let message = format!("several included files have the name `{}`", key.text);
                Err(Diagnostic::new(message, key.range))
            }
            (None, _) if incomplete => Ok(None),
            (None, _) => {
                let message = format!("no included file has the name `{}`", key.text);
                let known = included.map(|(_, stem)| stem.as_str());
                let error = Diagnostic::new(message, key.range).did_you_mean(&key.text, known);
                Err(error.help(
                    "write the name of an included file without its extension, and `_` for `-`",
                ))
            }
        }
    }

    fn reached_from(&self, file: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut open = vec![file];
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(self.includes.get(next).into_iter().flatten());
            }
        }
        reached
    }
}
