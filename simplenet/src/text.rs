#[cfg(feature = "client")]
use std::time::Duration;

/// Returns at most `limit` bytes of a peer's text, with its control characters replaced.
///
/// Control characters could forge lines in a log, or control a terminal.
pub(crate) fn printable(text: &str, limit: usize) -> String {
    let mut printable = String::with_capacity(text.len().min(limit));
    for character in text.chars() {
        let shown = if character.is_control() { char::REPLACEMENT_CHARACTER } else { character };
        if printable.len() + shown.len_utf8() > limit {
            break;
        }
        printable.push(shown);
    }
    printable
}

/// Returns the message of an error and those of its sources, separated by `: `.
pub(crate) fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// Returns a wait in words, without fractions of a millisecond.
#[cfg(feature = "client")]
pub(crate) fn after(wait: Duration) -> String {
    match u64::try_from(wait.as_millis()) {
        Ok(0) => "at once".to_owned(),
        Ok(milliseconds) => format!("in {:?}", Duration::from_millis(milliseconds)),
        Err(_) => "never".to_owned(),
    }
}
