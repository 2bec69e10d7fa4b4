use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use serde::Serialize;
use simplenet::AuthTokenBuilder;
use zeroize::Zeroizing;

use super::read_signing_key;
use crate::{
    failure::Failure,
    files,
    moment::{Moment, Span, written},
    output::Format,
};

#[derive(Args)]
#[command(after_help = "\
Examples:
  simplenet token make --key auth.pem --client 7 --channel chat --lifetime 15m
  secret-store get auth-key | simplenet token make --key - --client 7 --claims moderator

Whoever has a token can use it until it expires: keep it out of logs and command lines.")]
pub(crate) struct Options {
    /// The private key: a file, or `-` for standard input.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The client that the token lets in, by its number.
    #[arg(long, value_name = "ID")]
    client: u128,
    /// How long it is valid, such as 90s, 15m, 1h 30m or 7d.
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    lifetime: Span,
    /// When it expires, instead of after a lifetime: a time like 2026-11-23T12:00:00Z, or seconds since 1970.
    #[arg(long, value_name = "TIME", conflicts_with = "lifetime")]
    expires: Option<Moment>,
    /// When it begins to be valid; now, if not given.
    #[arg(long, value_name = "TIME")]
    not_before: Option<Moment>,
    /// The channel that it is meant for; any that trusts the key, if not given.
    #[arg(long, value_name = "NAME")]
    channel: Option<String>,
    /// The server that it is meant for; any of the channel, if not given.
    #[arg(long, value_name = "NAME", requires = "channel")]
    server: Option<String>,
    /// What the server is told about the client. Everybody who sees the token can read it.
    #[arg(long, value_name = "TEXT")]
    claims: Option<String>,
    /// The same from a file, or `-` for standard input; any bytes.
    #[arg(long, value_name = "FILE", conflicts_with = "claims")]
    claims_file: Option<PathBuf>,
}

/// What is told of a new token.
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
        Some(Moment(time)) => builder.expires_at(time),
        None => builder.lifetime(options.lifetime.0),
    };
    if let Some(Moment(time)) = options.not_before {
        builder = builder.not_before(time);
    }
    if let Some(channel) = options.channel {
        builder = builder.channel(channel);
    }
    if let Some(server) = options.server {
        builder = builder.server(server);
    }
    let token = builder.sign(&key).map_err(Failure::new)?;
    let text = Zeroizing::new(format!("{token}\n"));
    let made = Made {
        token: Zeroizing::new(token.to_string()),
        token_id: token.id().to_string(),
        key_id: token.key_id().to_string(),
        client_id: token.client_id().to_string(),
        expires_at: written(token.expires_at()),
    };
    format.print(&text, &made)?;
    Ok(ExitCode::SUCCESS)
}
