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
    /// Where to write the private key: a new file that only you can read, or `-` for standard output.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Where to write the public key: a new file. It is shown in any case.
    #[arg(long, value_name = "FILE")]
    public: Option<PathBuf>,
    /// How keys are written.
    #[arg(long, value_enum, default_value_t, value_name = "ENCODING")]
    encoding: Encoding,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Encoding {
    /// PEM: PKCS#8 and SPKI, as other tools read them.
    #[default]
    Pem,
    /// URL-safe base64 of the 32 bytes, on one line.
    Base64,
}

/// What is told of a new pair.
#[derive(Serialize)]
struct Made {
    /// Only where it goes to standard output.
    #[serde(skip_serializing_if = "Option::is_none")]
    private_key: Option<Zeroizing<String>>,
    public_key: String,
    key_id: String,
}

pub(crate) fn run(options: &Options, format: Format) -> Result<ExitCode, Failure> {
    let (signing, verifying) = generate_auth_token_keys().map_err(Failure::new)?;
    let (private, public) = match options.encoding {
        Encoding::Pem => (signing.to_pem(), verifying.to_pem()),
        Encoding::Base64 => (signing.to_base64() + "\n", format!("{verifying}\n")),
    };
    let private = Zeroizing::new(private);
    let to_output = files::is_standard(&options.out);
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
    let made = Made { private_key, public_key, key_id };
    if to_output && format == Format::Text {
        // Standard output is the key's alone.
        eprint!("{summary}");
        format.print(&private, &made)?;
    } else {
        format.print(&summary, &made)?;
    }
    Ok(ExitCode::SUCCESS)
}
