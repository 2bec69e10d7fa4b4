use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;

use crate::failure::Failure;

/// The format of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for humans.
    #[default]
    Text,
    /// A JSON object on one line, for programs.
    Json,
}

impl Format {
    /// Writes a result to standard output: the text, or the value as JSON.
    pub(crate) fn print(self, text: &str, value: &impl Serialize) -> Result<(), Failure> {
        let unwritable =
            |error: io::Error| Failure::with_source("cannot write to standard output", &error);
        let mut output = io::stdout().lock();
        match self {
            Self::Text => output.write_all(text.as_bytes()).map_err(unwritable)?,
            Self::Json => {
                let line =
                    serde_json::to_string(value).map_err(|error| Failure::from_error(&error))?;
                writeln!(output, "{line}").map_err(unwritable)?;
            }
        }
        output.flush().map_err(unwritable)
    }

    /// Writes a failure to standard error.
    pub(crate) fn print_failure(self, failure: &Failure) {
        let Failure { error, help } = failure;
        match self {
            Self::Text => {
                eprintln!("error: {error}");
                if let Some(help) = help {
                    eprintln!("  = help: {help}");
                }
            }
            Self::Json => match serde_json::to_string(failure) {
                Ok(line) => eprintln!("{line}"),
                Err(unwritable) => eprintln!("error: {error} ({unwritable})"),
            },
        }
    }
}

/// Formats rows as a table of two columns.
pub(crate) fn table(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    rows.iter().map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}
