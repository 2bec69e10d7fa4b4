use std::path::{Component, Path, PathBuf};

use proc_macro2::Span;

/// What was read for one channel: files, and for an inline channel the tokens of its module.
#[derive(Debug, Default)]
pub(crate) struct Files {
    files: Vec<File>,
    /// Paths are told relative to this directory, where they lie in it.
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

/// A range in one of the [`Files`]: of bytes, or of tokens by their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Files {
    pub(crate) fn shown_from(directory: &Path) -> Self {
        Self { files: Vec::new(), shown_from: directory.to_owned() }
    }

    /// Takes a file in and gives its number.
    pub(crate) fn add(&mut self, path: PathBuf, text: String) -> usize {
        self.files.push(File { path, content: Content::Text(text) });
        self.files.len() - 1
    }

    /// Makes room for the tokens of a module, the includes of which are found from this directory.
    pub(crate) fn add_tokens(&mut self, directory: &Path) -> usize {
        let path = directory.join("Cargo.toml");
        self.files.push(File { path, content: Content::Tokens(Vec::new()) });
        self.files.len() - 1
    }

    /// Notes a token of a module, in the order of reading.
    pub(crate) fn add_token(&mut self, file: usize, span: Span) -> Place {
        let mut start = 0;
        if let Some(File { content: Content::Tokens(spans), .. }) = self.files.get_mut(file) {
            start = spans.len();
            spans.push(span);
        }
        Place { file, start, end: start + 1 }
    }

    /// Where the compiler should point to, for a place in a module.
    pub(crate) fn span(&self, place: Place) -> Option<Span> {
        match &self.files.get(place.file)?.content {
            Content::Text(_) => None,
            Content::Tokens(spans) => spans.get(place.start).copied(),
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

    /// As messages show it.
    pub(crate) fn shown(&self, file: usize) -> String {
        self.files.get(file).map_or_else(String::new, |file| self.shown_path(&file.path))
    }

    pub(crate) fn shown_path(&self, path: &Path) -> String {
        path.strip_prefix(&self.shown_from).unwrap_or(path).display().to_string()
    }

    /// The file's name without its ending.
    pub(crate) fn stem(&self, file: usize) -> String {
        let stem = self.files.get(file).and_then(|file| file.path.file_stem());
        stem.unwrap_or_default().to_string_lossy().into_owned()
    }

    /// What an `include` in this file means by a path.
    pub(crate) fn beside(&self, file: usize, relative: &str) -> PathBuf {
        let directory = self.files.get(file).and_then(|file| file.path.parent());
        normalize(&directory.unwrap_or(Path::new("")).join(relative))
    }

    /// Of all that was read from the disk.
    pub(crate) fn paths(self) -> Vec<PathBuf> {
        let files = self.files.into_iter();
        let read = files.filter(|file| matches!(file.content, Content::Text(_)));
        read.map(|file| file.path).collect()
    }
}

/// Without `.` and `..` where that can be told from the text, so that one file has one path.
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
