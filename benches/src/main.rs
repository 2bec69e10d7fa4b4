//! Benchmarks of simplenet. They compare it with other implementations of the same work, and
//! measure it with many clients and under attack.

mod attack;
mod cpu;
mod descriptors;
mod exchange;
mod figures;
#[cfg(feature = "tonic")]
mod grpc;
mod link;
mod load;
mod machine;
mod memory;
mod peer;
mod process;
mod quick;
mod resident_memory;
mod sample;
mod storm;
mod table;
mod typed;
mod workload;

/// The channel of the benchmarks.
#[simplenet::channel(schema = "schema.ron")]
pub mod bench {}

use std::{net::SocketAddr, process::ExitCode};

use clap::{Parser, Subcommand};
use load::SlowConsumerPolicy;
use peer::Implementation;
use url::Url;
use workload::Workload;

/// The reason why a measurement failed.
type Error = Box<dyn std::error::Error + Send + Sync>;

/// The result of a measurement. The program prints the error and ends.
type Result<T, E = Error> = std::result::Result<T, E>;

/// Runs benchmarks of simplenet
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures the CPU time of requests, messages, broadcasts and connects, side by side
    ///
    /// The columns are: simplenet; bare tokio-tungstenite with the same encoding; TCP with a length
    /// before each message; and tonic, if the benchmarks are built with the feature `tonic`. Takes
    /// less than two minutes. Needs Linux with `taskset`. docs/performance.md describes the
    /// measurement.
    Quick {
        /// Run only the workloads with this text in their names
        #[arg(long, default_value = "", hide_default_value = true)]
        only: String,
        /// The number of rounds
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
        rounds: u16,
    },
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
    Server {
        implementation: Implementation,
        #[arg(value_parser = Workload::named)]
        workload: Workload,
    },
    /// Runs the client process of `quick`
    #[command(hide = true)]
    Client {
        implementation: Implementation,
        #[arg(value_parser = Workload::named)]
        workload: Workload,
        server: SocketAddr,
    },
    /// Runs a server process for many clients
    #[command(hide = true)]
    LoadServer { address: SocketAddr, slow_consumer: SlowConsumerPolicy },
    /// Runs a load generator
    #[command(hide = true)]
    Clients { count: usize, url: Url },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Quick { only, rounds } => quick::run(&only, rounds.into()),
        Command::Server { implementation, workload } => peer::serve(implementation, workload),
        Command::Client { implementation, workload, server } => {
            peer::exchange(implementation, workload, server)
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
fn chain(error: &dyn std::error::Error) -> String {
    let sources = std::iter::successors(Some(error), |&error| error.source());
    sources.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
