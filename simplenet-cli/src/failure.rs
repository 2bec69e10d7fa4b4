use std::{error::Error, fmt::Display};

use serde::Serialize;

/// The exit code of a command that fails.
pub(crate) const EXIT_CODE: u8 = 3;

/// The error of a command, with the help that is shown to the user.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    /// The message, followed by the messages of all sources.
    pub(crate) error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<String>,
}

impl Failure {
    pub(crate) fn new(message: impl Display) -> Self {
        Self { error: message.to_string(), help: None }
    }

    /// Creates a failure with the message of an error and of all its sources.
    pub(crate) fn from_error(error: &dyn Error) -> Self {
        Self::new(with_sources(error))
    }

    /// Creates a failure with a message, followed by the messages of an error and of all its
    /// sources.
    pub(crate) fn with_source(message: impl Display, source: &dyn Error) -> Self {
        Self::new(format_args!("{message}: {}", with_sources(source)))
    }

    pub(crate) fn with_help(mut self, help: impl Display) -> Self {
        self.help = Some(help.to_string());
        self
    }
}

/// Returns the message of an error, followed by the messages of all its sources.
pub(crate) fn with_sources(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        message += &format!(": {error}");
        source = error.source();
    }
    message
}
