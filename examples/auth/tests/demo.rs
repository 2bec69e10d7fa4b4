//! The program as its users start it.

use std::{
    error::Error,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// Tokens last for seconds here, so what lasts a minute hangs.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn the_demo_goes_through_the_life_of_tokens_and_keys() -> Outcome {
    let (sender, demo) = mpsc::channel();
    thread::spawn(move || {
        let demo = Command::new(env!("CARGO_BIN_EXE_auth-demo")).stderr(Stdio::inherit()).output();
        sender.send(demo)
    });
    let demo = demo.recv_timeout(PATIENCE)??;
    let output = String::from_utf8_lossy(&demo.stdout);
    assert!(demo.status.success(), "{output}");
    let headings: Vec<_> = output.lines().filter_map(|line| line.strip_prefix("== ")).collect();
    let expected = ["Login", "Connect", "Expiry", "Refresh", "Rotation", "Revocation"];
    assert_eq!(headings, expected, "{output}");
    Ok(())
}
