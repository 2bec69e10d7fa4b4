use std::path::{Component, Path, PathBuf};

use proc_macro2::Span;

/// The sources of one channel: its files, and the tokens of the module of an inline channel.
#[derive(Debug, Default)]
pub(crate) struct Files {
    files: Vec<File>,
    /// Paths in this directory are displayed relative to it.
    shown_from: PathBuf,
}

#[derive(Debug)]
struct File {
    path: PathBuf,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Tokens(Vec<Span>),
}

/// A range in one of the [`Files`]. It counts bytes in a text, and tokens in a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SourceRange {
    /// The index of the file.
    pub(crate) file: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Files {
    pub(crate) fn shown_from(directory: &Path) -> Self {
        Self { files: Vec::new(), shown_from: directory.to_owned() }
    }

    /// Adds a file and returns its index.
    pub(crate) fn add(&mut self, path: PathBuf, text: String) -> usize {
        self.files.push(File { path, content: Content::Text(text) });
        self.files.len() - 1
    }

    /// Adds a module and returns its index. The paths of its includes are relative to this
    /// directory.
    pub(crate) fn add_tokens(&mut self, directory: &Path) -> usize {
        let path = directory.join("Cargo.toml");
        self.files.push(File { path, content: Content::Tokens(Vec::new()) });
        self.files.len() - 1
    }

    /// Records a token of a module, and returns its range.
    pub(crate) fn add_token(&mut self, file: usize, span: Span) -> SourceRange {
        let mut start = 0;
        if let Some(File { content: Content::Tokens(spans), .. }) = self.files.get_mut(file) {
            start = spans.len();
            spans.push(span);
        }
        SourceRange { file, start, end: start + 1 }
    }

    /// Returns the span of a range in a module, for errors of the compiler.
    pub(crate) fn span(&self, range: SourceRange) -> Option<Span> {
        match &self.files.get(range.file)?.content {
            Content::Text(_) => None,
            Content::Tokens(spans) => spans.get(range.start).copied(),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.files.len()
    }

    pub(crate) fn position(&self, path: &Path) -> Option<usize> {
        self.files.iter().position(|file| file.path == path)
    }

    pub(crate) fn text(&self, file: usize) -> &str {
        match self.files.get(file).map(|file| &file.content) {
            Some(Content::Text(text)) => text,
            _ => "",
        }
    }

    /// Returns the path of a file for diagnostics.
    pub(crate) fn shown(&self, file: usize) -> String {
        self.files.get(file).map_or_else(String::new, |file| self.shown_path(&file.path))
    }

    pub(crate) fn shown_path(&self, path: &Path) -> String {
        path.strip_prefix(&self.shown_from).unwrap_or(path).display().to_string()
    }

    /// Returns the name of a file without its extension.
    pub(crate) fn stem(&self, file: usize) -> String {
        let stem = self.files.get(file).and_then(|file| file.path.file_stem());
        stem.unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Returns the path of an include, which this file names relative to its own directory.
    pub(crate) fn beside(&self, file: usize, relative: &str) -> PathBuf {
        let directory = self.files.get(file).and_then(|file| file.path.parent());
        normalize(&directory.unwrap_or(Path::new("")).join(relative))
    }

    /// Returns the paths of all files. A module has none.
    pub(crate) fn paths(self) -> Vec<PathBuf> {
        let files = self.files.into_iter();
        let read = files.filter(|file| matches!(file.content, Content::Text(_)));
        read.map(|file| file.path).collect()
    }
}

/// Removes `.`, and `..` after a name, so that each file has one path.
pub(crate) fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match normal.components().next_back() {
                Some(Component::Normal(_)) => {
                    normal.pop();
                }
                _ => normal.push(component),
            },
            _ => normal.push(component),
        }
    }
    normal
}
