//! The program as its users start it.

use std::{error::Error, future::pending, time::Duration};

use matchmaking_protocol::matchmaking::Server;
use matchmaking_server::MatchmakingServer;
use tokio::{process::Command, time::timeout};

type Outcome = Result<(), Box<dyn Error>>;

/// Far more than any of this takes, so whatever lasts so long hangs.
const LIMIT: Duration = Duration::from_secs(60);

fn client(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_matchmaking-client"));
    command.args(arguments).kill_on_drop(true);
    command
}

#[tokio::test]
async fn the_evening_goes_as_it_should() -> Outcome {
    let server = MatchmakingServer::bind("127.0.0.1:0")?;
    let url = server.url();
    let serving = tokio::spawn(server.run(pending()));
    // The second evening finds nothing left of the first.
    for _ in 0..2 {
        let output = timeout(LIMIT, client(&["--url", url.as_str()]).output()).await??;
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout)?;
        for line in [
            "Dan asks for a ranked match: a rating of 1000 is required",
            "Ann asks for a ranked match twice: already searching",
            "Dan asks for a casual match, and goes home while he waits",
            "Ben has lost, and has a rating of 1464 now",
            "both say that they have won it: the opponent has said otherwise",
        ] {
            assert!(text.lines().any(|printed| printed == line), "no `{line}` in:\n{text}");
        }
        assert_eq!(text.lines().last(), Some("everybody goes home: a fine evening"));
    }
    serving.abort();
    Ok(())
}

#[tokio::test]
async fn the_client_waits_for_a_server_that_comes_later() -> Outcome {
    // A port that is free, most likely for a while longer.
    let address = Server::builder().bind("127.0.0.1:0")?.url().socket_addrs(|| None)?[0];
    let mut evening = client(&["--url", &format!("ws://{address}")]).spawn()?;
    let server = loop {
        match MatchmakingServer::bind(address) {
            Ok(server) => break server,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let serving = tokio::spawn(server.run(pending()));
    assert!(timeout(LIMIT, evening.wait()).await??.success());
    serving.abort();
    Ok(())
}

#[tokio::test]
async fn without_a_server_the_client_says_so() -> Outcome {
    let address = Server::builder().bind("127.0.0.1:0")?.url().socket_addrs(|| None)?[0];
    let url = format!("ws://{address}");
    let waiting = client(&["--url", &url, "--patience", "1"]).output();
    let output = timeout(LIMIT, waiting).await??;
    let errors = String::from_utf8(output.stderr)?;
    assert!(!output.status.success());
    assert!(errors.contains(&format!("no server at {url}")), "{errors}");
    assert!(errors.contains("cargo run -p matchmaking-server"), "{errors}");
    Ok(())
}
