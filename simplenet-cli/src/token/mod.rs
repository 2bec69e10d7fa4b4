//! The command `simplenet token`.

mod inspect;
mod keygen;
mod make;

use std::{path::Path, process::ExitCode};

use clap::Subcommand;
use simplenet::{AuthSigningKey, AuthVerifyingKey};

use crate::{failure::Failure, files, output::Format};

#[derive(Subcommand)]
pub(crate) enum TokenCommand {
    /// Generates a key pair: a private key to sign tokens, and a public key for servers.
    Keygen(keygen::Options),
    /// Creates a token.
    Make(make::Options),
    /// Shows the content of a token, and whether it is valid.
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
        let failure = Failure::with_source(files::display_name(path), &error);
        match text.parse::<AuthVerifyingKey>() {
            Ok(_) if is_pem(&text) => {
                failure.with_help("this is a public key: pass the private key, which signs tokens")
            }
            _ => failure.with_help("create a private key with `simplenet token keygen --out FILE`"),
        }
    })
}

fn read_verifying_key(path: &Path) -> Result<AuthVerifyingKey, Failure> {
    let text = files::read_text(path)?;
    text.parse().map_err(|error| {
        let failure = Failure::with_source(files::display_name(path), &error);
        match text.parse::<AuthSigningKey>() {
            Ok(_) if is_pem(&text) => {
                failure.with_help("this is a private key: pass the public key")
            }
            _ => failure,
        }
    })
}

/// Whether a key is in PEM, which says whether it is private or public. A base64 key may be either.
fn is_pem(text: &str) -> bool {
    text.starts_with("-----BEGIN")
}
