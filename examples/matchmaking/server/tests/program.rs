//! The program as its users start it.

use std::{error::Error, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
    time::timeout,
};

/// Far more than any of this takes, so whatever lasts so long hangs.
const LIMIT: Duration = Duration::from_secs(20);

/// Interrupting a process takes a command that not every system has.
#[cfg(unix)]
#[tokio::test]
async fn it_prints_its_url_first_and_ends_in_good_order() -> Result<(), Box<dyn Error>> {
    let mut server = Command::new(env!("CARGO_BIN_EXE_matchmaking-server"))
        .args(["--addr", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let output = server.stdout.take().ok_or("no output")?;
    let first = timeout(LIMIT, BufReader::new(output).lines().next_line()).await??;
    assert!(first.is_some_and(|line| line.starts_with("listening on ws://127.0.0.1:")));
    let id = server.id().ok_or("it has ended")?.to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().await?.success());
    assert!(timeout(LIMIT, server.wait()).await??.success());
    Ok(())
}
