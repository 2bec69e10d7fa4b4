//! Output for a terminal. Text may come from a peer, so control characters are replaced: a peer
//! could use them to control the terminal.

use std::{
    error::Error,
    fmt::Display,
    io::{self, Write},
    iter::successors,
};

use tracing_subscriber::filter::{EnvFilter, LevelFilter};

/// Writes the log of the libraries to standard error, from level `INFO` or as `RUST_LOG` says.
pub fn init_logging() {
    let levels =
        EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(levels).with_writer(io::stderr).without_time().init();
}

/// Prints a line to standard output.
///
/// # Errors
///
/// Standard output cannot be written.
pub fn print_line(text: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{}", replace_control_characters(&text.to_string()))
}

/// Prints an error and its sources to standard error.
pub fn print_error(error: &dyn Error) {
    let text = replace_control_characters(&error_chain(error));
    // If standard error is closed, the exit status still reports the failure.
    let _ = writeln!(io::stderr().lock(), "error: {text}");
}

/// Returns the message of an error and those of its sources, separated by `: `.
fn error_chain(error: &dyn Error) -> String {
    let sources = successors(Some(error), |&error| error.source());
    sources.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn replace_control_characters(text: &str) -> String {
    let replace = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(replace).collect()
}

#[cfg(test)]
mod tests {
    use super::replace_control_characters;

    #[test]
    fn control_characters_are_replaced() {
        let replaced = replace_control_characters("\u{1b}[2Jgone\r\n");
        assert_eq!(replaced, "\u{fffd}[2Jgone\u{fffd}\u{fffd}");
    }
}
