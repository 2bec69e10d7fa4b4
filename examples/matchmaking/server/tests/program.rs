//! The server, started as a process.

use std::{error::Error, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
    time::timeout,
};

/// Time after which a step of a test counts as hanging.
const STEP_TIMEOUT: Duration = Duration::from_secs(20);

// The test sends SIGINT with `kill`, which exists only on Unix.
#[cfg(unix)]
#[tokio::test]
async fn server_prints_its_url_and_shuts_down_on_sigint() -> Result<(), Box<dyn Error>> {
    let mut server = Command::new(env!("CARGO_BIN_EXE_matchmaking-server"))
        .args(["--addr", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let output = server.stdout.take().ok_or("stdout is not piped")?;
    let first = timeout(STEP_TIMEOUT, BufReader::new(output).lines().next_line()).await??;
    assert!(first.is_some_and(|line| line.starts_with("listening on ws://127.0.0.1:")));
    let id = server.id().ok_or("the server has exited")?.to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().await?.success());
    assert!(timeout(STEP_TIMEOUT, server.wait()).await??.success());
    Ok(())
}
