use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{failure::Failure, output::Format, token::TokenCommand};

/// Keys and tokens for simplenet channels.
#[derive(Parser)]
#[command(name = "simplenet", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// How results and errors are written.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Keys that sign tokens, and tokens that let clients in.
    #[command(subcommand)]
    Token(TokenCommand),
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the answer is no, such as a token that is not valid
  2  the command line is wrong
  3  something cannot be read, understood or written";

impl Command {
    pub(crate) fn run(self, format: Format) -> Result<ExitCode, Failure> {
        match self {
            Self::Token(command) => command.run(format),
        }
    }
}
