//! The client, started as a process.

use std::{error::Error, future::pending, time::Duration};

use matchmaking_protocol::matchmaking::Server;
use matchmaking_server::MatchmakingServer;
use tokio::{process::Command, time::timeout};

type Outcome = Result<(), Box<dyn Error>>;

/// Time after which a step of a test counts as hanging.
const STEP_TIMEOUT: Duration = Duration::from_secs(60);

fn client(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_matchmaking-client"));
    command.args(arguments).kill_on_drop(true);
    command
}

#[tokio::test]
async fn scenario_succeeds_repeatedly_on_one_server() -> Outcome {
    let server = MatchmakingServer::bind("127.0.0.1:0")?;
    let url = server.url();
    let serving = tokio::spawn(server.run(pending()));
    // The second run shows that the first has left no state in the server.
    for _ in 0..2 {
        let output = timeout(STEP_TIMEOUT, client(&["--url", url.as_str()]).output()).await??;
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout)?;
        for line in [
            "Dan searches for a ranked match: a rating of 1000 is required",
            "Ann searches for a second match: already searching",
            "Dan searches for a casual match, and disconnects during the search",
            "Ben reports a loss: his rating is now 1464",
            "Cleo and Ben both report a win: the opponent has reported a different outcome",
        ] {
            assert!(text.lines().any(|printed| printed == line), "no `{line}` in:\n{text}");
        }
        assert_eq!(text.lines().last(), Some("scenario completed"));
    }
    serving.abort();
    Ok(())
}

#[tokio::test]
async fn client_connects_to_a_server_that_starts_later() -> Outcome {
    // The port is free when this server is dropped, and most likely stays free for a while.
    let address = Server::builder().bind("127.0.0.1:0")?.url().socket_addrs(|| None)?[0];
    let mut client_process = client(&["--url", &format!("ws://{address}")]).spawn()?;
    let server = loop {
        match MatchmakingServer::bind(address) {
            Ok(server) => break server,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let serving = tokio::spawn(server.run(pending()));
    assert!(timeout(STEP_TIMEOUT, client_process.wait()).await??.success());
    serving.abort();
    Ok(())
}

#[tokio::test]
async fn client_without_server_fails_with_a_hint() -> Outcome {
    let address = Server::builder().bind("127.0.0.1:0")?.url().socket_addrs(|| None)?[0];
    let url = format!("ws://{address}");
    let waiting = client(&["--url", &url, "--connect-timeout", "1"]).output();
    let output = timeout(STEP_TIMEOUT, waiting).await??;
    let errors = String::from_utf8(output.stderr)?;
    assert!(!output.status.success());
    assert!(errors.contains(&format!("no server at {url}")), "{errors}");
    assert!(errors.contains("cargo run -p matchmaking-server"), "{errors}");
    Ok(())
}
