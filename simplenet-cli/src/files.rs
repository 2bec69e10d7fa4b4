//! Reads files and standard input, and writes files.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

use zeroize::Zeroizing;

use crate::failure::Failure;

/// The path that stands for standard input or output.
const STANDARD_STREAM: &str = "-";

/// The maximum size of an input, in bytes. Keys, tokens and claims are smaller.
const MAX_BYTES: u64 = 64 * 1024;

/// Whether the path stands for standard input or output.
pub(crate) fn is_standard_stream(path: &Path) -> bool {
    path == Path::new(STANDARD_STREAM)
}

/// Reads a file, or standard input for `-`. The buffer is zeroed when it is dropped.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let source: Box<dyn Read> = if is_standard_stream(path) {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(|error| unreadable(path, &error))?)
    };
    // The buffer has its maximum capacity from the start. Growing would leave a copy of a secret.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES as usize + 1));
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > MAX_BYTES {
        let message =
            format!("{} exceeds the maximum size of {MAX_BYTES} bytes", display_name(path));
        return Err(Failure::new(message)
            .with_help("keys, tokens and claims are smaller: check that this is the right file"));
    }
    Ok(bytes)
}

/// Reads a text, like [`read`], without surrounding white space.
pub(crate) fn read_text(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let bytes = read(path)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Failure::new(format_args!("{} is not valid UTF-8", display_name(path))))?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

/// Creates a file. On Unix, only the owner can read a secret file.
///
/// # Errors
///
/// Fails if the file exists, or if an IO error occurs.
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
        let message = format!("cannot write {}", path.display());
        let failure = Failure::with_source(message, &error);
        match error.kind() {
            io::ErrorKind::AlreadyExists => failure.with_help(
                "an overwritten key is lost: choose another name, or move the existing file",
            ),
            _ => failure,
        }
    })
}

/// Returns the name of a path as shown in messages.
pub(crate) fn display_name(path: &Path) -> String {
    if is_standard_stream(path) { "standard input".to_owned() } else { path.display().to_string() }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::with_source(format_args!("cannot read {}", display_name(path)), error)
}
