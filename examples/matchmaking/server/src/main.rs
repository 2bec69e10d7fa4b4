//! The matchmaking server as a program.

use std::{
    error::Error,
    future,
    io::{self, Write},
    pin::pin,
    process::ExitCode,
};

use clap::Parser;
use matchmaking_server::MatchmakingServer;
use tokio::signal;
use tracing_subscriber::filter::{EnvFilter, LevelFilter};

/// Pairs players of equal strength, until Ctrl-C.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:9100")]
    addr: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If nobody reads it, there is nobody to tell; the exit status says the rest.
            let _ = writeln!(io::stderr().lock(), "error: {}", chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// Returns the message of an error and those of its sources, separated by `: `.
fn chain(error: &dyn Error) -> String {
    let sources = std::iter::successors(Some(error), |&error| error.source());
    sources.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error + Send + Sync>> {
    let levels =
        EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(levels).with_writer(io::stderr).without_time().init();

    // Watched for before anybody can know of the server, so that none is missed.
    let mut interrupted = pin!(interrupted());
    tokio::select! {
        biased;
        () = &mut interrupted => return Ok(()),
        () = future::ready(()) => {}
    }
    let server = MatchmakingServer::bind(arguments.addr.as_str())?;
    writeln!(io::stdout().lock(), "listening on {}", server.url())?;
    server.run(interrupted).await;
    Ok(())
}

async fn interrupted() {
    if signal::ctrl_c().await.is_err() {
        // None can come, so the server serves for good.
        future::pending::<()>().await;
    }
}
