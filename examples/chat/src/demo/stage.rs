use std::{env, process::Stdio};

use chat::console;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::mpsc,
    task::JoinSet,
};

use crate::Failure;

/// The processes of the demo, and all that they have printed. They are killed when it is dropped.
pub(super) struct Stage {
    processes: JoinSet<()>,
    sender: mpsc::Sender<Event>,
    receiver: mpsc::Receiver<Event>,
    past: Vec<Event>,
}

/// What a process did.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) who: &'static str,
    pub(super) deed: Deed,
}

#[derive(Debug)]
pub(super) enum Deed {
    /// It printed a line.
    Said(String),
    /// It ended, with success or without.
    Ended { success: bool },
}

impl Stage {
    pub(super) fn new() -> Self {
        let (sender, receiver) = mpsc::channel(64);
        Self { processes: JoinSet::new(), sender, receiver, past: Vec::new() }
    }

    /// Starts this program once more, with these arguments.
    pub(super) fn enter(&mut self, who: &'static str, arguments: &[&str]) -> Result<(), Failure> {
        let child = Command::new(env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        self.processes.spawn(follow(who, child, self.sender.clone()));
        Ok(())
    }

    /// Waits until somebody has said something with these words in it: the whole line.
    pub(super) async fn hear(&mut self, who: &str, words: &str) -> Result<String, Failure> {
        let mut seen = 0;
        loop {
            for event in self.past[seen..].iter().filter(|event| event.who == who) {
                match &event.deed {
                    Deed::Said(line) if line.contains(words) => return Ok(line.clone()),
                    Deed::Said(_) => {}
                    Deed::Ended { .. } => {
                        return Err(format!("{who} ended without saying `{words}`").into());
                    }
                }
            }
            seen = self.past.len();
            self.watch().await?;
        }
    }

    /// Waits until somebody has ended.
    pub(super) async fn exit(&mut self, who: &str) -> Result<(), Failure> {
        while !self.past.iter().any(|event| event.who == who && event.has_ended()) {
            self.watch().await?;
        }
        Ok(())
    }

    /// All that has happened so far.
    pub(super) fn past(&self) -> &[Event] {
        &self.past
    }

    async fn watch(&mut self) -> Result<(), Failure> {
        let event = self.receiver.recv().await.ok_or("nobody is there any more")?;
        if let Deed::Said(line) = &event.deed {
            console::line(format_args!("{:<6} | {line}", event.who))?;
        }
        self.past.push(event);
        Ok(())
    }
}

impl Event {
    fn has_ended(&self) -> bool {
        matches!(self.deed, Deed::Ended { .. })
    }
}

/// Passes on what a process prints, and last of all how it ended.
async fn follow(who: &'static str, mut child: Child, events: mpsc::Sender<Event>) {
    let output = pass_on(who, child.stdout.take(), &events);
    let errors = pass_on(who, child.stderr.take(), &events);
    tokio::join!(output, errors);
    let success = child.wait().await.is_ok_and(|status| status.success());
    // Without a receiver the demo is over.
    let _ = events.send(Event { who, deed: Deed::Ended { success } }).await;
}

async fn pass_on(
    who: &'static str,
    stream: Option<impl AsyncRead + Unpin>,
    events: &mpsc::Sender<Event>,
) {
    let Some(stream) = stream else { return };
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if events.send(Event { who, deed: Deed::Said(line) }).await.is_err() {
            return;
        }
    }
}
