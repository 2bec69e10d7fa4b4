use std::collections::{BTreeMap, BTreeSet};

use simplenet::{MessageStatus, RequestStatus, SendOutcome};

use super::Violations;
use crate::log::{Answer, CallResult, ClientEntry, End, Entry, Record, ServerEntry};

/// The log of a run, grouped by sessions and processes.
#[derive(Debug, Default)]
pub(crate) struct History {
    pub(super) sessions: BTreeMap<u32, ServerSession>,
    pub(super) processes: BTreeMap<u32, Process>,
    /// For each start of the server, the line of the log at which the server began to drain.
    pub(super) draining: BTreeMap<u32, usize>,
    /// The client process that sent each numbered message.
    pub(super) senders: BTreeMap<u64, u32>,
    /// For each numbered message, the line of the log at which a server's application received it.
    pub(super) received: BTreeMap<u64, usize>,
    pub(crate) starts: u32,
    /// True if a new connection takes over an id that is in use.
    pub(super) take_over: bool,
}

/// A session in the records of the server.
#[derive(Debug)]
pub(super) struct ServerSession {
    pub(super) start: u32,
    pub(super) process: u32,
    pub(super) ended: Option<usize>,
    pub(super) received: Vec<Received>,
    pub(super) sent: Vec<Sent>,
    /// The line of the log at which the application closed the session, and the close code.
    pub(super) disconnect: Option<(usize, u16)>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Received {
    pub(super) index: usize,
    pub(super) from: u32,
    pub(super) number: u64,
}

/// An item that the server queued for a client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) index: usize,
    pub(super) item: Item,
    /// True if the item was certainly queued. A broadcast reports only how many items were queued,
    /// not for which clients.
    pub(super) certain: bool,
    /// True if the item is a rejection because its token was dropped.
    pub(super) by_drop: bool,
}

/// An item that a client may receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    FirstMessage(u32),
    News(u64),
    Response { request: u64, number: u64 },
    Acknowledgement(u64),
    Rejection(u64),
}

/// One client process.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) id: u128,
    pub(super) inbox: usize,
    pub(super) wrong_secret: bool,
    pub(super) killed: bool,
    pub(super) dead: Option<usize>,
    pub(super) sessions: Vec<ClientSession>,
    pub(super) outgoing: BTreeMap<u64, Outgoing>,
    /// The message number of each request id.
    pub(super) requests: BTreeMap<u64, u64>,
}

/// A session in the records of the client.
#[derive(Debug)]
pub(super) struct ClientSession {
    pub(super) connected: usize,
    pub(super) ended: Option<(usize, End)>,
    /// The number of the session at the server, from its first message.
    pub(super) server_session: Option<u32>,
    pub(super) received: Vec<(usize, Item)>,
}

/// A message, request or call, from its creation to its outcome.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) index: usize,
    pub(super) session: u32,
    pub(super) open: bool,
    /// True if the client was already dead, even if the application had not received `IsDead`.
    pub(super) after_death: bool,
    pub(super) kind: Kind,
    /// The outcomes of a request that the application received as events.
    pub(super) events: Vec<(usize, RequestStatus)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The observed statuses.
    Message(Vec<MessageStatus>),
    Request(Vec<RequestStatus>),
    Call {
        results: Vec<(usize, Option<CallResult>)>,
    },
}

impl Outgoing {
    /// Returns true if the message or request failed at once.
    pub(super) fn failed_at_once(&self) -> bool {
        match &self.kind {
            Kind::Message(statuses) => matches!(statuses.first(), Some(MessageStatus::Failed(_))),
            Kind::Request(statuses) => {
                matches!(statuses.first(), Some(RequestStatus::SendFailed(_)))
            }
            Kind::Call { .. } => false,
        }
    }

    pub(super) fn is_call(&self) -> bool {
        matches!(self.kind, Kind::Call { .. })
    }

    /// Returns true if the outcome excludes that the server processed the message, request or call.
    pub(super) fn is_failed(&self) -> bool {
        match &self.kind {
            Kind::Message(statuses) => matches!(statuses.last(), Some(MessageStatus::Failed(_))),
            Kind::Request(statuses) => {
                matches!(statuses.last(), Some(RequestStatus::SendFailed(_)))
                    || self
                        .events
                        .iter()
                        .any(|&(_, end)| matches!(end, RequestStatus::SendFailed(_)))
            }
            Kind::Call { results } => results.iter().any(|(_, result)| {
                matches!(
                    result,
                    Some(CallResult::SendFailed | CallResult::NotSent | CallResult::Dead)
                )
            }),
        }
    }
}

