//! `simplenet token`.

mod inspect;
mod keygen;
mod make;

use std::{path::Path, process::ExitCode};

use clap::Subcommand;
use simplenet::{AuthSigningKey, AuthVerifyingKey};

use crate::{failure::Failure, files, output::Format};

#[derive(Subcommand)]
pub(crate) enum TokenCommand {
    /// Makes a pair of keys: the private one signs tokens, servers verify them with the public one.
    Keygen(keygen::Options),
    /// Makes a token.
    Make(make::Options),
    /// Shows what a token says, and whether it is valid.
    Inspect(inspect::Options),
}

impl TokenCommand {
    pub(crate) fn run(self, format: Format) -> Result<ExitCode, Failure> {
        match self {
            Self::Keygen(options) => keygen::run(&options, format),
            Self::Make(options) => make::run(options, format),
            Self::Inspect(options) => inspect::run(options, format),
        }
    }
}

fn read_signing_key(path: &Path) -> Result<AuthSigningKey, Failure> {
    let text = files::read_text(path)?;
    text.parse().map_err(|error| {
        let failure = Failure::new(format_args!("{}: {error}", files::called(path)));
        match text.parse::<AuthVerifyingKey>() {
            Ok(_) if is_pem(&text) => failure.with_help("this is a public key: it cannot sign"),
            _ => failure.with_help("`simplenet token keygen --out FILE` makes one"),
        }
    })
}

fn read_verifying_key(path: &Path) -> Result<AuthVerifyingKey, Failure> {
    let text = files::read_text(path)?;
    text.parse().map_err(|error| {
        let failure = Failure::new(format_args!("{}: {error}", files::called(path)));
        match text.parse::<AuthSigningKey>() {
            Ok(_) if is_pem(&text) => {
                failure.with_help("this is a private key: servers need the public one alone")
            }
            _ => failure,
        }
    })
}

/// Only then it can be told which half of a pair it is.
fn is_pem(text: &str) -> bool {
    text.starts_with("-----BEGIN")
}
