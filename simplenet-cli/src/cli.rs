use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{failure::Failure, output::Format, token::TokenCommand};

/// Creates and inspects the keys and tokens of simplenet channels.
#[derive(Parser)]
#[command(name = "simplenet", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// The format of results and errors.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Creates and inspects authentication keys and tokens.
    #[command(subcommand)]
    Token(TokenCommand),
}

const EXIT_CODES: &str = "\
Exit codes:
  0  success
  1  negative result, such as a token that is not valid
  2  invalid command line
  3  a file cannot be read or written, or its content is invalid";

impl Command {
    pub(crate) fn run(self, format: Format) -> Result<ExitCode, Failure> {
        match self {
            Self::Token(command) => command.run(format),
        }
    }
}
