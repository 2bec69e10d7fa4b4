//! The client processes. A slot runs one process after another under the same client id.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use fastrand::Rng;
use simplenet::{
    AuthRequest, Bytes, CallError, ClientConfig, ClientId, ClientReport, CloseReason,
    MessageSignal, MessageStatus, RequestSignal, RequestStatus, Secret, Url,
};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{Instant, sleep, sleep_until},
};

use crate::{
    log::{CallResult, ClientEntry, End, Log},
    network::Network,
    numbers::Numbers,
    plan::{Plan, client_config},
    probe,
    quiet::Quiet,
    server::SECRET,
};

/// A command of the run to a client process.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Command {
    /// Kill the process. Its connection breaks. If `silently` is true, the connection stays open
    /// instead, but loses all bytes.
    Kill {
        silently: bool,
    },
    /// Apply a fault to the connection of the process.
    Link(LinkFault),
    /// Suspend the process for this time.
    Stall(Duration),
    /// Receive no events for this time, and continue everything else.
    PauseReceiving(Duration),
    Close,
    /// Log whether the client is connected.
    RecordConnection,
    /// Send one message, one request and one call.
    SendOneOfEach,
    /// Close without reconnecting.
    End,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum LinkFault {
    Hold(crate::network::Direction),
    Release,
    Cut,
    Blackhole,
}

/// A slot in which client processes run one after another.
pub(crate) struct ClientSlot {
    pub(crate) id: u128,
    pub(crate) network: Network,
    pub(crate) log: Log,
    pub(crate) plan: Arc<Plan>,
    pub(crate) numbers: Numbers,
    pub(crate) rng: Rng,
    pub(crate) commands: UnboundedReceiver<Command>,
    pub(crate) quiet: Quiet,
}

impl ClientSlot {
    /// Runs processes until the command to end.
    pub(crate) async fn run(mut self) {
        while !self.run_process().await {
            let downtime = Duration::from_millis(self.rng.u64(1..3_000));
            self.quiet.pause(downtime).await;
        }
    }

    /// Runs one process, and returns true if it is the last one.
    async fn run_process(&mut self) -> bool {
        let process = self.numbers.process();
        let config = client_config(&mut self.rng);
        let wrong_secret = self.rng.u8(..20) == 0 && !self.quiet.is_quiet();
        let secret =
            Secret::new(if wrong_secret { b"wrong secret".to_vec() } else { SECRET.to_vec() });
        let inbox = config.inbox_events;
        let frame_interval =
            (self.rng.u8(..3) == 0).then(|| Duration::from_millis(self.rng.u64(5..100)));
        self.log.client(process, ClientEntry::Created { id: self.id, inbox, wrong_secret });
        let url = Url::parse("ws://server/").expect("a URL");
        let client = probe::Client::builder(url)
            .auth(AuthRequest::Secret { client_id: ClientId::new(self.id), secret })
            .config(config.clone())
            .connect_with(self.network.dialer(process), probe::Hello { process });
        let mut client_process = ClientProcess {
            client,
            process,
            config,
            slot: self,
            sessions: 0,
            open: false,
            frame_interval,
            receives_from: Instant::now(),
            dead: false,
            ending: false,
            messages: Vec::new(),
            requests: Vec::new(),
            recent: VecDeque::new(),
            killed: Arc::default(),
        };
        client_process.run().await
    }
}

/// One client process.
struct ClientProcess<'a> {
    client: probe::Client,
    process: u32,
    config: ClientConfig,
    slot: &'a mut ClientSlot,
    sessions: u32,
    /// True after the application has received `Connected`, until it receives the event that ends
    /// the session.
    open: bool,
    /// Interval between two receipts of events, as in a frame loop.
    frame_interval: Option<Duration>,
    receives_from: Instant,
    dead: bool,
    ending: bool,
    messages: Vec<TrackedSignal<MessageSignal, MessageStatus>>,
    requests: Vec<TrackedSignal<RequestSignal, RequestStatus>>,
    /// The newest signals, whose statuses are read after every step.
    recent: VecDeque<SignalIndex>,
    killed: Arc<AtomicBool>,
}

