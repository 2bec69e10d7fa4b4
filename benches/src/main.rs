//! Measures simplenet: beside the same work done by hand on a bare tokio-tungstenite socket, and with many clients.

mod attack;
mod bare;
mod cpu;
mod crowd;
mod descriptors;
mod figures;
mod machine;
mod memory;
mod peer;
mod process;
mod quick;
mod resident;
mod sample;
mod storm;
mod typed;
mod workload;

/// The channel that is measured.
#[simplenet::channel(schema = "schema.ron")]
pub mod bench {}

use std::{error::Error, net::SocketAddr, process::ExitCode};

use clap::{Parser, Subcommand};
use crowd::Policy;
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
    /// Server memory: for each of 2,000 idle connections, and while one client of 1,000 reads nothing. Linux only.
    Memory,
    /// 1,000 clients whose server is killed and started again: their attempts, and the time until all are back.
    Storm,
    /// Every attack of the tests: what becomes of it, and how long an honest client waits for answers meanwhile.
    Attack {
        /// Only those with this in their name.
        #[arg(long, default_value = "")]
        only: String,
    },
    /// A server process of a measurement.
    #[command(hide = true)]
    Server { implementation: Implementation, workload: Workload },
    /// A client process of a measurement.
    #[command(hide = true)]
    Client { implementation: Implementation, workload: Workload, url: Url },
    /// A server process for many clients.
    #[command(hide = true)]
    Host { address: SocketAddr, slow_consumer: Policy },
    /// A process of many clients.
    #[command(hide = true)]
    Guests { count: usize, url: Url },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Quick => quick::run(),
        Command::Server { implementation, workload } => peer::serve(implementation, workload),
        Command::Client { implementation, workload, url } => {
            peer::exchange(implementation, workload, &url)
        }
        Command::Memory => memory::run(),
        Command::Storm => storm::run(),
        Command::Attack { only } => attack::run(&only),
        Command::Host { address, slow_consumer } => crowd::host(address, slow_consumer),
        Command::Guests { count, url } => crowd::attend(count, &url),
    };
    match outcome {
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
