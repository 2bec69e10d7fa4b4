use std::{path::PathBuf, process::ExitCode, time::SystemTime};

use clap::Args;
use serde::Serialize;
use simplenet::{AuthToken, TokenRefusal, TokenVerifier};

use super::read_verifying_key;
use crate::{
    failure::{Failure, with_sources},
    files,
    output::{Format, table},
    time::{TimeArg, format_relative, format_time},
};

#[derive(Args)]
#[command(after_help = "\
Examples:
  simplenet token inspect token.txt
  simplenet token make --key auth.pem --client 7 | simplenet token inspect --public-key auth.pub

The exit code is 1 for a token that is not valid. Without a public key, only its times are checked.")]
pub(crate) struct Options {
    /// The token: a file, or `-` for standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    token: PathBuf,
    /// A file with a public key that the servers trust. May be repeated.
    #[arg(long = "public-key", value_name = "FILE")]
    public_keys: Vec<PathBuf>,
    /// The channel of the server that verifies the token.
    #[arg(long, value_name = "NAME", requires = "public_keys")]
    channel: Option<String>,
    /// The name of the server that verifies the token.
    #[arg(long, value_name = "NAME", requires = "public_keys")]
    server: Option<String>,
    /// The time of the verification [default: now].
    #[arg(long, value_name = "TIME")]
    at: Option<TimeArg>,
}

/// The output for a token.
#[derive(Serialize)]
struct Inspected {
    client_id: String,
    token_id: String,
    key_id: String,
    channel: Option<String>,
    server: Option<String>,
    issued_at: String,
    not_before: String,
    expires_at: String,
    /// The claims as text. Invalid UTF-8 is replaced.
    claims: String,
    claims_bytes: usize,
    signature_checked: bool,
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
}

pub(crate) fn run(options: Options, format: Format) -> Result<ExitCode, Failure> {
    let text = files::read_text(&options.token)?;
    let token: AuthToken = text
        .parse()
        .map_err(|error| Failure::with_source(files::display_name(&options.token), &error))?;
    let now = options.at.map_or_else(SystemTime::now, |time| time.0);
    let signature_checked = !options.public_keys.is_empty();
    let refusal = if signature_checked {
        verifier(&options)?.verify(&token, now).err().map(|refusal| with_sources(&refusal))
    } else {
        refusal_by_time(&token, now).map(|refusal| refusal.to_string())
    };
    let inspected = Inspected {
        client_id: token.client_id().to_string(),
        token_id: token.id().to_string(),
        key_id: token.key_id().to_string(),
        channel: token.channel().map(str::to_owned),
        server: token.server().map(str::to_owned),
        issued_at: format_time(token.issued_at()),
        not_before: format_time(token.not_before()),
        expires_at: format_time(token.expires_at()),
        claims: String::from_utf8_lossy(token.claims()).into_owned(),
        claims_bytes: token.claims().len(),
        signature_checked,
        valid: refusal.is_none(),
        refusal,
    };
    format.print(&inspected.as_text(&token, now), &inspected)?;
    Ok(if inspected.valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn verifier(options: &Options) -> Result<TokenVerifier, Failure> {
    let keys = options.public_keys.iter().map(|path| read_verifying_key(path));
    let mut verifier = TokenVerifier::new(keys.collect::<Result<Vec<_>, _>>()?);
    if let Some(channel) = &options.channel {
        verifier = verifier.channel(channel);
    }
    if let Some(server) = &options.server {
        verifier = verifier.server(server);
    }
    Ok(verifier)
}

/// Returns why the token is not valid at this time; `None` if it is valid. This check needs no key.
fn refusal_by_time(token: &AuthToken, now: SystemTime) -> Option<TokenRefusal> {
    if let Ok(early) = token.not_before().duration_since(now)
        && early > TokenVerifier::DEFAULT_CLOCK_SKEW
    {
        return Some(TokenRefusal::NotYetValid { early });
    }
    let late = now.duration_since(token.expires_at()).ok()?;
    Some(TokenRefusal::Expired { late })
}

impl Inspected {
    fn as_text(&self, token: &AuthToken, now: SystemTime) -> String {
        // Quoted, because the author of the token may have added control characters.
        let name = |name: &Option<String>| {
            name.as_ref().map_or_else(|| "any".to_owned(), |name| format!("{name:?}"))
        };
        let claims = match self.claims_bytes {
            0 => "none".to_owned(),
            count => format!("{:?} ({count} bytes)", self.claims),
        };
        let verdict = match (&self.refusal, self.signature_checked) {
            (Some(refusal), _) => format!("not valid: {refusal}"),
            (None, true) => "valid".to_owned(),
            (None, false) => {
                "valid by its times; signature not checked: pass --public-key to check it"
                    .to_owned()
            }
        };
        table(&[
            ("client id", self.client_id.clone()),
            ("token id", self.token_id.clone()),
            ("key id", self.key_id.clone()),
            ("channel", name(&self.channel)),
            ("server", name(&self.server)),
            ("issued at", self.issued_at.clone()),
            ("valid from", self.not_before.clone()),
            (
                "expires at",
                format!("{} ({})", self.expires_at, format_relative(token.expires_at(), now)),
            ),
            ("claims", claims),
            ("verdict", verdict),
        ])
    }
}