impl History {
    pub(super) fn new(records: &[Record], violations: &mut Violations) -> Self {
        let mut history = Self::default();
        for (index, record) in records.iter().enumerate() {
            match &record.entry {
                Entry::Run(_) => {}
                Entry::Server(start, entry) => {
                    history.server(*start, index, entry, violations);
                }
                Entry::Client(process, entry) => history.client(*process, index, entry, violations),
            }
        }
        history
    }

    fn server(
        &mut self,
        start: u32,
        index: usize,
        entry: &ServerEntry,
        violations: &mut Violations,
    ) {
        match entry {
            ServerEntry::Started { take_over } => {
                self.starts += 1;
                self.take_over = *take_over;
            }
            ServerEntry::Draining => {
                self.draining.insert(start, index);
            }
            ServerEntry::Connected { session, process, .. } => {
                let session_begun = ServerSession {
                    start,
                    process: *process,
                    ended: None,
                    received: Vec::new(),
                    sent: Vec::new(),
                    disconnect: None,
                };
                self.sessions.insert(*session, session_begun);
            }
            ServerEntry::Disconnected { session, .. } => {
                if let Some(session) = self.session(*session) {
                    session.ended = Some(index);
                }
            }
            ServerEntry::Received { session, from, number, .. } => {
                if self.received.insert(*number, index).is_some() {
                    violations.add("S2", index, format!("{number} arrived twice"));
                }
                if let Some(session) = self.session(*session) {
                    session.received.push(Received { index, from: *from, number: *number });
                }
            }
            ServerEntry::FirstMessageSent { session, outcome } => {
                self.sent(Some(*session), index, Item::FirstMessage(*session), *outcome);
            }
            ServerEntry::Sent { session, number, outcome } => {
                self.sent(*session, index, Item::News(*number), *outcome);
            }
            ServerEntry::Broadcast { sessions, number, queued, .. } => {
                for &session in sessions {
                    let item = Item::News(*number);
                    let certain = *queued == sessions.len();
                    self.push(Some(session), Sent { index, item, certain, by_drop: false });
                }
            }
            ServerEntry::Answered { session, request, answer, stale, outcome } => {
                let request = *request;
                let by_drop = matches!(answer, Answer::Drop | Answer::Panic);
                let item = match *answer {
                    Answer::Respond(number) => Item::Response { request, number },
                    Answer::Acknowledge => Item::Acknowledgement(request),
                    Answer::Reject | Answer::Drop | Answer::Panic => Item::Rejection(request),
                };
                if outcome.map_or(!stale, SendOutcome::is_queued) {
                    self.push(Some(*session), Sent { index, item, certain: true, by_drop });
                }
            }
            ServerEntry::Disconnecting { session, code, outcome } => {
                if outcome.is_queued()
                    && let Some(session) = self.session(*session)
                {
                    session.disconnect.get_or_insert((index, *code));
                }
            }
            ServerEntry::Listed { .. }
            | ServerEntry::ShutDown { .. }
            | ServerEntry::Finished
            | ServerEntry::Crashed
            | ServerEntry::Dropped => {}
        }
    }

    fn session(&mut self, session: Option<u32>) -> Option<&mut ServerSession> {
        self.sessions.get_mut(&session?)
    }

    fn sent(&mut self, session: Option<u32>, index: usize, item: Item, outcome: SendOutcome) {
        if outcome.is_queued() {
            self.push(session, Sent { index, item, certain: true, by_drop: false });
        }
    }

    fn push(&mut self, session: Option<u32>, sent: Sent) {
        if let Some(session) = self.session(session) {
            session.sent.push(sent);
        }
    }

    fn client(
        &mut self,
        number: u32,
        index: usize,
        entry: &ClientEntry,
        violations: &mut Violations,
    ) {
        if let ClientEntry::Created { id, inbox, wrong_secret } = entry {
            let process = Process {
                id: *id,
                inbox: *inbox,
                wrong_secret: *wrong_secret,
                killed: false,
                dead: None,
                sessions: Vec::new(),
                outgoing: BTreeMap::new(),
                requests: BTreeMap::new(),
            };
            self.processes.insert(number, process);
        }
        if let ClientEntry::Sent { number: outgoing, .. }
        | ClientEntry::Requested { number: outgoing, .. }
        | ClientEntry::Called { number: outgoing, .. } = entry
        {
            self.senders.insert(*outgoing, number);
        }
        if let Some(process) = self.processes.get_mut(&number) {
            process.add(index, entry, violations);
        }
    }
}

