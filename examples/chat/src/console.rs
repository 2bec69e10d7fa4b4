//! What people read. It may come from strangers, so control characters, which could rule a terminal, are replaced.

use std::{
    error::Error,
    fmt::Display,
    io::{self, Write},
    iter::successors,
};

use tracing_subscriber::filter::{EnvFilter, LevelFilter};

/// Prints what the libraries log on standard error; `RUST_LOG` chooses what.
pub fn log() {
    let levels =
        EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(levels).with_writer(io::stderr).without_time().init();
}

/// Prints a line.
pub fn line(text: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{}", harmless(text))
}

/// Prints the error that ends the program, with its sources.
pub fn error(error: &dyn Error) {
    let sources = successors(Some(error), |&error| error.source());
    let text = sources.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    // If nobody reads it, there is nobody to tell; the exit status says the rest.
    let _ = writeln!(io::stderr().lock(), "error: {}", harmless(text));
}

fn harmless(text: impl Display) -> String {
    let replaced = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    text.to_string().chars().map(replaced).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_stranger_cannot_rule_the_terminal() {
        assert_eq!(super::harmless("\u{1b}[2Jgone\r\n"), "\u{fffd}[2Jgone\u{fffd}\u{fffd}");
    }
}
