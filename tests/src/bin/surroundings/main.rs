//! One operation of a server or client in one kind of surroundings, in a process of its own.
//!
//! `surroundings SURROUNDINGS OPERATION` prints `works: ..`, `fails: ..` or `waits`, and logs
//! warnings to standard error.

#![expect(clippy::expect_used, reason = "a failed precondition fails the test at its line")]

mod client;
mod executor;
mod healthy;
mod server;
mod surroundings;

use std::{future::Future, pin::Pin, process, thread, time::Duration};

use surroundings::Surroundings;
use tokio::runtime::Handle;

/// The time after which an operation counts as waiting. Longer than every deadline of an operation.
const LIMIT: Duration = Duration::from_secs(4);

/// The result of an operation: a text about its success or about its failure.
type Outcome = Result<String, String>;

/// The second half of an operation. The first half has created the server or client.
type Act = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// The first half of an operation. An error is the outcome of the whole operation.
type Prepare = Pin<Box<dyn Future<Output = Result<Act, String>> + Send>>;

/// The conditions under which an operation creates a server or client.
#[derive(Clone, Debug)]
struct Conditions {
    /// The runtime for `runtime(handle)`.
    chosen: Option<Handle>,
    /// Whether the first half can wait for a session.
    runs: bool,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [surroundings, operation] = &arguments[..] else {
        eprintln!("expected `SURROUNDINGS OPERATION`, got {arguments:?}");
        process::exit(2);
    };
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .init();
    thread::spawn(|| {
        thread::sleep(LIMIT);
        println!("waits");
        process::exit(0);
    });
    let surroundings = Surroundings::named(surroundings).expect("the name of surroundings");
    let operation = operation.clone();
    let outcome = surroundings.run(move |conditions| {
        client::operation(&operation, conditions.clone())
            .or_else(|| server::operation(&operation, conditions))
            .expect("the name of an operation")
    });
    match outcome {
        Ok(text) => println!("works: {text}"),
        Err(text) => println!("fails: {text}"),
    }
}
