//! The `simplenet` command: what channels need beside their code.

mod cli;
mod failure;
mod files;
mod moment;
mod output;
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
