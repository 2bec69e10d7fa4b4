//! A login service and a game server that trust each other by keys alone.
//!
//! The login service knows names and passwords, and signs tokens with a private key. The game server knows none of that:
//! it verifies tokens with the public key. Players log in over HTTPS and play over WSS.

mod certificates;
mod game;
mod login;
mod player;
mod story;

use std::{error::Error, fs, path::PathBuf, process::ExitCode};

use clap::Parser;
use tokio::signal;
use tracing_subscriber::filter::{EnvFilter, LevelFilter};

/// Shows login, connect, expiry, refresh, rotation of keys, and revocation.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Keep both services running afterwards, until Ctrl-C.
    #[arg(long)]
    stay: bool,

    /// Write the root of both services' certificates there, in PEM, for other programs that connect.
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let levels =
        EnvFilter::builder().with_default_directive(LevelFilter::ERROR.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(levels).with_writer(std::io::stderr).init();
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// Returns the message of an error and those of its sources, separated by `: `.
fn chain(error: &dyn Error) -> String {
    let sources = std::iter::successors(Some(error), |&error| error.source());
    sources.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

async fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let stage = story::Stage::set_up().await?;
    if let Some(file) = &options.root {
        fs::write(file, stage.root()).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    stage.play().await?;
    if options.stay {
        println!("\n{stage}\nCtrl-C ends both.");
        signal::ctrl_c().await?;
    }
    stage.close().await;
    Ok(())
}
