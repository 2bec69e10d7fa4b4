use std::{collections::BTreeMap, fmt};

use simplenet::RequestStatus;

use crate::{
    log::{CallResult, ClientEntry, Entry, Record, ServerEntry},
    promises::History,
};

/// Counters of all runs. They show that the runs are not empty. An empty run would keep every
/// promise.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) seeds: u64,
    pub(crate) violated: Vec<u64>,
    records: usize,
    sessions: usize,
    processes: usize,
    restarts: u32,
    /// Messages that servers have received from clients.
    to_server: usize,
    /// Messages that clients have received from servers.
    to_client: usize,
    requests: BTreeMap<&'static str, usize>,
    calls: BTreeMap<&'static str, usize>,
}

impl Counters {
    pub(crate) fn of(records: &[Record], history: &History) -> Self {
        let mut counters = Self { seeds: 1, records: records.len(), ..Self::default() };
        counters.restarts = history.starts.saturating_sub(1);
        for record in records {
            match &record.entry {
                Entry::Run(_) => {}
                Entry::Server(_, ServerEntry::Connected { .. }) => counters.sessions += 1,
                Entry::Server(_, ServerEntry::Received { request: None, .. }) => {
                    counters.to_server += 1;
                }
                Entry::Server(..) => {}
                Entry::Client(_, entry) => counters.count(entry),
            }
        }
        counters
    }

    fn count(&mut self, entry: &ClientEntry) {
        match entry {
            ClientEntry::Created { .. } => self.processes += 1,
            ClientEntry::News { .. } => self.to_client += 1,
            ClientEntry::Response { .. } => *self.requests.entry("responded").or_default() += 1,
            ClientEntry::RequestEnded { end, .. } => {
                *self.requests.entry(end_name(*end)).or_default() += 1;
            }
            ClientEntry::CallEnded { result, .. } => {
                *self.calls.entry(result_name(*result)).or_default() += 1;
            }
            ClientEntry::CallDropped { .. } => *self.calls.entry("dropped").or_default() += 1,
            _ => {}
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.seeds += 1;
        self.violated.extend(&other.violated);
        self.records += other.records;
        self.sessions += other.sessions;
        self.processes += other.processes;
        self.restarts += other.restarts;
        self.to_server += other.to_server;
        self.to_client += other.to_client;
        for (sum, more) in [(&mut self.requests, &other.requests), (&mut self.calls, &other.calls)]
        {
            more.iter().for_each(|(name, count)| *sum.entry(name).or_default() += count);
        }
    }
}

fn end_name(end: RequestStatus) -> &'static str {
    match end {
        RequestStatus::Acknowledged => "acknowledged",
        RequestStatus::Rejected => "rejected",
        RequestStatus::SendFailed(_) => "not sent",
        RequestStatus::ResponseLost => "lost",
        _ => "other",
    }
}

fn result_name(result: CallResult) -> &'static str {
    match result {
        CallResult::Response { .. } => "responded",
        CallResult::Acknowledged => "acknowledged",
        CallResult::Rejected => "rejected",
        CallResult::SendFailed | CallResult::NotSent => "not sent",
        CallResult::ResponseLost => "lost",
        CallResult::TimedOut => "timed out",
        CallResult::Dead => "client dead",
    }
}

impl fmt::Display for Counters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by_end = |ends: &BTreeMap<&str, usize>| {
            let ends: Vec<_> = ends.iter().map(|(end, count)| format!("{end} {count}")).collect();
            ends.join(", ")
        };
        write!(
            f,
            "{} seeds: {} records, {} processes, {} sessions, {} restarts, {} messages to servers, \
             {} to clients; requests: {}; calls: {}; violations {}",
            self.seeds,
            self.records,
            self.processes,
            self.sessions,
            self.restarts,
            self.to_server,
            self.to_client,
            by_end(&self.requests),
            by_end(&self.calls),
            self.violated.len(),
        )
    }
}
