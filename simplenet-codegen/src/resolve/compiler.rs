use std::{collections::HashSet, io, path::Path};

use super::{
    Compiled, Failure, Known, derives, finish,
    load::{self, Loaded, Root},
    lower,
    scope::Scope,
    sharing::{Sharing, TypesModule},
};
use crate::{
    diagnostics::Diagnostic,
    ir::{Channel, SharedTypes},
    source::{
        ast::{self, Name},
        file::Files,
        inline::Inline,
    },
};

/// Compiles a source, with all files that it includes.
pub struct Compiler<'a> {
    /// Diagnostics show the paths of files in this directory relative to it.
    pub shown_from: &'a Path,
    /// The modules that already hold the types of included files.
    pub shared: &'a [TypesModule],
    /// Returns the text of a file.
    pub read: &'a mut dyn FnMut(&Path) -> io::Result<String>,
}

impl Compiler<'_> {
    /// Compiles a schema file.
    pub fn schema(self, path: &Path) -> Compiled {
        self.run(&Root::Schema(path))
    }

    /// Compiles a module that declares a channel.
    pub fn inline(self, inline: &Inline<'_>) -> Compiled {
        self.run(&Root::Inline(inline))
    }

    /// Compiles a file of types that several channels share.
    pub fn types(self, path: &Path) -> Compiled<SharedTypes> {
        let Compiled { files, outcome } = self.run(&Root::Types(path));
        let outcome = match outcome {
            Ok(Channel { schema, mut ir }) => {
                derives::add_key_derives(&ir.raw, &mut ir.derives);
                ir.raw.server_messages.clear();
                Ok(SharedTypes { schema, ir })
            }
            Err(mut failure) => {
                if let Some(ir) = &mut failure.ir {
                    ir.raw.server_messages.clear();
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

/// Returns the names of all declared types, each once.
fn every_type(channel: &ast::Channel, included: &[ast::Types]) -> Vec<Name> {
    let files = std::iter::once(&channel.types).chain(included);
    let mut seen = HashSet::new();
    let names = files.flat_map(|file| &file.types).map(|(name, _)| name);
    let mut names: Vec<Name> =
        names.filter(|name| seen.insert(name.text.clone())).cloned().collect();
    names.sort_by(|left, right| left.text.cmp(&right.text));
    names
}

fn failure(known: Known, errors: &[Diagnostic], unreadable: &[usize], files: &Files) -> Failure {
    let seen = unreadable.iter().flat_map(|&file| load::guessed_type_names(files.text(file)));
    Failure {
        errors: errors.iter().map(|error| error.report(files)).collect(),
        ir: known.ir,
        names: seen.chain(known.unknown).collect(),
    }
}
