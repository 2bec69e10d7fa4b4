//! Benchmarks of simplenet. They compare it with bare tokio-tungstenite, and measure it with many
//! clients and under attack.

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
mod resident_memory;
mod sample;
mod storm;
mod typed;
mod workload;

/// The channel of the benchmarks.
#[simplenet::channel(schema = "schema.ron")]
pub mod bench {}

use std::{error::Error, net::SocketAddr, process::ExitCode};

use clap::{Parser, Subcommand};
use load::SlowConsumerPolicy;
use peer::Implementation;
use url::Url;
use workload::Workload;

/// The result of a measurement. The program prints the error and ends.
type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// Runs benchmarks of simplenet
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures the CPU time of requests and messages, in comparison with bare tokio-tungstenite
    ///
    /// Takes less than a minute. Needs Linux.
    Quick,
    /// Measures the memory of a server with idle connections, and with a slow consumer
    ///
    /// One server has 2,000 idle connections. Another one sends broadcasts to 1,000 clients, one of
    /// which reads nothing. Needs Linux.
    Memory,
    /// Measures the reconnects of 1,000 clients after their server is killed and restarted
    ///
    /// Prints the number of attempts, and the time until all clients are connected again. Needs
    /// Linux.
    Storm,
    /// Measures the latency of an honest client during each attack of the tests
    Attack {
        /// Run only the attacks with this text in their names
        #[arg(long, default_value = "", hide_default_value = true)]
        only: String,
    },
    /// Runs the server process of `quick`
    #[command(hide = true)]
    Server { implementation: Implementation, workload: Workload },
    /// Runs the client process of `quick`
    #[command(hide = true)]
    Client { implementation: Implementation, workload: Workload, url: Url },
    /// Runs a server process for many clients
    #[command(hide = true)]
    LoadServer { address: SocketAddr, slow_consumer: SlowConsumerPolicy },
    /// Runs a load generator
    #[command(hide = true)]
    Clients { count: usize, url: Url },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Quick => quick::run(),
        Command::Server { implementation, workload } => peer::serve(implementation, workload),
        Command::Client { implementation, workload, url } => {
            peer::exchange(implementation, workload, &url)
        }
        Command::Memory => memory::run(),
        Command::Storm => storm::run(),
        Command::Attack { only } => attack::run(&only),
        Command::LoadServer { address, slow_consumer } => load::run_server(address, slow_consumer),
        Command::Clients { count, url } => load::run_clients(count, &url),
    };
    match result {
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
