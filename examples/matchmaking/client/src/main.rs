//! A matchmaking scenario: several clients call the server, and their responses are checked.

mod player_client;
mod scenario;

use std::{
    error::Error,
    fmt::Display,
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use tokio::time::timeout;

/// An error that ends the program.
type BoxError = Box<dyn Error + Send + Sync>;
/// The result of a step of the scenario.
type Outcome = Result<(), BoxError>;

/// Runs a scenario against the matchmaking server, which `cargo run -p matchmaking-server` starts.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// URL of the server.
    #[arg(long, default_value = "ws://127.0.0.1:9100")]
    url: String,
    /// Time to wait for the server, which may still be compiling.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    connect_timeout: u64,
}

/// The maximum duration of the scenario, without the wait for the server.
const SCENARIO_TIMEOUT: Duration = Duration::from_secs(30);

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

async fn run(arguments: Arguments) -> Outcome {
    let Arguments { url, connect_timeout } = arguments;
    print_line(format_args!("connecting to {url}"))?;
    scenario::wait_for_server(&url, Duration::from_secs(connect_timeout)).await?;
    match timeout(SCENARIO_TIMEOUT, scenario::run(&url)).await {
        Ok(outcome) => outcome,
        Err(_) => {
            let seconds = SCENARIO_TIMEOUT.as_secs();
            Err(format!("the scenario did not complete within {seconds} s").into())
        }
    }
}

/// Prints a line. Its names come from the scenario, so control characters need no escaping.
fn print_line(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}
