//! The `simplenet` command, which creates and inspects keys and tokens.

mod cli;
mod failure;
mod files;
mod output;
mod time;
mod token;

use std::process::ExitCode;

use clap::Parser;

use self::cli::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command.run(cli.format) {
        Ok(code) => code,
        Err(failure) => {
            cli.format.print_failure(&failure);
            ExitCode::from(failure::EXIT_CODE)
        }
    }
}
