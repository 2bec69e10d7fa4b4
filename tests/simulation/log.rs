//! The log of a run: the actions and observations of the applications. The log has a total order,
//! because a run has one thread and one clock.

#![expect(dead_code, reason = "some fields are only printed in the text of the log")]

use std::{
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use simplenet::{MessageStatus, RequestStatus, SendOutcome};
use tokio::time::Instant;

/// The shared log, which is read after the end of the run.
#[derive(Clone)]
pub(crate) struct Log {
    began: Instant,
    records: Arc<Mutex<Vec<Record>>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) at: Duration,
    pub(crate) entry: Entry,
}

#[derive(Clone, Debug)]
pub(crate) enum Entry {
    /// An entry of the run itself.
    Run(RunEntry),
    /// An entry of a server, with the number of the server's start.
    Server(u32, ServerEntry),
    /// An entry of a client process, with the number of the process.
    Client(u32, ClientEntry),
}

#[derive(Clone, Debug)]
pub(crate) enum RunEntry {
    Fault(String),
    /// The end of all faults.
    FaultsEnded,
    /// The end of the time that clients may take to reconnect after the faults.
    ReconnectDeadline(Duration),
    /// The run itself failed.
    Failed(String),
}

/// An entry of a server. `session` is the number of the client's open session at the server, if the
/// application knows an open session.
#[derive(Clone, Debug)]
pub(crate) enum ServerEntry {
    Started {
        take_over: bool,
    },
    Connected {
        id: u128,
        session: u32,
        process: u32,
    },
    Disconnected {
        id: u128,
        session: Option<u32>,
        reason: String,
    },
    Received {
        session: Option<u32>,
        request: Option<u64>,
        from: u32,
        number: u64,
    },
    Sent {
        session: Option<u32>,
        number: u64,
        outcome: SendOutcome,
    },
    FirstMessageSent {
        session: u32,
        outcome: SendOutcome,
    },
    Broadcast {
        sessions: Vec<u32>,
        number: u64,
        queued: usize,
        overflowed: usize,
    },
    /// `stale` is true if the token was stale just before the answer.
    Answered {
        session: u32,
        request: u64,
        answer: Answer,
        stale: bool,
        outcome: Option<SendOutcome>,
    },
    Disconnecting {
        session: Option<u32>,
        code: u16,
        outcome: SendOutcome,
    },
    Listed {
        ids: Vec<u128>,
        known: Vec<u128>,
    },
    Draining,
    ShutDown {
        flushed: usize,
        cut: usize,
    },
    /// The application received the last event.
    Finished,
    /// The process died. Records of the events that its application had not received follow.
    Crashed,
    Dropped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Respond(u64),
    Acknowledge,
    Reject,
    /// The token was dropped.
    Drop,
    /// The token was dropped by a panic.
    Panic,
}

#[derive(Clone, Debug)]
pub(crate) enum ClientEntry {
    Created {
        id: u128,
        inbox: usize,
        wrong_secret: bool,
    },
    Connected,
    Ended {
        how: End,
        reason: String,
    },
    Dead {
        reason: String,
    },
    Retrying {
        attempt: u32,
    },
    FirstMessage {
        session: u32,
    },
    News {
        number: u64,
    },
    Response {
        request: u64,
        number: u64,
        to: u64,
    },
    RequestEnded {
        request: u64,
        end: RequestStatus,
    },
    Sent {
        session: u32,
        open: bool,
        number: u64,
        status: MessageStatus,
    },
    Requested {
        session: u32,
        open: bool,
        number: u64,
        request: u64,
        /// True if the client was dead when the request was made.
        dead: bool,
        status: RequestStatus,
    },
    Called {
        session: u32,
        open: bool,
        number: u64,
        request: u64,
        limit: Duration,
    },
    CallEnded {
        number: u64,
        result: CallResult,
    },
    CallDropped {
        number: u64,
    },
    MessageStatus {
        number: u64,
        status: MessageStatus,
    },
    RequestStatus {
        number: u64,
        status: RequestStatus,
    },
    Closing,
    /// The process died, and its state is lost.
    Killed,
    ConnectionState {
        connected: bool,
        wanted: bool,
    },
}

/// The reason for the end of a session. Contains the code if the server's application closed the
/// session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Disconnected,
    ClosedByServer(Option<u16>),
    ClosedBySelf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallResult {
    Response { number: u64, to: u64 },
    Acknowledged,
    Rejected,
    SendFailed,
    NotSent,
    ResponseLost,
    TimedOut,
    Dead,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), records: Arc::default() }
    }

    pub(crate) fn run(&self, entry: RunEntry) {
        self.log(Entry::Run(entry));
    }

    pub(crate) fn server(&self, start: u32, entry: ServerEntry) {
        self.log(Entry::Server(start, entry));
    }

    pub(crate) fn client(&self, process: u32, entry: ClientEntry) {
        self.log(Entry::Client(process, entry));
    }

    fn log(&self, entry: Entry) {
        let record = Record { at: self.began.elapsed(), entry };
        self.records.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    }

    pub(crate) fn take(&self) -> Vec<Record> {
        std::mem::take(&mut self.records.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Prints one record per line.
pub(crate) fn text(records: &[Record]) -> String {
    let mut text = String::new();
    for (index, Record { at, entry }) in records.iter().enumerate() {
        let _ = writeln!(text, "{index:>6} {:>9.3} {entry:?}", at.as_secs_f64());
    }
    text
}
