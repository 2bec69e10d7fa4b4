//! The process of a peer.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
    thread::JoinHandle,
    time::Duration,
};

use simplenet::Url;
use simplenet_tests::harness::soon;
use tokio::sync::mpsc;

/// A running peer process. It is killed when this value is dropped.
pub(super) struct Process {
    child: Child,
    lines: mpsc::UnboundedReceiver<String>,
}

impl Process {
    pub(super) fn start(arguments: &[&str]) -> Self {
        Self::spawn(Command::new(env!("CARGO_BIN_EXE_peer")).args(arguments))
    }

    /// Starts the peer with a limit on its file descriptors.
    pub(super) fn start_with_descriptors(count: usize, arguments: &[&str]) -> Self {
        let script = format!("ulimit -n {count}; exec \"$0\" \"$@\"");
        let shell = &mut Command::new("sh");
        Self::spawn(shell.args(["-c", &script, env!("CARGO_BIN_EXE_peer")]).args(arguments))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = mpsc::unbounded_channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        read_lines(output, sender);
        Self { child, lines }
    }

    /// Returns the next line of the peer's output.
    pub(super) async fn line(&mut self) -> String {
        soon("a line of the process", self.lines.recv()).await.expect("the process is running")
    }

    /// Returns the URL that a server process prints in its first line.
    pub(super) async fn url(&mut self) -> Url {
        self.line().await.parse().unwrap()
    }

    /// Kills the process with `SIGKILL`, and returns the remaining lines of its output.
    pub(super) async fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        let mut lines = Vec::new();
        while let Some(line) = soon("the end of the process", self.lines.recv()).await {
            lines.push(line);
        }
        lines
    }

    /// Sends a signal such as `STOP` to the process.
    pub(super) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Returns the number of open file descriptors below `count`. Inherited descriptors may have
    /// higher numbers.
    pub(super) fn descriptors(&self, count: usize) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id()))
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
            .filter(|descriptor: &usize| *descriptor < count)
            .count()
    }

    /// Returns the CPU time that the process has used.
    pub(super) fn processor_time(&self) -> Duration {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        tasks
            .filter_map(|task| fs::read_to_string(task.unwrap().path().join("schedstat")).ok())
            .filter_map(|schedstat| schedstat.split_whitespace().next()?.parse().ok())
            .map(Duration::from_nanos)
            .sum()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails if the process has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_lines(
    output: BufReader<ChildStdout>,
    lines: mpsc::UnboundedSender<String>,
) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            let _ = lines.send(line);
        }
    })
}
