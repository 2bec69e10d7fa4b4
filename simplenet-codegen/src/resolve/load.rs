use std::{collections::BTreeSet, io, path::Path};

use crate::{
    Diagnostic,
    source::{
        Files, WrittenChannel, WrittenTypes,
        file::normalize,
        ron::{channel, types},
    },
};

/// How many files one channel may consist of.
const MAX_FILES: usize = 256;

/// A schema and the files it includes, as they are written.
pub(super) struct Loaded {
    pub(super) channel: Option<WrittenChannel>,
    pub(super) included: Vec<WrittenTypes>,
    pub(super) errors: Vec<Diagnostic>,
    /// Files that are there but could not be read as what they should be.
    pub(super) unreadable: Vec<usize>,
    /// Whether an included file could not be read at all.
    pub(super) missing: bool,
}

/// Reads the schema and follows its includes, each file once however often it is included.
pub(super) fn load(
    schema: &Path,
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
    let schema = normalize(schema);
    let text = match read(&schema) {
        Ok(text) => text,
        Err(error) => {
            let shown = files.shown_path(&schema);
            let message = format!("cannot read the schema `{shown}`: {error}");
            let help = "the path is relative to the directory of the crate's Cargo.toml";
            loaded.errors.push(Diagnostic::without_place(message).help(help));
            return loaded;
        }
    };
    let root = files.add(schema, text);
    loaded.channel = channel(files.text(root), root, &mut loaded.errors);
    match &loaded.channel {
        Some(channel) => {
            let mut open: Vec<_> = channel.types.includes.clone();
            open.reverse();
            while let Some(include) = open.pop() {
                let path = files.beside(include.place.file, &include.text);
                let Some(types) = loaded.include(&include, &path, files, read) else { continue };
                open.extend(types.includes.iter().rev().cloned());
                loaded.included.push(types);
            }
        }
        None => loaded.unreadable.push(root),
    }
    loaded
}

impl Loaded {
    fn include(
        &mut self,
        include: &crate::source::Name,
        path: &Path,
        files: &mut Files,
        read: &mut dyn FnMut(&Path) -> io::Result<String>,
    ) -> Option<WrittenTypes> {
        if files.position(path).is_some() {
            return None;
        }
        if files.count() == MAX_FILES {
            let message = format!("a channel of more than {MAX_FILES} files");
            self.errors.push(Diagnostic::new(message, include.place));
            self.missing = true;
            return None;
        }
        match read(path) {
            Ok(text) => {
                let file = files.add(path.to_owned(), text);
                let types = types(files.text(file), file, &mut self.errors);
                if types.is_none() {
                    self.unreadable.push(file);
                }
                types
            }
            Err(error) => {
                let shown = files.shown_path(path);
                let message = format!("cannot read the included file `{shown}`: {error}");
                let help = "the path is relative to the file that includes it";
                self.errors.push(Diagnostic::new(message, include.place).help(help));
                self.missing = true;
                None
            }
        }
    }
}

/// The names of types in a text that cannot be read: whatever stands in quotes and looks like one.
pub(super) fn names(text: &str) -> BTreeSet<String> {
    let quoted = text.split('"').skip(1).step_by(2);
    let is_type_name = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    quoted.filter(is_type_name).map(str::to_owned).collect()
}
