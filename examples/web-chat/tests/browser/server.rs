use std::{env, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    sync::Mutex,
    time::timeout,
};

/// The program, as its users start it.
pub(crate) struct Server {
    process: Child,
    /// Read on, so that the program can go on saying things.
    output: Lines<BufReader<ChildStdout>>,
    pub(crate) url: String,
    pub(crate) address: String,
}

/// Which page it serves.
#[derive(Clone, Copy)]
pub(crate) enum Edition {
    Current,
    Outdated,
}

/// Both editions are built in one place: who builds there must be alone.
static BUILDING: Mutex<()> = Mutex::const_new(());

impl Server {
    /// Starts it, and waits until it has built its page and listens.
    pub(crate) async fn start(edition: Edition, address: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_web-chat"));
        command.args(["--addr", address]);
        if let Edition::Outdated = edition {
            command.arg("--outdated");
        }
        let building = BUILDING.lock().await;
        let mut process =
            command.stdout(Stdio::piped()).kill_on_drop(true).spawn().expect("the program");
        let mut output = BufReader::new(process.stdout.take().expect("its output")).lines();
        let line = output.next_line().await.expect("legible output");
        drop(building);
        let url = line.as_deref().and_then(|line| line.strip_prefix("open "));
        let url = url.unwrap_or_else(|| panic!("expected a URL, got {line:?}")).to_owned();
        let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { process, output, url, address }
    }

    /// Ends it without a word.
    pub(crate) async fn kill(&mut self) {
        self.process.kill().await.expect("a process to kill");
    }

    /// Ends it as Ctrl-C does, in good order.
    pub(crate) async fn interrupt(mut self) {
        let id = self.process.id().expect("a running process").to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status().await.expect("kill");
        assert!(sent.success());
        let end = async {
            while let Ok(Some(_)) = self.output.next_line().await {}
            self.process.wait().await.expect("its status")
        };
        let status = timeout(Duration::from_secs(30), end).await.expect("an end in time");
        assert!(status.success(), "{status}");
    }
}
