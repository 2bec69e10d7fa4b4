use ron::error::{Error, Position, SpannedError};

use crate::{Diagnostic, source::Place};

/// An error of the RON parser in our words, at the place where it stopped.
pub(super) fn diagnostic(error: SpannedError, text: &str, file: usize) -> Diagnostic {
    let place = Place {
        file,
        start: offset(text, error.span.start),
        end: offset(text, error.span.end).max(offset(text, error.span.start)),
    };
    match error.code {
        Error::NoSuchStructField { expected, found, outer } => {
            let place = last_word(text, place, &found);
            let owner = outer.map_or_else(String::new, |outer| format!(" in `{outer}`"));
            Diagnostic::new(format!("unknown field `{found}`{owner}"), place)
                .did_you_mean(&found, expected.iter().copied())
                .help(format!("the fields are {}", list(expected)))
        }
        Error::NoSuchEnumVariant { expected, found, .. } => Diagnostic::new(
            format!("unknown kind of type `{found}`"),
            last_word(text, place, &found),
        )
        .did_you_mean(&found, expected.iter().copied())
        .help(format!("the kinds are {}", list(expected))),
        Error::MissingStructField { field, outer } => {
            let owner = outer.unwrap_or_else(|| "this".to_owned());
            Diagnostic::new(format!("`{owner}` has no field `{field}`"), point(place.end, file))
        }
        Error::DuplicateStructField { field, .. } => {
            let place = last_word(text, place, field);
            Diagnostic::new(format!("the field `{field}` is there twice"), place)
        }
        Error::ExpectedDifferentStructName { expected, found } => {
            let place = last_word(text, place, &found);
            Diagnostic::new(format!("expected `{expected}(..)`, found `{found}`"), place)
        }
        Error::Message(message) => Diagnostic::new(message, point(place.end, file)),
        other => Diagnostic::new(lower_first(&other.to_string()), point(place.end, file))
            .note("this is not readable as RON; errors of meaning are told once it is"),
    }
}

fn list(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

fn point(at: usize, file: usize) -> Place {
    Place { file, start: at, end: at }
}

/// The parser has passed the word that it complains about: the last one before the place where it stopped.
fn last_word(text: &str, place: Place, word: &str) -> Place {
    let found = text.get(..place.end).and_then(|passed| passed.rfind(word));
    match found {
        Some(start) => Place { start, end: start + word.len(), ..place },
        None => place,
    }
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// From lines and columns of characters, both from 1, to bytes.
fn offset(text: &str, position: Position) -> usize {
    let line: usize =
        text.split_inclusive('\n').take(position.line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(line..).unwrap_or_default();
    let column = rest.char_indices().nth(position.col.saturating_sub(1));
    line + column.map_or(rest.len(), |(at, _)| at)
}
