//! A login service that issues tokens, and a game server that verifies them.
//!
//! The login service knows names and passwords, and signs tokens with a private key. The game
//! server knows only the public key, which verifies the tokens. Clients log in over HTTPS, and
//! connect to the game server over WSS.

mod certificates;
mod client;
mod game_server;
mod login_service;
mod scenario;

use std::{
    error::Error,
    fs,
    io::{self, Write},
    iter::successors,
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;
use tokio::signal;
use tracing_subscriber::filter::{EnvFilter, LevelFilter};

use self::scenario::Scenario;

/// Demonstrates login, connect, expiry and refresh of tokens, rotation of keys, and revocation.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Keep both services running after the demo, until Ctrl-C.
    #[arg(long)]
    stay: bool,

    /// Write the root certificate of both services to this file, in PEM, for other clients.
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let levels =
        EnvFilter::builder().with_default_directive(LevelFilter::ERROR.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(levels).with_writer(io::stderr).init();
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed, the exit status still reports the failure.
            let _ = writeln!(io::stderr().lock(), "error: {}", error_chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// Returns the message of an error and those of its sources, separated by `: `.
fn error_chain(error: &dyn Error) -> String {
    let sources = successors(Some(error), |&error| error.source());
    sources.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

async fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let scenario = Scenario::start().await?;
    if let Some(file) = &options.root {
        fs::write(file, scenario.root_certificate())
            .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    }
    scenario.run().await?;
    if options.stay {
        println!("\n{scenario}\nPress Ctrl-C to stop both services.");
        signal::ctrl_c().await?;
    }
    scenario.shut_down().await;
    Ok(())
}
