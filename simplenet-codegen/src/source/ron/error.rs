use ron::error::{Error, Position, SpannedError};

use crate::{diagnostics::Diagnostic, source::file::SourceRange};

/// Converts an error of the RON parser to a diagnostic at the position where the parser stopped.
pub(super) fn diagnostic(error: SpannedError, text: &str, file: usize) -> Diagnostic {
    let range = SourceRange {
        file,
        start: offset(text, error.span.start),
        end: offset(text, error.span.end).max(offset(text, error.span.start)),
    };
    match error.code {
        Error::NoSuchStructField { expected, found, outer } => {
            let range = last_word(text, range, &found);
            let owner = outer.map_or_else(String::new, |outer| format!(" in `{outer}`"));
            Diagnostic::new(format!("unknown field `{found}`{owner}"), range)
                .did_you_mean(&found, expected.iter().copied())
                .help(format!("the fields are {}", list(expected)))
        }
        Error::NoSuchEnumVariant { expected, found, .. } => Diagnostic::new(
            format!("unknown kind of type `{found}`"),
            last_word(text, range, &found),
        )
        .did_you_mean(&found, expected.iter().copied())
        .help(format!("the kinds are {}", list(expected))),
        Error::MissingStructField { field, outer } => {
            let owner = outer.map_or_else(String::new, |outer| format!(" in `{outer}`"));
            Diagnostic::new(format!("missing field `{field}`{owner}"), point(range.end, file))
        }
        Error::DuplicateStructField { field, .. } => {
            let range = last_word(text, range, field);
            Diagnostic::new(format!("duplicate field `{field}`"), range)
        }
        Error::ExpectedDifferentStructName { expected, found } => {
            let range = last_word(text, range, &found);
            Diagnostic::new(format!("expected `{expected}(..)`, found `{found}`"), range)
        }
        Error::Message(message) => Diagnostic::new(message, point(range.end, file)),
        other => Diagnostic::new(lower_first(&other.to_string()), point(range.end, file)).note(
            "this is a syntax error of RON; other errors of the file are reported once it is fixed",
        ),
    }
}

fn list(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

fn point(at: usize, file: usize) -> SourceRange {
    SourceRange { file, start: at, end: at }
}

/// Returns the range of the word that an error is about. `range` ends where the parser stopped, so
/// this is the last occurrence of the word before that end.
fn last_word(text: &str, range: SourceRange, word: &str) -> SourceRange {
    let found = text.get(..range.end).and_then(|passed| passed.rfind(word));
    match found {
        Some(start) => SourceRange { start, end: start + word.len(), ..range },
        None => range,
    }
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Converts a position to an offset in bytes. The position has a line and a character, both counted
/// from 1.
fn offset(text: &str, position: Position) -> usize {
    let line: usize =
        text.split_inclusive('\n').take(position.line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(line..).unwrap_or_default();
    let column = rest.char_indices().nth(position.col.saturating_sub(1));
    line + column.map_or(rest.len(), |(at, _)| at)
}
