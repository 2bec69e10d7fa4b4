//! Benchmarks of simplenet: beside the same work on a bare tokio-tungstenite socket, and with many clients.

mod attack;
mod bare;
mod cpu;
mod descriptors;
mod figures;
mod load;
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

/// The channel of the benchmarks.
#[simplenet::channel(schema = "schema.ron")]
pub mod bench {}

use std::{error::Error, net::SocketAddr, process::ExitCode};

use clap::{Parser, Subcommand};
use load::Policy;
use peer::Implementation;
use url::Url;
use workload::Workload;

/// An error that ends the program and is printed to its user.
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
    /// 1,000 clients whose server is killed and restarted: their attempts, and the time until all are connected again.
    Storm,
    /// Every attack of the tests: its outcome, and the latency of an honest client meanwhile.
    Attack {
        /// Run only the attacks with this text in their names.
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
    ServerProcess { address: SocketAddr, slow_consumer: Policy },
    /// A load generator process.
    #[command(hide = true)]
    Clients { count: usize, url: Url },
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
        Command::ServerProcess { address, slow_consumer } => load::server(address, slow_consumer),
        Command::Clients { count, url } => load::attend(count, &url),
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
