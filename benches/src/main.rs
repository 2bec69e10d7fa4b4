//! Measures simplenet beside the same work done by hand on a bare tokio-tungstenite socket.

mod bare;
mod cpu;
mod figures;
mod peer;
mod processes;
mod quick;
mod sample;
mod typed;
mod workload;

/// The channel that is measured.
#[simplenet::channel(schema = "schema.ron")]
pub mod bench {}

use std::{error::Error, process::ExitCode};

use clap::{Parser, Subcommand};
use peer::Implementation;
use url::Url;
use workload::Workload;

/// An error ends the program and is told to whoever runs it.
type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// Side-by-side measurements of simplenet.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// CPU per message of requests and one-shot messages, beside a bare echo; takes less than a minute.
    Quick,
    /// A server process of a measurement.
    #[command(hide = true)]
    Server { implementation: Implementation, workload: Workload },
    /// A client process of a measurement.
    #[command(hide = true)]
    Client { implementation: Implementation, workload: Workload, url: Url },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Quick => quick::run(),
        Command::Server { implementation, workload } => peer::serve(implementation, workload),
        Command::Client { implementation, workload, url } => {
            peer::exchange(implementation, workload, &url)
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
