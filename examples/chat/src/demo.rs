//! The demo: a server and three clients, each a process of its own, and a check of what they say.

mod expectations;
mod stage;

use std::{
    io,
    time::{Duration, Instant},
};

use chat::console;
use tokio::time::timeout;

use self::{expectations::Expectation, stage::Stage};
use crate::{Failure, Outcome};

/// How long all of it may take.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs the demo; fails if anything expected did not happen in time.
pub(crate) async fn run() -> Outcome {
    let began = Instant::now();
    let mut stage = Stage::new();
    let played = match timeout(LIMIT, play(&mut stage)).await {
        Ok(played) => played,
        Err(_) => Err(format!("not over within {} s", LIMIT.as_secs()).into()),
    };
    let met = summarize(&stage, began.elapsed())?;
    played?;
    if met { Ok(()) } else { Err("something expected did not happen".into()) }
}

/// Who comes on when. Whoever comes next waits for what was said before, never for time to pass.
async fn play(stage: &mut Stage) -> Result<(), Failure> {
    stage.enter("server", &["server", "--addr", "127.0.0.1:0", "--ban", "2:Ben"])?;
    let listening = stage.hear("server", "listening on ").await?;
    let url = listening.rsplit(' ').next().unwrap_or_default();

    stage.enter("Ann", &["act", "ann", "--url", url])?;
    stage.hear("Ann", "enters room 1").await?;
    stage.enter("Ben", &["act", "ben", "--url", url])?;
    stage.exit("Ben").await?;
    stage.exit("Ann").await?;
    stage.enter("Cleo", &["act", "cleo", "--url", url])?;
    stage.exit("Cleo").await?;
    stage.hear("server", "Ann has gone").await?;
    Ok(())
}

/// Prints what was expected and whether it happened; true if all of it did.
fn summarize(stage: &Stage, took: Duration) -> io::Result<bool> {
    let expectations = Expectation::all();
    let mut met = 0;
    console::line("")?;
    for expectation in &expectations {
        let is_met = expectation.is_met(stage.past());
        met += usize::from(is_met);
        let verdict = if is_met { "ok" } else { "MISSING" };
        console::line(format_args!("{verdict:<8} {}", expectation.what))?;
    }
    let all = expectations.len();
    console::line(format_args!("{met} of {all} as expected, in {:.1} s", took.as_secs_f64()))?;
    Ok(met == all)
}
