use std::{collections::BTreeSet, io, path::Path};

use crate::{
    diagnostics::Diagnostic,
    ir::TYPES_CHANNEL,
    source::{
        ast::{self, Name},
        file::{Files, SourceRange, normalize},
        inline::{self, Inline},
        ron,
    },
};

/// The maximum number of files that make up a channel.
const MAX_FILES: usize = 256;

/// The source AST of a schema and of all files that it includes.
pub(super) struct Loaded {
    pub(super) channel: Option<ast::Channel>,
    pub(super) included: Vec<ast::Types>,
    pub(super) errors: Vec<Diagnostic>,
    /// The indices of files with a syntax error.
    pub(super) unreadable: Vec<usize>,
    /// Whether an included file does not exist, or an IO error occurred.
    pub(super) missing: bool,
}

/// The source that is compiled.
pub(super) enum Root<'a> {
    Schema(&'a Path),
    Types(&'a Path),
    Inline(&'a Inline<'a>),
}

/// Reads the root and all files that it includes, each file once.
pub(super) fn load(
    root: &Root<'_>,
    files: &mut Files,
    read: &mut dyn FnMut(&Path) -> io::Result<String>,
) -> Loaded {
    let mut loaded = Loaded {
        channel: None,
        included: Vec::new(),
        errors: Vec::new(),
        unreadable: Vec::new(),
        missing: false,
    };
    loaded.channel = match root {
        Root::Schema(path) | Root::Types(path) => {
            let is_channel = matches!(root, Root::Schema(_));
            loaded.root(path, is_channel, files, read)
        }
        Root::Inline(inline) => Some(inline::channel(inline, files, &mut loaded.errors)),
    };
    let includes = loaded.channel.iter().flat_map(|channel| channel.types.includes.iter().rev());
    let mut open: Vec<Name> = includes.cloned().collect();
    while let Some(include) = open.pop() {
        let path = files.beside(include.range.file, &include.text);
        let Some(types) = loaded.include(&include, &path, files, read) else { continue };
        open.extend(types.includes.iter().rev().cloned());
        loaded.included.push(types);
    }
    loaded
}

impl Loaded {
    fn root(
        &mut self,
        path: &Path,
        is_channel: bool,
        files: &mut Files,
        read: &mut dyn FnMut(&Path) -> io::Result<String>,
    ) -> Option<ast::Channel> {
        let path = normalize(path);
        let text = match read(&path) {
            Ok(text) => text,
            Err(error) => {
                let shown = files.shown_path(&path);
                let message = format!("cannot read the schema `{shown}`: {error}");
                let help = "the path is relative to the directory of the crate's Cargo.toml";
                self.errors.push(Diagnostic::without_range(message).help(help));
                return None;
            }
        };
        let file = files.add(path, text);
        let channel = if is_channel {
            ron::channel(files.text(file), file, &mut self.errors)
        } else {
            let types = ron::types(files.text(file), file, &mut self.errors);
            types.map(|types| channel_with(types, file))
        };
        if channel.is_none() {
            self.unreadable.push(file);
        }
        channel
    }

    fn include(
        &mut self,
        include: &Name,
        path: &Path,
        files: &mut Files,
        read: &mut dyn FnMut(&Path) -> io::Result<String>,
    ) -> Option<ast::Types> {
        if files.position(path).is_some() {
            return None;
        }
        if files.count() == MAX_FILES {
            let message = format!("the channel includes more than {MAX_FILES} files");
            self.errors.push(Diagnostic::new(message, include.range));
            self.missing = true;
            return None;
        }
        match read(path) {
            Ok(text) => {
                let file = files.add(path.to_owned(), text);
                let types = ron::types(files.text(file), file, &mut self.errors);
                if types.is_none() {
                    self.unreadable.push(file);
                }
                types
            }
            Err(error) => {
                let shown = files.shown_path(path);
                let message = format!("cannot read the included file `{shown}`: {error}");
                let help = "the path is relative to the file that includes it";
                self.errors.push(Diagnostic::new(message, include.range).help(help));
                self.missing = true;
                None
            }
        }
    }
}

/// Wraps a file of types in an artificial channel.
fn channel_with(types: ast::Types, file: usize) -> ast::Channel {
    ast::Channel {
        name: Name {
            text: TYPES_CHANNEL.to_owned(),
            range: SourceRange { file, start: 0, end: 0 },
        },
        connect: None,
        client_messages: Vec::new(),
        client_requests: Vec::new(),
        server_messages: Vec::new(),
        types,
    }
}

/// Guesses the names of the types in a text with a syntax error: every quoted word that looks like
/// a type name.
pub(super) fn guessed_type_names(text: &str) -> BTreeSet<String> {
    let quoted = text.split('"').skip(1).step_by(2);
    let is_type_name = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    quoted.filter(is_type_name).map(str::to_owned).collect()
}
