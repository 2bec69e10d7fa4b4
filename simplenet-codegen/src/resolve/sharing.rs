use std::collections::{BTreeSet, HashMap, HashSet};

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use simplenet_schema::{Parts, Schema, Type, canonical, protocol_hash};

use super::{load::TYPES_CHANNEL, lower::Lowered};
use crate::{
    Diagnostic,
    source::{Files, Name, WrittenTypes},
};

/// A module that holds the types of an included file.
#[derive(Clone)]
pub struct TypesModule {
    /// The file's name, without its ending.
    pub file: String,
    /// Where that is written.
    pub span: Span,
    /// The module's path.
    pub path: syn::Path,
}

/// The types that a channel takes from a [`TypesModule`].
#[derive(Clone, Debug)]
pub(crate) struct SharedUse {
    pub(crate) path: TokenStream,
    /// The file's name, without its ending.
    pub(crate) file: String,
    pub(crate) names: Vec<String>,
    /// Of all types that the module should hold.
    pub(crate) hash: u128,
}

/// Which file's types are generated where.
pub(super) struct Sharing<'a> {
    modules: Vec<Resolved<'a>>,
    /// The module that declares a type.
    owners: HashMap<&'a str, usize>,
}

struct Resolved<'a> {
    module: &'a TypesModule,
    key: Name,
    /// The file and all that it includes, by position.
    files: BTreeSet<usize>,
}

impl<'a> Sharing<'a> {
    /// Finds the file of each module. `all` are the files in use, the source itself first.
    pub(super) fn new(
        modules: &'a [TypesModule],
        all: &[&'a WrittenTypes],
        incomplete: bool,
        files: &mut Files,
        errors: &mut Vec<Diagnostic>,
    ) -> Self {
        let graph = Graph::new(all, files);
        let arguments = files.add_tokens(std::path::Path::new(""));
        let mut resolved: Vec<Resolved<'a>> = Vec::new();
        let mut owned: HashMap<usize, usize> = HashMap::new();
        for module in modules {
            let place = files.add_token(arguments, module.span);
            let key = Name { text: module.file.clone(), place };
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

    /// The path of the module that derives traits for this type, unless that is done here. `file` is the position of
    /// the file that asks.
    pub(super) fn derived_elsewhere(&self, r#type: &str, file: usize) -> Option<&syn::Path> {
        let module = self.modules.get(*self.owners.get(r#type)?)?;
        (!module.files.contains(&file)).then_some(&module.module.path)
    }

    /// What stands for the content of each module.
    pub(super) fn hashes(&self, lowered: &Lowered<'_>, errors: &mut Vec<Diagnostic>) -> Vec<u128> {
        let incomplete = lowered.scope.incomplete || !errors.is_empty();
        let hashes = self.modules.iter().map(|module| match module.hash(lowered) {
            Some(hash) => hash,
            None if incomplete => 0,
            None => {
                let message =
                    format!("the types of `{}` do not stand by themselves", module.key.text);
                let error = Diagnostic::new(message, module.key.place);
                errors.push(error.help("let the file include whatever it uses"));
                0
            }
        });
        hashes.collect()
    }

    /// Takes the types out that are generated elsewhere.
    pub(super) fn take_from(&self, parts: &mut Parts, hashes: &[u128]) -> Vec<SharedUse> {
        let modules = self.modules.iter().zip(hashes);
        let mut uses: Vec<SharedUse> = modules
            .map(|(Resolved { module, .. }, hash)| SharedUse {
                path: module.path.to_token_stream(),
                file: module.file.clone(),
                names: Vec::new(),
                hash: *hash,
            })
            .collect();
        parts.types.retain(|declared| {
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
    /// The protocol hash of a channel in which the server sends every one of the module's types. None if they use
    /// types of other files.
    fn hash(&self, lowered: &Lowered<'_>) -> Option<u128> {
        let files = self.files.iter().filter_map(|&file| lowered.files.get(file));
        let names: BTreeSet<&str> = files
            .clone()
            .flat_map(|file| &file.types)
            .map(|(name, _)| name.text.as_str())
            .collect();
        let externals: HashSet<&str> =
            files.flat_map(|file| &file.externals).map(|(path, _)| path.text.as_str()).collect();
        let types = lowered.parts.types.iter();
        let listed = lowered.parts.externals.iter();
        let schema = Schema::new(Parts {
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

/// Which file includes which, by position.
struct Graph {
    includes: Vec<Vec<usize>>,
    /// The names of the files as a module can have them.
    stems: Vec<String>,
}

impl Graph {
    fn new(all: &[&WrittenTypes], files: &Files) -> Self {
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

    /// The included file that is called like this.
    fn find(&self, key: &Name, incomplete: bool) -> Result<Option<usize>, Diagnostic> {
        let included = self.stems.iter().enumerate().skip(1);
        let mut found = included.clone().filter(|(_, stem)| **stem == key.text);
        match (found.next(), found.next()) {
            (Some((file, _)), None) => Ok(Some(file)),
            (Some(_), Some(_)) => {
                let message = format!("several included files are called `{}`", key.text);
                Err(Diagnostic::new(message, key.place))
            }
            (None, _) if incomplete => Ok(None),
            (None, _) => {
                let message = format!("no included file is called `{}`", key.text);
                let known = included.map(|(_, stem)| stem.as_str());
                let error = Diagnostic::new(message, key.place).did_you_mean(&key.text, known);
                Err(error
                    .help("write the name of an included file without its ending, and `_` for `-`"))
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
