//! A chat: a server, a client for people at a terminal, and a demo that shows both at work.

mod client;
mod demo;
mod script;
mod server;

use std::{error::Error, process::ExitCode};

use chat::console;
use clap::{Parser, Subcommand};

/// The channel in an older version: what a program speaks that was not updated.
#[simplenet::channel(schema = "../../schemas/chat-old.ron")]
mod chat_old {}

/// Whatever ends a command early.
type Failure = Box<dyn Error + Send + Sync>;
/// How a command ends.
type Outcome = Result<(), Failure>;

/// A chat over typed channels. Without a command it is the demo: a server and three clients, each a process of its
/// own, that talk to each other.
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
    /// Serve the chat until Ctrl-C.
    Server(server::Options),
    /// Take part in the chat, from this terminal.
    Client(client::Options),
    /// Play a part of the demo.
    #[command(hide = true)]
    Act(script::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        None => demo::run().await,
        Some(Command::Server(options)) => server::run(options).await,
        Some(Command::Client(options)) => client::run(options).await,
        Some(Command::Act(options)) => script::run(options).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::error(error.as_ref());
            ExitCode::FAILURE
        }
    }
}