impl Process {
    fn add(&mut self, index: usize, entry: &ClientEntry, violations: &mut Violations) {
        match entry {
            ClientEntry::Created { .. }
            | ClientEntry::Retrying { .. }
            | ClientEntry::Closing
            | ClientEntry::ConnectionState { .. } => {}
            ClientEntry::Killed => self.killed = true,
            ClientEntry::Connected => self.sessions.push(ClientSession {
                connected: index,
                ended: None,
                server_session: None,
                received: Vec::new(),
            }),
            ClientEntry::Ended { how, .. } => {
                if let Some(session) = self.sessions.last_mut() {
                    session.ended.get_or_insert((index, *how));
                }
            }
            ClientEntry::Dead { .. } => {
                self.dead.get_or_insert(index);
            }
            ClientEntry::FirstMessage { session } => {
                self.receive(index, Item::FirstMessage(*session));
            }
            ClientEntry::News { number } => self.receive(index, Item::News(*number)),
            ClientEntry::Response { request, number, .. } => {
                self.receive(index, Item::Response { request: *request, number: *number });
                self.end_request(index, *request, RequestStatus::Responded, violations);
            }
            ClientEntry::RequestEnded { request, end } => {
                match end {
                    RequestStatus::Acknowledged => {
                        self.receive(index, Item::Acknowledgement(*request));
                    }
                    RequestStatus::Rejected => self.receive(index, Item::Rejection(*request)),
                    _ => {}
                }
                self.end_request(index, *request, *end, violations);
            }
            ClientEntry::Sent { session, open, number, status } => {
                self.add_outgoing(index, *number, (*session, *open), Kind::Message(vec![*status]));
            }
            ClientEntry::Requested { session, open, number, request, dead, status } => {
                self.add_request_id(index, *request, *number, violations);
                let kind = Kind::Request(vec![*status]);
                self.add_outgoing(index, *number, (*session, *open), kind).after_death = *dead;
            }
            ClientEntry::Called { session, open, number, request, .. } => {
                self.add_request_id(index, *request, *number, violations);
                let kind = Kind::Call { results: Vec::new() };
                self.add_outgoing(index, *number, (*session, *open), kind);
            }
            ClientEntry::CallEnded { number, result } => {
                self.call_ended(index, *number, Some(*result));
            }
            ClientEntry::CallDropped { number } => self.call_ended(index, *number, None),
            ClientEntry::MessageStatus { number, status } => {
                if let Some(Kind::Message(seen)) = self.kind_mut(*number) {
                    seen.push(*status);
                }
            }
            ClientEntry::RequestStatus { number, status } => {
                if let Some(Kind::Request(seen)) = self.kind_mut(*number) {
                    seen.push(*status);
                }
            }
        }
    }

    fn kind_mut(&mut self, number: u64) -> Option<&mut Kind> {
        self.outgoing.get_mut(&number).map(|outgoing| &mut outgoing.kind)
    }

    fn add_outgoing(
        &mut self,
        index: usize,
        number: u64,
        (session, open): (u32, bool),
        kind: Kind,
    ) -> &mut Outgoing {
        let outgoing =
            Outgoing { index, session, open, after_death: false, kind, events: Vec::new() };
        self.outgoing.entry(number).or_insert(outgoing)
    }

    fn add_request_id(
        &mut self,
        index: usize,
        request: u64,
        number: u64,
        violations: &mut Violations,
    ) {
        if self.requests.insert(request, number).is_some() {
            violations.add("C6", index, format!("request id {request} was used twice"));
        }
    }

    fn receive(&mut self, index: usize, item: Item) {
        if let Some(session) = self.sessions.last_mut() {
            if let Item::FirstMessage(server_session) = item {
                session.server_session.get_or_insert(server_session);
            }
            session.received.push((index, item));
        }
    }

    fn end_request(
        &mut self,
        index: usize,
        request: u64,
        end: RequestStatus,
        violations: &mut Violations,
    ) {
        let number = self.requests.get(&request).copied();
        match number.and_then(|number| self.outgoing.get_mut(&number)) {
            Some(outgoing) => outgoing.events.push((index, end)),
            None => violations.add("C2", index, format!("request {request} was never made")),
        }
    }

    fn call_ended(&mut self, index: usize, number: u64, result: Option<CallResult>) {
        if let Some(Kind::Call { results }) = self.kind_mut(number) {
            results.push((index, result));
        }
    }

    /// Returns the ids of the requests that were made by calls. Only the call receives the outcome.
    pub(super) fn calls(&self) -> BTreeSet<u64> {
        let is_call = |number: &u64| self.outgoing.get(number).is_some_and(Outgoing::is_call);
        self.requests
            .iter()
            .filter(|(_, number)| is_call(number))
            .map(|(request, _)| *request)
            .collect()
    }
}
