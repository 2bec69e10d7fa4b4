//! A chat server, a client for terminals, and a demo that runs both.

mod client;
mod demo;
mod server;

use std::{error::Error, process::ExitCode};

use chat::console;
use clap::{Parser, Subcommand};

/// The error of a command.
type BoxError = Box<dyn Error + Send + Sync>;

/// A chat over a typed channel. Without a command, it runs the demo: a server and three clients,
/// each in its own process, that exchange messages.
#[derive(Parser)]
#[command(name = "chat", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  cargo run -p chat
  cargo run -p chat -- server --addr 127.0.0.1:9000
  cargo run -p chat -- client --url ws://127.0.0.1:9000 --name Ada";

#[derive(Subcommand)]
enum Command {
    /// Run the server until Ctrl-C.
    Server(server::Options),
    /// Chat in this terminal.
    Client(client::Options),
    /// Run one of the demo's clients.
    #[command(hide = true)]
    DemoClient(demo::scripted_client::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        None => demo::run().await,
        Some(Command::Server(options)) => server::run(options).await,
        Some(Command::Client(options)) => client::run(options).await,
        Some(Command::DemoClient(options)) => demo::scripted_client::run(options).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::print_error(error.as_ref());
            ExitCode::FAILURE
        }
    }
}
