//! The applications of the clients: each place runs one program after another under the same id.

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

/// A command of the run to a client program.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// The process dies. The flag says whether its connection breaks, which informs the peer.
    Kill {
        silently: bool,
    },
    /// The connection of the program to the server is held, broken or silently dropped.
    Link(LinkFault),
    Stall(Duration),
    /// The program receives no events for this time, and does everything else.
    Ignore(Duration),
    Close,
    /// Record whether there is a connection.
    Census,
    /// One message, one request, one call.
    Converse,
    /// Close without reconnecting.
    End,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum LinkFault {
    Hold(crate::network::Direction),
    Release,
    Cut,
    Swallow,
}

/// A place in which client programs run one after another.
pub(crate) struct Place {
    pub(crate) id: u128,
    pub(crate) network: Network,
    pub(crate) log: Log,
    pub(crate) plan: Arc<Plan>,
    pub(crate) numbers: Numbers,
    pub(crate) rng: Rng,
    pub(crate) orders: UnboundedReceiver<Order>,
    pub(crate) quiet: Quiet,
}

impl Place {
    /// Runs programs until the command to end.
    pub(crate) async fn run(mut self) {
        while !self.run_program().await {
            let away = Duration::from_millis(self.rng.u64(1..3_000));
            self.quiet.pause(away).await;
        }
    }

    /// True if that was the last one.
    async fn run_program(&mut self) -> bool {
        let process = self.numbers.process();
        let config = client_config(&mut self.rng);
        let impostor = self.rng.u8(..20) == 0 && !self.quiet.is_calm();
        let secret = Secret::new(if impostor { b"a guess".to_vec() } else { SECRET.to_vec() });
        let inbox = config.inbox_events;
        let frame = (self.rng.u8(..3) == 0).then(|| Duration::from_millis(self.rng.u64(5..100)));
        self.log.client(process, ClientEntry::Created { id: self.id, inbox, impostor });
        let url = Url::parse("ws://server/").expect("a URL");
        let client = probe::Client::builder(url)
            .auth(AuthRequest::Secret { client_id: ClientId::new(self.id), secret })
            .config(config.clone())
            .connect_with(self.network.dialer(process), probe::Hello { process });
        let mut program = Program {
            client,
            process,
            config,
            place: self,
            sessions: 0,
            open: false,
            frame,
            ignores_until: Instant::now(),
            dead: false,
            ending: false,
            messages: Vec::new(),
            requests: Vec::new(),
            recent: VecDeque::new(),
            killed: Arc::default(),
        };
        program.run().await
    }
}

/// One client program.
struct Program<'a> {
    client: probe::Client,
    process: u32,
    config: ClientConfig,
    place: &'a mut Place,
    sessions: u32,
    /// True between the receipt of `Connected` and that of the event that ends the session.
    open: bool,
    /// Interval between two receipts of events, as in a frame loop.
    frame: Option<Duration>,
    ignores_until: Instant,
    dead: bool,
    ending: bool,
    messages: Vec<Followed<MessageSignal, MessageStatus>>,
    requests: Vec<Followed<RequestSignal, RequestStatus>>,
    /// Indices of the newest signals, which are checked after every step.
    recent: VecDeque<Recent>,
    killed: Arc<AtomicBool>,
}

struct Followed<S, T> {
    number: u64,
    signal: S,
    last: T,
}

#[derive(Clone, Copy)]
enum Recent {
    Message(usize),
    Request(usize),
}

/// Number of signals that are checked after every step.
const RECENT: usize = 64;

