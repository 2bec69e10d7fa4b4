use std::{collections::HashSet, io, path::Path};

use super::{
    Channel, Compiled, Failure, Known, SharedTypes, derives, finish,
    load::{self, Loaded, Root},
    lower,
    scope::Scope,
    sharing::{Sharing, TypesModule},
};
use crate::{
    Diagnostic, Inline,
    source::{Files, Name, WrittenChannel, WrittenTypes},
};

/// Reads sources, with all that they include.
pub struct Compiler<'a> {
    /// Messages show paths relative to this directory, where they lie in it.
    pub shown_from: &'a Path,
    /// The included types that are generated elsewhere.
    pub shared: &'a [TypesModule],
    /// Reads a file.
    pub read: &'a mut dyn FnMut(&Path) -> io::Result<String>,
}

impl Compiler<'_> {
    /// The channel of a schema file.
    pub fn schema(self, path: &Path) -> Compiled {
        self.run(&Root::Schema(path))
    }

    /// The channel of a module.
    pub fn inline(self, inline: &Inline<'_>) -> Compiled {
        self.run(&Root::Inline(inline))
    }

    /// A file of types that channels share.
    pub fn types(self, path: &Path) -> Compiled<SharedTypes> {
        let Compiled { files, outcome } = self.run(&Root::Types(path));
        let outcome = match outcome {
            Ok(Channel { schema, mut outline }) => {
                derives::add_where_possible(&outline.parts, &mut outline.derives);
                outline.parts.server_messages.clear();
                Ok(SharedTypes { schema, outline })
            }
            Err(mut failure) => {
                if let Some(outline) = &mut failure.outline {
                    outline.parts.server_messages.clear();
                }
                Err(failure)
            }
        };
        Compiled { files, outcome }
    }

    fn run(self, root: &Root<'_>) -> Compiled {
        let mut files = Files::shown_from(self.shown_from);
        let Loaded { mut channel, included, mut errors, unreadable, missing } =
            load::load(root, &mut files, self.read);
        if let (Some(channel), Root::Types(_)) = (&mut channel, root) {
            channel.server_messages = every_type(channel, &included);
        }
        let outcome = match &channel {
            Some(channel) => {
                let module = matches!(root, Root::Inline(_)).then_some(channel.types.file);
                let incomplete = missing || !unreadable.is_empty();
                let all: Vec<_> = std::iter::once(&channel.types).chain(&included).collect();
                let sharing = Sharing::new(self.shared, &all, incomplete, &mut files, &mut errors);
                let scope = Scope::new(&all, incomplete, module);
                let lowered = lower::lower(channel, &all, &scope, &mut errors);
                finish(lowered, &sharing, &files, &mut errors)
            }
            None => Err(Box::default()),
        };
        errors.sort_by_key(Diagnostic::order);
        let outcome = outcome.map_err(|known| failure(*known, &errors, &unreadable, &files));
        Compiled { files: files.paths(), outcome }
    }
}

/// The names of all declared types, each once.
fn every_type(channel: &WrittenChannel, included: &[WrittenTypes]) -> Vec<Name> {
    let files = std::iter::once(&channel.types).chain(included);
    let mut seen = HashSet::new();
    let names = files.flat_map(|file| &file.types).map(|(name, _)| name);
    let mut names: Vec<Name> =
        names.filter(|name| seen.insert(name.text.clone())).cloned().collect();
    names.sort_by(|left, right| left.text.cmp(&right.text));
    names
}

fn failure(known: Known, errors: &[Diagnostic], unreadable: &[usize], files: &Files) -> Failure {
    let seen = unreadable.iter().flat_map(|&file| load::names(files.text(file)));
    Failure {
        errors: errors.iter().map(|error| error.report(files)).collect(),
        outline: known.outline,
        names: seen.chain(known.unknown).collect(),
    }
}
