//! What comes from files and standard input, and what goes into files.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

use zeroize::Zeroizing;

use crate::failure::Failure;

/// Stands for standard input or output where a file is expected.
const STANDARD: &str = "-";

/// No key, token or set of claims is larger, in bytes.
const MAX_BYTES: u64 = 64 * 1024;

/// Whether standard input or output is meant.
pub(crate) fn is_standard(path: &Path) -> bool {
    path == Path::new(STANDARD)
}

/// A secret, or what stands beside one: a file, or standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let source: Box<dyn Read> = if is_standard(path) {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(|error| unreadable(path, &error))?)
    };
    // As large as it may grow, so that no copy of a secret is left behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES as usize + 1));
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Failure::new(format_args!("{} is too large", called(path)))
            .with_help(format_args!("a key or token has far less than {MAX_BYTES} bytes")));
    }
    Ok(bytes)
}

/// As [`read`], for what is a text. Without the line's end.
pub(crate) fn read_text(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let bytes = read(path)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Failure::new(format_args!("{} is not a text", called(path))))?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

/// Writes a file that was not there, and that nobody else can read if it holds a secret.
pub(crate) fn write_new(path: &Path, text: &str, secret: bool) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = secret;
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| {
        let failure = Failure::new(format_args!("cannot write {}: {error}", path.display()));
        match error.kind() {
            io::ErrorKind::AlreadyExists => failure.with_help(
                "a key that is lost cannot be made again: choose another name, or move that file away",
            ),
            _ => failure,
        }
    })
}

/// How a message calls it.
pub(crate) fn called(path: &Path) -> String {
    if is_standard(path) { "standard input".to_owned() } else { path.display().to_string() }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format_args!("cannot read {}: {error}", called(path)))
}
