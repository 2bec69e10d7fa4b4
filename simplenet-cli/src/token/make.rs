use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use serde::Serialize;
use simplenet::AuthTokenBuilder;
use zeroize::Zeroizing;

use super::read_signing_key;
use crate::{
    failure::Failure,
    files,
    output::Format,
    time::{DurationArg, TimeArg, format_time},
};

#[derive(Args)]
#[command(after_help = "\
Examples:
  simplenet token make --key auth.pem --client 7 --channel chat --lifetime 15m
  secret-store get auth-key | simplenet token make --key - --client 7 --claims moderator

A token grants access until it expires: keep it out of logs and command lines.")]
pub(crate) struct Options {
    /// The private key: a file, or `-` for standard input.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The id of the client that the token authenticates.
    #[arg(long, value_name = "ID")]
    client: u128,
    /// The lifetime of the token, such as 90s, 15m, 1h 30m or 7d, rounded up to whole seconds. It
    /// begins now, or at --not-before if that is later.
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    lifetime: DurationArg,
    /// The time when the token expires, instead of a lifetime: a time such as 2026-11-23T12:00:00Z,
    /// or seconds since 1970.
    #[arg(long, value_name = "TIME", conflicts_with = "lifetime")]
    expires: Option<TimeArg>,
    /// The time from which the token is valid [default: now].
    #[arg(long, value_name = "TIME")]
    not_before: Option<TimeArg>,
    /// The only channel that accepts the token [default: every channel that trusts the key].
    #[arg(long, value_name = "NAME")]
    channel: Option<String>,
    /// The only server that accepts the token [default: every server of the channel].
    #[arg(long, value_name = "NAME", requires = "channel")]
    server: Option<String>,
    /// Data about the client for the server. It is not encrypted.
    #[arg(long, value_name = "TEXT")]
    claims: Option<String>,
    /// A file with the claims, or `-` for standard input. It may contain any bytes.
    #[arg(long, value_name = "FILE", conflicts_with = "claims")]
    claims_file: Option<PathBuf>,
}

/// The output for a new token.
#[derive(Serialize)]
struct Made {
    token: Zeroizing<String>,
    token_id: String,
    key_id: String,
    client_id: String,
    expires_at: String,
}

pub(crate) fn run(options: Options, format: Format) -> Result<ExitCode, Failure> {
    let claims = match &options.claims_file {
        Some(path) => files::read(path)?.to_vec(),
        None => options.claims.unwrap_or_default().into_bytes(),
    };
    let key = read_signing_key(&options.key)?;
    let mut builder = AuthTokenBuilder::new(options.client).claims(claims);
    builder = match options.expires {
        Some(TimeArg(time)) => builder.expires_at(time),
        None => builder.lifetime(options.lifetime.0),
    };
    if let Some(TimeArg(time)) = options.not_before {
        builder = builder.not_before(time);
    }
    if let Some(channel) = options.channel {
        builder = builder.channel(channel);
    }
    if let Some(server) = options.server {
        builder = builder.server(server);
    }
    let token = builder.sign(&key).map_err(|error| Failure::from_error(&error))?;
    let text = Zeroizing::new(format!("{token}\n"));
    let made = Made {
        token: Zeroizing::new(token.to_string()),
        token_id: token.id().to_string(),
        key_id: token.key_id().to_string(),
        client_id: token.client_id().to_string(),
        expires_at: format_time(token.expires_at()),
    };
    format.print(&text, &made)?;
    Ok(ExitCode::SUCCESS)
}
