use std::fmt::Display;

use serde::Serialize;

/// The exit code of whatever ends in a [`Failure`].
pub(crate) const EXIT_CODE: u8 = 3;

/// Why a command did not do what it was asked to, and what to do about it.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    pub(crate) error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<String>,
}

impl Failure {
    pub(crate) fn new(error: impl Display) -> Self {
        Self { error: error.to_string(), help: None }
    }

    pub(crate) fn with_help(mut self, help: impl Display) -> Self {
        self.help = Some(help.to_string());
        self
    }
}
