use std::{env, process::Stdio};

use chat::console;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::mpsc,
    task::JoinSet,
};

use crate::BoxError;

/// The processes of the demo and their events so far. Dropping it kills the processes.
pub(super) struct Processes {
    tasks: JoinSet<()>,
    sender: mpsc::Sender<Event>,
    receiver: mpsc::Receiver<Event>,
    events: Vec<Event>,
}

/// An event of a process.
#[derive(Debug)]
pub(super) struct Event {
    /// The name of the process.
    pub(super) process: &'static str,
    pub(super) kind: EventKind,
}

#[derive(Debug)]
pub(super) enum EventKind {
    /// A line of standard output or standard error.
    Output(String),
    /// The last event of a process.
    Exit { success: bool },
}

impl Processes {
    pub(super) fn new() -> Self {
        let (sender, receiver) = mpsc::channel(64);
        Self { tasks: JoinSet::new(), sender, receiver, events: Vec::new() }
    }

    /// Starts another process of this program.
    pub(super) fn start(&mut self, name: &'static str, arguments: &[&str]) -> Result<(), BoxError> {
        let child = Command::new(env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        self.tasks.spawn(forward_events(name, child, self.sender.clone()));
        Ok(())
    }

    /// Waits until a process has printed a line that contains a text, and returns the line.
    pub(super) async fn wait_for_line(
        &mut self,
        process: &str,
        text: &str,
    ) -> Result<String, BoxError> {
        let mut checked = 0;
        loop {
            for event in self.events[checked..].iter().filter(|event| event.process == process) {
                match &event.kind {
                    EventKind::Output(line) if line.contains(text) => return Ok(line.clone()),
                    EventKind::Output(_) => {}
                    EventKind::Exit { .. } => {
                        return Err(format!("{process} exited without printing `{text}`").into());
                    }
                }
            }
            checked = self.events.len();
            self.receive().await?;
        }
    }

    /// Waits until a process has exited.
    pub(super) async fn wait_for_exit(&mut self, process: &str) -> Result<(), BoxError> {
        while !self.events.iter().any(|event| event.process == process && event.is_exit()) {
            self.receive().await?;
        }
        Ok(())
    }

    /// Returns the events of all processes so far.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// Receives the next event, and prints it if it is output.
    async fn receive(&mut self) -> Result<(), BoxError> {
        let event = self.receiver.recv().await.ok_or("the channel of the events is closed")?;
        if let EventKind::Output(line) = &event.kind {
            console::print_line(format_args!("{:<6} | {line}", event.process))?;
        }
        self.events.push(event);
        Ok(())
    }
}

impl Event {
    fn is_exit(&self) -> bool {
        matches!(self.kind, EventKind::Exit { .. })
    }
}

/// Forwards the output of a process, and then its exit.
async fn forward_events(process: &'static str, mut child: Child, events: mpsc::Sender<Event>) {
    let stdout = forward_lines(process, child.stdout.take(), &events);
    let stderr = forward_lines(process, child.stderr.take(), &events);
    tokio::join!(stdout, stderr);
    let success = child.wait().await.is_ok_and(|status| status.success());
    // The receiver is dropped when the demo ends.
    let _ = events.send(Event { process, kind: EventKind::Exit { success } }).await;
}

async fn forward_lines(
    process: &'static str,
    stream: Option<impl AsyncRead + Unpin>,
    events: &mpsc::Sender<Event>,
) {
    let Some(stream) = stream else { return };
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if events.send(Event { process, kind: EventKind::Output(line) }).await.is_err() {
            return;
        }
    }
}
