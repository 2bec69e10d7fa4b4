//! What the applications of a run have seen and done, in one order: a run has one thread and one clock.

#![expect(dead_code, reason = "some of it only shows in the text of the log")]

use std::{
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use simplenet::{MessageStatus, RequestStatus, SendOutcome};
use tokio::time::Instant;

/// Written by everybody, read once the run is over.
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
    /// What happened to the network and the programs.
    World(World),
    /// By the number of its start.
    Server(u32, ServerEntry),
    /// By the number of the client program.
    Client(u32, ClientEntry),
}

#[derive(Clone, Debug)]
pub(crate) enum World {
    Fault(String),
    /// From here on nothing breaks.
    Healed,
    /// Whoever should be connected is, since so long after the healing.
    Census(Duration),
    /// The run itself could not go on.
    Broken(String),
}

/// `session` is the server's number for a session, as the application has it at that moment; `None` if it has none.
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
    Greeted {
        session: u32,
        outcome: SendOutcome,
    },
    Broadcast {
        sessions: Vec<u32>,
        number: u64,
        queued: usize,
        overflowed: usize,
    },
    /// `stale` is what the token said just before.
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
    /// The last event was taken.
    Finished,
    /// The process is dead; what its application had not taken yet follows.
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
        impostor: bool,
    },
    Connected,
    Ended {
        how: End,
        reason: String,
    },
    Dead {
        reason: String,
    },
    Greeting {
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
        /// Whether the client was dead by then.
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
    /// The process is dead: what it knew is lost.
    Killed,
    Census {
        connected: bool,
        wanted: bool,
    },
}

/// How a session ended; an application's close with its code.
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
    ResponseLost,
    TimedOut,
    Dead,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), records: Arc::default() }
    }

    pub(crate) fn world(&self, entry: World) {
        self.note(Entry::World(entry));
    }

    pub(crate) fn server(&self, start: u32, entry: ServerEntry) {
        self.note(Entry::Server(start, entry));
    }

    pub(crate) fn client(&self, process: u32, entry: ClientEntry) {
        self.note(Entry::Client(process, entry));
    }

    fn note(&self, entry: Entry) {
        let record = Record { at: self.began.elapsed(), entry };
        self.records.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    }

    pub(crate) fn take(&self) -> Vec<Record> {
        std::mem::take(&mut self.records.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One record a line.
pub(crate) fn text(records: &[Record]) -> String {
    let mut text = String::new();
    for (index, Record { at, entry }) in records.iter().enumerate() {
        let _ = writeln!(text, "{index:>6} {:>9.3} {entry:?}", at.as_secs_f64());
    }
    text
}
