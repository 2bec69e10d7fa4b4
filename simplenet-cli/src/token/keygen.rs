use std::{path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use serde::Serialize;
use simplenet::generate_auth_token_keys;
use zeroize::Zeroizing;

use crate::{
    failure::Failure,
    files,
    output::{Format, table},
};

#[derive(Args)]
#[command(after_help = "\
Examples:
  simplenet token keygen --out auth.pem --public auth.pub
  simplenet token keygen --encoding base64 --out - | secret-store put auth-key")]
pub(crate) struct Options {
    /// The file for the private key, or `-` for standard output. The file must not exist yet. It is
    /// created so that only its owner can read it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The file for the public key, which must not exist. The public key is also printed.
    #[arg(long, value_name = "FILE")]
    public: Option<PathBuf>,
    /// The encoding of the keys.
    #[arg(long, value_enum, default_value_t, value_name = "ENCODING")]
    encoding: Encoding,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Encoding {
    /// PEM: PKCS#8 and SPKI, which other tools can read.
    #[default]
    Pem,
    /// URL-safe base64 of the 32 bytes, on one line.
    Base64,
}

/// The output for a new key pair.
#[derive(Serialize)]
struct Generated {
    /// Set only if the private key is written to standard output.
    #[serde(skip_serializing_if = "Option::is_none")]
    private_key: Option<Zeroizing<String>>,
    public_key: String,
    key_id: String,
}

pub(crate) fn run(options: &Options, format: Format) -> Result<ExitCode, Failure> {
    let (signing, verifying) =
        generate_auth_token_keys().map_err(|error| Failure::from_error(&error))?;
    let (private, public) = match options.encoding {
        Encoding::Pem => (signing.to_pem(), verifying.to_pem()),
        Encoding::Base64 => (signing.to_base64() + "\n", format!("{verifying}\n")),
    };
    let private = Zeroizing::new(private);
    let to_output = files::is_standard_stream(&options.out);
    if !to_output {
        files::write_new(&options.out, &private, true)?;
    }
    if let Some(path) = &options.public {
        files::write_new(path, &public, false)?;
    }
    let public_key = verifying.to_string();
    let key_id = verifying.id().to_string();
    let summary = table(&[("public key", public_key.clone()), ("key id", key_id.clone())]);
    let private_key = to_output.then(|| private.clone());
    let generated = Generated { private_key, public_key, key_id };
    if to_output && format == Format::Text {
        // Standard output must contain only the key.
        eprint!("{summary}");
        format.print(&private, &generated)?;
    } else {
        format.print(&summary, &generated)?;
    }
    Ok(ExitCode::SUCCESS)
}
