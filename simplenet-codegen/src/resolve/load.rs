use std::{collections::BTreeSet, io, path::Path};

use crate::{
    Diagnostic, Inline,
    source::{Files, Name, Place, WrittenChannel, WrittenTypes, file::normalize, inline, ron},
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

/// What reading begins with.
pub(super) enum Root<'a> {
    Schema(&'a Path),
    Types(&'a Path),
    Inline(&'a Inline<'a>),
}

/// The channel that stands for a file of types: a file has no name that could differ.
pub(crate) const TYPES_CHANNEL: &str = "types-that-channels-share";

/// Reads the root and follows its includes, each file once however often it is included.
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
        let path = files.beside(include.place.file, &include.text);
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
    ) -> Option<WrittenChannel> {
        let path = normalize(path);
        let text = match read(&path) {
            Ok(text) => text,
            Err(error) => {
                let shown = files.shown_path(&path);
                let message = format!("cannot read the schema `{shown}`: {error}");
                let help = "the path is relative to the directory of the crate's Cargo.toml";
                self.errors.push(Diagnostic::without_place(message).help(help));
                return None;
            }
        };
        let file = files.add(path, text);
        let channel = if is_channel {
            ron::channel(files.text(file), file, &mut self.errors)
        } else {
            let types = ron::types(files.text(file), file, &mut self.errors);
            types.map(|types| channel_of(types, file))
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
                self.errors.push(Diagnostic::new(message, include.place).help(help));
                self.missing = true;
                None
            }
        }
    }
}

/// The channel that stands for these types.
fn channel_of(types: WrittenTypes, file: usize) -> WrittenChannel {
    WrittenChannel {
        name: Name { text: TYPES_CHANNEL.to_owned(), place: Place { file, start: 0, end: 0 } },
        connect: None,
        client_messages: Vec::new(),
        client_requests: Vec::new(),
        server_messages: Vec::new(),
        types,
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
