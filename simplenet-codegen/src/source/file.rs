use std::path::{Component, Path, PathBuf};

/// The files that were read for one channel.
#[derive(Debug, Default)]
pub(crate) struct Files {
    files: Vec<File>,
    /// Paths are told relative to this directory, where they lie in it.
    shown_from: PathBuf,
}

#[derive(Debug)]
struct File {
    path: PathBuf,
    text: String,
}

/// A range of bytes in one of the [`Files`].
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
        self.files.push(File { path, text });
        self.files.len() - 1
    }

    pub(crate) fn count(&self) -> usize {
        self.files.len()
    }

    pub(crate) fn position(&self, path: &Path) -> Option<usize> {
        self.files.iter().position(|file| file.path == path)
    }

    pub(crate) fn text(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.text)
    }

    /// As messages show it.
    pub(crate) fn shown(&self, file: usize) -> String {
        self.files.get(file).map_or_else(String::new, |file| self.shown_path(&file.path))
    }

    pub(crate) fn shown_path(&self, path: &Path) -> String {
        path.strip_prefix(&self.shown_from).unwrap_or(path).display().to_string()
    }

    /// What an `include` in this file means by a path.
    pub(crate) fn beside(&self, file: usize, relative: &str) -> PathBuf {
        let directory = self.files.get(file).and_then(|file| file.path.parent());
        normalize(&directory.unwrap_or(Path::new("")).join(relative))
    }

    pub(crate) fn paths(self) -> Vec<PathBuf> {
        self.files.into_iter().map(|file| file.path).collect()
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