struct TrackedSignal<S, T> {
    number: u64,
    signal: S,
    last: T,
}

#[derive(Clone, Copy)]
enum SignalIndex {
    Message(usize),
    Request(usize),
}

/// The number of signals whose statuses are read after every step.
const MAX_RECENT: usize = 64;

impl ClientProcess<'_> {
    /// Runs the process. Returns true if no other process follows in this slot.
    async fn run(&mut self) -> bool {
        loop {
            let pause = self.slot.rng.u64(1..=self.slot.plan.max_pause);
            let next_action = Instant::now() + Duration::from_millis(pause);
            let receives = self.receives_from <= Instant::now() || self.slot.quiet.is_quiet();
            tokio::select! {
                biased;
                command = self.slot.commands.recv() => {
                    if self.execute(command.unwrap_or(Command::End)).await {
                        return false;
                    }
                }
                event = self.client.recv(), if !self.dead && receives => {
                    if let Some(event) = event {
                        self.handle(event);
                    }
                    while self.slot.quiet.is_quiet() || self.slot.rng.bool() {
                        let Some(event) = self.client.next() else { break };
                        self.handle(event);
                    }
                    if let Some(interval) = self.frame_interval {
                        self.receives_from = self.receives_from.max(Instant::now() + interval);
                    }
                }
                () = sleep_until(next_action), if !self.dead => self.act_randomly(),
            }
            self.record_recent_statuses();
            if self.dead {
                self.use_dead_client();
                self.record_all_statuses();
                if !self.slot.quiet.is_quiet() {
                    return false;
                }
                return self.ending || self.wait_for_end().await;
            }
        }
    }

    /// Waits for the end of the run with a dead client.
    async fn wait_for_end(&mut self) -> bool {
        loop {
            match self.slot.commands.recv().await {
                Some(Command::RecordConnection) => self.record_connection(),
                Some(Command::End) | None => return true,
                Some(_) => {}
            }
        }
    }

    fn log(&self, entry: ClientEntry) {
        self.slot.log.client(self.process, entry);
    }

    /// Executes the command, and returns true if it killed the process.
    async fn execute(&mut self, command: Command) -> bool {
        match command {
            Command::RecordConnection => self.record_connection(),
            Command::SendOneOfEach => {
                self.send(1);
                self.request();
                self.call(false);
            }
            Command::End => {
                self.ending = true;
                // Accepted messages must be written before the close.
                self.send(3);
                self.close();
            }
            // A fault is ignored if it was commanded before the quiet phase but arrives during that
            // phase.
            _ if self.slot.quiet.is_quiet() => {}
            Command::Link(fault) => {
                let (network, host) = (&self.slot.network, self.process);
                match fault {
                    LinkFault::Hold(direction) => network.hold(host, direction),
                    LinkFault::Release => network.release(host),
                    LinkFault::Cut => network.cut(Some(host)),
                    LinkFault::Blackhole => network.blackhole(Some(host)),
                }
            }
            Command::Stall(pause) => self.slot.quiet.pause(pause).await,
            Command::PauseReceiving(pause) => self.receives_from = Instant::now() + pause,
            Command::Close => self.close(),
            Command::Kill { silently } => {
                self.log(ClientEntry::Killed);
                self.killed.store(true, Ordering::Relaxed);
                if silently {
                    self.slot.network.blackhole(Some(self.process));
                } else {
                    self.slot.network.cut(Some(self.process));
                }
                // A running connection attempt of the dead process must not succeed.
                self.slot.network.mark_dead(self.process);
                return true;
            }
        }
        false
    }

    fn close(&mut self) {
        self.log(ClientEntry::Closing);
        self.client.close();
    }

    fn record_connection(&self) {
        let connected = self.client.is_connected();
        let wanted = !self.client.is_dead() && !self.client.is_closed();
        self.log(ClientEntry::ConnectionState { connected, wanted });
    }

    fn handle(&mut self, event: probe::ClientEvent) {
        let ended = |request: simplenet::RequestId, end| ClientEntry::RequestEnded {
            request: request.get(),
            end,
        };
        let entry = match event {
            probe::ClientEvent::Report(report) => self.report(report),
            probe::ClientEvent::Msg(probe::ServerMsg::FirstMessage(message)) => {
                ClientEntry::FirstMessage { session: message.session }
            }
            probe::ClientEvent::Msg(probe::ServerMsg::News(news)) => {
                ClientEntry::News { number: news.number }
            }
            probe::ClientEvent::Response(probe::ServerResponse::Ask(answer), request) => {
                let (number, to) = (answer.number, answer.to);
                ClientEntry::Response { request: request.get(), number, to }
            }
            probe::ClientEvent::Ack(id) => ended(id, RequestStatus::Acknowledged),
            probe::ClientEvent::Reject(id) => ended(id, RequestStatus::Rejected),
            probe::ClientEvent::SendFailed(id, error) => {
                ended(id, RequestStatus::SendFailed(error))
            }
            probe::ClientEvent::ResponseLost(id) => ended(id, RequestStatus::ResponseLost),
        };
        self.log(entry);
    }

    fn report(&mut self, report: ClientReport) -> ClientEntry {
        let mut end = |how, reason: String| {
            self.open = false;
            ClientEntry::Ended { how, reason }
        };
        match report {
            ClientReport::Connected => {
                self.sessions += 1;
                self.open = true;
                ClientEntry::Connected
            }
            ClientReport::Disconnected(reason) => end(End::Disconnected, reason.to_string()),
            ClientReport::ClosedByServer(reason) => {
                let code = match &reason {
                    CloseReason::Application { code, .. } => Some(*code),
                    CloseReason::Kicked(text) => text.parse().ok(),
                    _ => None,
                };
                end(End::ClosedByServer(code), reason.to_string())
            }
            ClientReport::ClosedBySelf => end(End::ClosedBySelf, String::new()),
            ClientReport::Retrying { attempt, .. } => ClientEntry::Retrying { attempt },
            ClientReport::IsDead(reason) => {
                self.dead = true;
                ClientEntry::Dead { reason: reason.to_string() }
            }
        }
    }

    /// Performs a random action.
    fn act_randomly(&mut self) {
        if self.slot.quiet.is_quiet() {
            return;
        }
        match self.slot.rng.u8(..60) {
            0..=17 => self.send(1),
            18..=29 => self.request(),
            30..=38 => self.call(true),
            39 => {
                let burst = self.slot.rng.u32(2..60);
                self.send(burst);
            }
            40 => (0..self.slot.rng.u32(2..40)).for_each(|_| self.request()),
            41 if self.slot.rng.u8(..8) == 0 => self.close(),
            _ => {}
        }
    }

    /// Sends with a dead client. The promises require that only the statuses report the failures.
    fn use_dead_client(&mut self) {
        self.send(1);
        self.request();
        self.call(false);
        if self.client.next().is_some() {
            self.log(ClientEntry::Connected);
        }
    }

    /// Returns a random padding. In the quiet phase, the padding is empty, so that no outbox
    /// overflows.
    fn padding(&mut self) -> Bytes {
        if self.slot.quiet.is_quiet() {
            return Bytes::new();
        }
        Bytes::from(vec![0; self.slot.rng.usize(..=self.slot.plan.max_padding)])
    }

    fn send(&mut self, count: u32) {
        for _ in 0..count {
            let (session, number) = (self.sessions, self.slot.numbers.message());
            let padding = self.padding();
            let signal = self.client.send(probe::Note { session, number, padding });
            let status = signal.status();
            self.log(ClientEntry::Sent { session, open: self.open, number, status });
            self.track(SignalIndex::Message(self.messages.len()));
            self.messages.push(TrackedSignal { number, signal, last: status });
        }
    }

    fn request(&mut self) {
        let (session, number) = (self.sessions, self.slot.numbers.message());
        let padding = self.padding();
        let dead = self.client.is_dead();
        let signal = self.client.request(probe::Ask { session, number, padding });
        let (request, status, open) = (signal.id().get(), signal.status(), self.open);
        self.log(ClientEntry::Requested { session, open, number, request, dead, status });
        self.track(SignalIndex::Request(self.requests.len()));
        self.requests.push(TrackedSignal { number, signal, last: status });
    }

    /// Spawns a task that awaits a call. With `random_timing`, the timeout is random, and the task
    /// may drop the call.
    fn call(&mut self, random_timing: bool) {
        let (session, number) = (self.sessions, self.slot.numbers.message());
        let padding = self.padding();
        let mut call = self.client.call(probe::Ask { session, number, padding });
        let mut limit = self.config.call_timeout.unwrap_or(Duration::MAX);
        if random_timing && self.slot.rng.bool() {
            limit = Duration::from_millis(self.slot.rng.u64(1..3_000));
            call = call.timeout(limit);
        }
        let request = call.id().get();
        self.log(ClientEntry::Called { session, open: self.open, number, request, limit });
        let dropped_after = (random_timing && self.slot.rng.u8(..4) == 0)
            .then(|| Duration::from_millis(self.slot.rng.u64(..2_000)));
        let (log, process, killed) = (self.slot.log.clone(), self.process, self.killed.clone());
        tokio::spawn(async move {
            let entry = tokio::select! {
                biased;
                result = call => ClientEntry::CallEnded { number, result: call_result(result) },
                () = sleep(dropped_after.unwrap_or(Duration::MAX)), if dropped_after.is_some() => {
                    ClientEntry::CallDropped { number }
                }
            };
            if !killed.load(Ordering::Relaxed) {
                log.client(process, entry);
            }
        });
    }

    fn track(&mut self, index: SignalIndex) {
        if self.recent.len() == MAX_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(index);
    }

    fn record_recent_statuses(&mut self) {
        for index in 0..self.recent.len() {
            self.record_status(self.recent[index]);
        }
    }

    fn record_all_statuses(&mut self) {
        (0..self.messages.len()).for_each(|index| self.record_status(SignalIndex::Message(index)));
        (0..self.requests.len()).for_each(|index| self.record_status(SignalIndex::Request(index)));
    }

    /// Logs the status of a signal if it has changed.
    fn record_status(&mut self, signal: SignalIndex) {
        let entry = match signal {
            SignalIndex::Message(index) => {
                let tracked = &mut self.messages[index];
                let (number, status) = (tracked.number, tracked.signal.status());
                if std::mem::replace(&mut tracked.last, status) == status {
                    return;
                }
                ClientEntry::MessageStatus { number, status }
            }
            SignalIndex::Request(index) => {
                let tracked = &mut self.requests[index];
                let (number, status) = (tracked.number, tracked.signal.status());
                if std::mem::replace(&mut tracked.last, status) == status {
                    return;
                }
                ClientEntry::RequestStatus { number, status }
            }
        };
        self.log(entry);
    }
}

fn call_result(result: Result<probe::Answer, CallError>) -> CallResult {
    match result {
        Ok(answer) => CallResult::Response { number: answer.number, to: answer.to },
        Err(CallError::Acknowledged) => CallResult::Acknowledged,
        Err(CallError::Rejected) => CallResult::Rejected,
        Err(CallError::SendFailed(_)) => CallResult::SendFailed,
        Err(CallError::NotSent(_)) => CallResult::NotSent,
        Err(CallError::ResponseLost) => CallResult::ResponseLost,
        Err(CallError::TimedOut) => CallResult::TimedOut,
        Err(CallError::Dead(_)) => CallResult::Dead,
        Err(other) => panic!("unexpected result: {other}"),
    }
}
