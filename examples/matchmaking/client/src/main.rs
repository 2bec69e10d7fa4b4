//! An evening of matchmaking: players who only call the server, and what they hear from it.

mod evening;
mod guest;

use std::{
    error::Error,
    fmt::Display,
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use simplenet::Url;
use tokio::time::timeout;

/// Whatever ends the evening early.
type Failure = Box<dyn Error + Send + Sync>;
/// How it ends.
type Outcome = Result<(), Failure>;

/// Spends an evening with the matchmaking server, which `cargo run -p matchmaking-server` starts.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where the server is.
    #[arg(long, default_value = "ws://127.0.0.1:9100")]
    url: Url,
    /// How many seconds to wait for the server: it may still be compiled.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    patience: u64,
}

/// How long all of it may take, once the server is there.
const LIMIT: Duration = Duration::from_secs(30);

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

async fn run(arguments: Arguments) -> Outcome {
    let Arguments { url, patience } = arguments;
    say(format_args!("looking for the server at {url}"))?;
    evening::server_is_there(&url, Duration::from_secs(patience)).await?;
    match timeout(LIMIT, evening::spend(&url)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(format!("the evening was not over within {} s", LIMIT.as_secs()).into()),
    }
}

/// Prints a line. Nothing in it comes from strangers.
fn say(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}
