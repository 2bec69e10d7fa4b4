//! The server under test.

use std::{env, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    sync::Mutex,
    time::timeout,
};

/// The server, started as a process.
pub(crate) struct Server {
    process: Child,
    /// Stays open, because the server ends when it cannot print.
    stdout: Lines<BufReader<ChildStdout>>,
    pub(crate) url: String,
    pub(crate) address: String,
}

/// The version of the page that the server builds.
#[derive(Clone, Copy)]
pub(crate) enum PageVersion {
    Current,
    Outdated,
}

/// Held during a build, because both versions of the page use the same target folder.
static BUILD_LOCK: Mutex<()> = Mutex::const_new(());

impl Server {
    /// Starts the server, and waits until it has built the page and listens.
    pub(crate) async fn start(version: PageVersion, address: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_web-chat"));
        command.args(["--addr", address]);
        if let PageVersion::Outdated = version {
            command.arg("--outdated");
        }
        let build_lock = BUILD_LOCK.lock().await;
        let mut process =
            command.stdout(Stdio::piped()).kill_on_drop(true).spawn().expect("start of the server");
        let mut stdout = BufReader::new(process.stdout.take().expect("piped stdout")).lines();
        let line = stdout.next_line().await.expect("stdout in UTF-8");
        drop(build_lock);
        let url = line.as_deref().and_then(|line| line.strip_prefix("open "));
        let url = url.unwrap_or_else(|| panic!("expected a URL, got {line:?}")).to_owned();
        let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { process, stdout, url, address }
    }

    /// Kills the server.
    pub(crate) async fn kill(&mut self) {
        self.process.kill().await.expect("kill of the server");
    }

    /// Shuts the server down with SIGINT, like Ctrl-C.
    pub(crate) async fn interrupt(mut self) {
        let id = self.process.id().expect("running server").to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status().await.expect("run of `kill`");
        assert!(sent.success());
        let exit = async {
            while let Ok(Some(_)) = self.stdout.next_line().await {}
            self.process.wait().await.expect("exit status")
        };
        let status = timeout(Duration::from_secs(30), exit).await;
        let status = status.expect("the server did not exit within 30 s");
        assert!(status.success(), "{status}");
    }
}
