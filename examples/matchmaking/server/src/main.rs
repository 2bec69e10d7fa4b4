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

/// Pairs players of similar strength, until Ctrl-C.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on. Port 0 selects a free port.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:9100")]
    addr: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
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
    let sources = std::iter::successors(Some(error), |&error| error.source());
    sources.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error + Send + Sync>> {
    let levels =
        EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(levels).with_writer(io::stderr).without_time().init();

    // The first poll installs the handler of Ctrl-C. This happens before the server prints its URL,
    // so that no signal is missed.
    let mut ctrl_c = pin!(ctrl_c());
    tokio::select! {
        biased;
        () = &mut ctrl_c => return Ok(()),
        () = future::ready(()) => {}
    }
    let server = MatchmakingServer::bind(arguments.addr.as_str())?;
    writeln!(io::stdout().lock(), "listening on {}", server.url())?;
    let report = server.run(ctrl_c).await;
    tracing::info!(flushed = report.flushed, cut = report.cut, "sessions ended");
    Ok(())
}

/// Waits for Ctrl-C.
async fn ctrl_c() {
    if signal::ctrl_c().await.is_err() {
        // Without a handler no signal arrives, so the server serves until it is killed.
        future::pending::<()>().await;
    }
}