impl Program<'_> {
    /// Returns true if the place stays empty.
    async fn run(&mut self) -> bool {
        loop {
            let pause = self.place.rng.u64(1..=self.place.plan.pace);
            let act = Instant::now() + Duration::from_millis(pause);
            let ignores = self.ignores_until > Instant::now() && !self.place.quiet.is_calm();
            tokio::select! {
                biased;
                order = self.place.orders.recv() => {
                    if self.obey(order.unwrap_or(Order::End)).await {
                        return false;
                    }
                }
                event = self.client.recv(), if !self.dead && !ignores => {
                    if let Some(event) = event {
                        self.handle(event);
                    }
                    while self.place.quiet.is_calm() || self.place.rng.bool() {
                        let Some(event) = self.client.next() else { break };
                        self.handle(event);
                    }
                    if let Some(frame) = self.frame {
                        self.ignores_until = self.ignores_until.max(Instant::now() + frame);
                    }
                }
                () = sleep_until(act), if !self.dead => self.act(),
            }
            self.look_at_recent();
            if self.dead {
                self.act_after_death();
                self.look_at_all();
                if !self.place.quiet.is_calm() {
                    return false;
                }
                return self.ending || self.rest().await;
            }
        }
    }

    /// Waits for the end of the run, as a dead client.
    async fn rest(&mut self) -> bool {
        loop {
            match self.place.orders.recv().await {
                Some(Order::Census) => self.census(),
                Some(Order::End) | None => return true,
                Some(_) => {}
            }
        }
    }

    fn note(&self, entry: ClientEntry) {
        self.place.log.client(self.process, entry);
    }

    /// True if the process is dead.
    async fn obey(&mut self, order: Order) -> bool {
        match order {
            Order::Census => self.census(),
            Order::Converse => {
                self.send(1);
                self.request();
                self.call(false);
            }
            Order::End => {
                self.ending = true;
                // The message was accepted, so it is written before the close.
                self.send(3);
                self.close();
            }
            // Commands from before arrive too late.
            _ if self.place.quiet.is_calm() => {}
            Order::Link(fault) => {
                let (network, host) = (&self.place.network, self.process);
                match fault {
                    LinkFault::Hold(direction) => network.hold(host, direction),
                    LinkFault::Release => network.release(host),
                    LinkFault::Cut => network.cut(Some(host)),
                    LinkFault::Swallow => network.swallow(Some(host)),
                }
            }
            Order::Stall(pause) => self.place.quiet.pause(pause).await,
            Order::Ignore(pause) => self.ignores_until = Instant::now() + pause,
            Order::Close => self.close(),
            Order::Kill { silently } => {
                self.note(ClientEntry::Killed);
                self.killed.store(true, Ordering::Relaxed);
                if silently {
                    self.place.network.swallow(Some(self.process));
                } else {
                    self.place.network.cut(Some(self.process));
                }
                // No bytes of the dead program reach the server any more.
                self.place.network.bury(self.process);
                return true;
            }
        }
        false
    }

    fn close(&mut self) {
        self.note(ClientEntry::Closing);
        self.client.close();
    }

    fn census(&self) {
        let connected = self.client.is_connected();
        let wanted = !self.client.is_dead() && !self.client.is_closed();
        self.note(ClientEntry::Census { connected, wanted });
    }

    fn handle(&mut self, event: probe::ClientEvent) {
        let ended = |request: simplenet::RequestId, end| ClientEntry::RequestEnded {
            request: request.get(),
            end,
        };
        let entry = match event {
            probe::ClientEvent::Report(report) => self.report(report),
            probe::ClientEvent::Msg(probe::ServerMsg::Greeting(greeting)) => {
                ClientEntry::Greeting { session: greeting.session }
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
            probe::ClientEvent::SendFailed(id) => ended(id, RequestStatus::SendFailed),
            probe::ClientEvent::ResponseLost(id) => ended(id, RequestStatus::ResponseLost),
        };
        self.note(entry);
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
            ClientReport::IsDead(reason) => {
                self.dead = true;
                ClientEntry::Dead { reason: reason.to_string() }
            }
        }
    }

    /// Performs a random action.
    fn act(&mut self) {
        if self.place.quiet.is_calm() {
            return;
        }
        match self.place.rng.u8(..60) {
            0..=17 => self.send(1),
            18..=29 => self.request(),
            30..=38 => self.call(true),
            39 => {
                let burst = self.place.rng.u32(2..60);
                self.send(burst);
            }
            40 => (0..self.place.rng.u32(2..40)).for_each(|_| self.request()),
            41 if self.place.rng.u8(..8) == 0 => self.close(),
            _ => {}
        }
    }

    /// Checks that actions with a dead client fail, which only their statuses report.
    fn act_after_death(&mut self) {
        self.send(1);
        self.request();
        self.call(false);
        if self.client.next().is_some() {
            self.note(ClientEntry::Connected);
        }
    }

    /// Returns no padding in a quiet run, in which no outbox may overflow.
    fn padding(&mut self) -> Bytes {
        if self.place.quiet.is_calm() {
            return Bytes::new();
        }
        Bytes::from(vec![0; self.place.rng.usize(..=self.place.plan.padding)])
    }

    fn send(&mut self, count: u32) {
        for _ in 0..count {
            let (session, number) = (self.sessions, self.place.numbers.message());
            let padding = self.padding();
            let signal = self.client.send(probe::Note { session, number, padding });
            let status = signal.status();
            self.note(ClientEntry::Sent { session, open: self.open, number, status });
            self.follow(Recent::Message(self.messages.len()));
            self.messages.push(Followed { number, signal, last: status });
        }
    }

    fn request(&mut self) {
        let (session, number) = (self.sessions, self.place.numbers.message());
        let padding = self.padding();
        let dead = self.client.is_dead();
        let signal = self.client.request(probe::Ask { session, number, padding });
        let (request, status, open) = (signal.id().get(), signal.status(), self.open);
        self.note(ClientEntry::Requested { session, open, number, request, dead, status });
        self.follow(Recent::Request(self.requests.len()));
        self.requests.push(Followed { number, signal, last: status });
    }

    /// Makes a call in a task of its own, which may be dropped before the call ends.
    fn call(&mut self, impatient: bool) {
        let (session, number) = (self.sessions, self.place.numbers.message());
        let padding = self.padding();
        let mut call = self.client.call(probe::Ask { session, number, padding });
        let mut limit = self.config.call_timeout.unwrap_or(Duration::MAX);
        if impatient && self.place.rng.bool() {
            limit = Duration::from_millis(self.place.rng.u64(1..3_000));
            call = call.timeout(limit);
        }
        let request = call.id().get();
        self.note(ClientEntry::Called { session, open: self.open, number, request, limit });
        let patience = (impatient && self.place.rng.u8(..4) == 0)
            .then(|| Duration::from_millis(self.place.rng.u64(..2_000)));
        let (log, process, killed) = (self.place.log.clone(), self.process, self.killed.clone());
        tokio::spawn(async move {
            let entry = tokio::select! {
                biased;
                result = call => ClientEntry::CallEnded { number, result: call_result(result) },
                () = sleep(patience.unwrap_or(Duration::MAX)), if patience.is_some() => {
                    ClientEntry::CallDropped { number }
                }
            };
            if !killed.load(Ordering::Relaxed) {
                log.client(process, entry);
            }
        });
    }

    fn follow(&mut self, what: Recent) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(what);
    }

    fn look_at_recent(&mut self) {
        for index in 0..self.recent.len() {
            self.look_at(self.recent[index]);
        }
    }

    fn look_at_all(&mut self) {
        (0..self.messages.len()).for_each(|index| self.look_at(Recent::Message(index)));
        (0..self.requests.len()).for_each(|index| self.look_at(Recent::Request(index)));
    }

    /// Records a status that has changed.
    fn look_at(&mut self, what: Recent) {
        let entry = match what {
            Recent::Message(index) => {
                let followed = &mut self.messages[index];
                let (number, status) = (followed.number, followed.signal.status());
                if std::mem::replace(&mut followed.last, status) == status {
                    return;
                }
                ClientEntry::MessageStatus { number, status }
            }
            Recent::Request(index) => {
                let followed = &mut self.requests[index];
                let (number, status) = (followed.number, followed.signal.status());
                if std::mem::replace(&mut followed.last, status) == status {
                    return;
                }
                ClientEntry::RequestStatus { number, status }
            }
        };
        self.note(entry);
    }
}

fn call_result(result: Result<probe::Answer, CallError>) -> CallResult {
    match result {
        Ok(answer) => CallResult::Response { number: answer.number, to: answer.to },
        Err(CallError::Acknowledged) => CallResult::Acknowledged,
        Err(CallError::Rejected) => CallResult::Rejected,
        Err(CallError::SendFailed(_)) => CallResult::SendFailed,
        Err(CallError::ResponseLost) => CallResult::ResponseLost,
        Err(CallError::TimedOut) => CallResult::TimedOut,
        Err(CallError::Dead(_)) => CallResult::Dead,
        Err(other) => panic!("unexpected result: {other}"),
    }
}
