//! The demo: starts a server and three clients, each in its own process, and checks their output.

mod checks;
mod processes;
pub(crate) mod scripted_client;

use std::{
    io,
    time::{Duration, Instant},
};

use chat::console;
use tokio::time::timeout;

use self::{checks::Check, processes::Processes};
use crate::BoxError;

/// An older version of the channel, for a client that was not updated.
#[simplenet::channel(schema = "../../schemas/chat-old.ron")]
mod chat_old {}

const TIMEOUT: Duration = Duration::from_secs(30);

/// Runs the demo.
///
/// # Errors
///
/// A process fails to start, a check fails, or the demo takes longer than [`TIMEOUT`].
pub(crate) async fn run() -> Result<(), BoxError> {
    let start = Instant::now();
    let mut processes = Processes::new();
    let result = match timeout(TIMEOUT, run_scenario(&mut processes)).await {
        Ok(result) => result,
        Err(_) => Err(format!("the demo did not finish within {} s", TIMEOUT.as_secs()).into()),
    };
    let all_passed = print_summary(&processes, start.elapsed())?;
    result?;
    if all_passed { Ok(()) } else { Err("a check of the demo failed: see the summary".into()) }
}

/// Starts the processes in order. Each step waits for output of the step before it, never for a
/// fixed time.
async fn run_scenario(processes: &mut Processes) -> Result<(), BoxError> {
    processes.start("server", &["server", "--addr", "127.0.0.1:0", "--ban", "2:Ben"])?;
    let listening = processes.wait_for_line("server", "listening on ").await?;
    let url = listening.rsplit(' ').next().unwrap_or_default();

    processes.start("Ann", &["demo-client", "ann", "--url", url])?;
    processes.wait_for_line("Ann", "joined room 1").await?;
    processes.start("Ben", &["demo-client", "ben", "--url", url])?;
    processes.wait_for_exit("Ben").await?;
    processes.wait_for_exit("Ann").await?;
    processes.start("Cleo", &["demo-client", "cleo", "--url", url])?;
    processes.wait_for_exit("Cleo").await?;
    processes.wait_for_line("server", "Ann has disconnected").await?;
    Ok(())
}

/// Prints the result of each check. Returns whether all of them passed.
fn print_summary(processes: &Processes, duration: Duration) -> io::Result<bool> {
    let checks = Check::all();
    let mut passed = 0;
    console::print_line("")?;
    for check in &checks {
        let has_passed = check.passes(processes.events());
        passed += usize::from(has_passed);
        let result = if has_passed { "ok" } else { "FAILED" };
        console::print_line(format_args!("{result:<8} {}", check.description))?;
    }
    let all = checks.len();
    let seconds = duration.as_secs_f64();
    console::print_line(format_args!("{passed} of {all} checks passed in {seconds:.1} s"))?;
    Ok(passed == all)
}
