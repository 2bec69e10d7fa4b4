//! The server's application: it receives events, answers at random, and restarts after each end.

use std::{collections::BTreeMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use fastrand::Rng;
use simplenet::{
    Authenticator, Bytes, ClientId, CloseReason, DuplicateId, RequestToken, Secret, ServerReport,
    ShutdownReport,
};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};

use crate::{
    log::{Answer, Log, ServerEntry},
    network::Network,
    numbers::Numbers,
    plan::Plan,
    probe,
    quiet::Quiet,
};

pub(crate) const SECRET: &[u8] = b"between us";

/// A command of the run to the server.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// The process dies. The flag says whether its connections break, which informs the peers.
    Crash {
        silently: bool,
        away: Duration,
    },
    Drop {
        away: Duration,
    },
    Shutdown {
        deadline: Duration,
        away: Duration,
    },
    Stall(Duration),
    /// The server receives no events for this time, and does everything else.
    Ignore(Duration),
    /// Broadcast one message.
    Broadcast,
    /// Shut down gracefully, without restart.
    End,
}

/// The server's program, over all its starts.
pub(crate) struct ServerProgram {
    pub(crate) network: Network,
    pub(crate) log: Log,
    pub(crate) plan: Arc<Plan>,
    pub(crate) numbers: Numbers,
    pub(crate) rng: Rng,
    pub(crate) orders: UnboundedReceiver<Order>,
    pub(crate) quiet: Quiet,
}

/// The end of one start.
enum Fate {
    Again(Duration),
    Over,
}

impl ServerProgram {
    pub(crate) async fn run(mut self) {
        for start in 1.. {
            let listener = match self.network.listen() {
                Ok(listener) => listener,
                Err(error) => panic!("the port of the last start is not free: {error}"),
            };
            let server = probe::Server::builder()
                .authenticator(Authenticator::Secret(Secret::new(SECRET)))
                .config(self.plan.server.clone())
                .bind_listener(listener)
                .expect("a server on a free port");
            let take_over = self.plan.server.duplicate_id == DuplicateId::TakeOver;
            self.log.server(start, ServerEntry::Started { take_over });
            let mut running = Running {
                server,
                start,
                program: &mut self,
                view: BTreeMap::new(),
                tokens: Vec::new(),
                stopping: None,
                ignores_until: Instant::now(),
            };
            let fate = running.run().await;
            drop(running);
            match fate {
                Fate::Again(away) => self.quiet.pause(away).await,
                Fate::Over => return,
            }
        }
    }
}

/// One start of the server.
struct Running<'a> {
    server: probe::Server,
    start: u32,
    program: &'a mut ServerProgram,
    /// The sessions whose `Connected` was received and whose `Disconnected` was not.
    view: BTreeMap<u128, u32>,
    tokens: Vec<(u32, RequestToken<probe::Probe, probe::Ask>, u64)>,
    stopping: Option<(JoinHandle<ShutdownReport>, Fate)>,
    ignores_until: Instant,
}

impl Running<'_> {
    async fn run(&mut self) -> Fate {
        loop {
            let pause = self.program.rng.u64(1..=self.program.plan.pace);
            let act = Instant::now() + Duration::from_millis(pause);
            let ignores = self.ignores_until > Instant::now() && !self.is_calm();
            let quiet = self.program.quiet.clone();
            if self.is_calm() {
                while let Some(token) = self.tokens.pop() {
                    self.answer(token);
                }
            }
            tokio::select! {
                biased;
                () = quiet.begins(), if !self.is_calm() => {}
                Some(order) = self.program.orders.recv() => {
                    if let Some(fate) = self.obey(order).await {
                        return fate;
                    }
                }
                event = self.server.recv(), if !ignores => match event {
                    Some((id, event)) => {
                        self.handle(id, event);
                        // Some applications receive all queued events at once, some one by one.
                        while self.is_calm() || self.program.rng.bool() {
                            let Some((id, event)) = self.server.next() else { break };
                            self.handle(id, event);
                        }
                    }
                    None => {
                        self.note(ServerEntry::Finished);
                        return self.finish().await;
                    }
                },
                () = sleep_until(act) => self.act(),
            }
        }
    }

    /// True if every request is answered at once with its response.
    fn is_calm(&self) -> bool {
        self.program.quiet.is_calm()
    }

    fn note(&self, entry: ServerEntry) {
        self.program.log.server(self.start, entry);
    }

    async fn obey(&mut self, order: Order) -> Option<Fate> {
        match order {
            Order::Broadcast => self.broadcast(),
            Order::End => self.stop(Duration::from_secs(10), Fate::Over),
            // Commands from before arrive too late.
            _ if self.is_calm() => {}
            Order::Crash { silently, away } => {
                self.note(ServerEntry::Crashed);
                if silently {
                    self.program.network.swallow(None);
                } else {
                    self.program.network.cut(None);
                }
                self.program.network.close_port();
                self.take_unhandled();
                return Some(Fate::Again(away));
            }
            Order::Drop { away } => {
                self.take_unhandled();
                self.note(ServerEntry::Dropped);
                return Some(Fate::Again(away));
            }
            Order::Shutdown { deadline, away } => self.stop(deadline, Fate::Again(away)),
            Order::Ignore(pause) => self.ignores_until = Instant::now() + pause,
            Order::Stall(pause) => self.program.quiet.pause(pause).await,
        }
        None
    }

    fn stop(&mut self, deadline: Duration, fate: Fate) {
        if self.stopping.is_none() {
            self.note(ServerEntry::Draining);
            let handle = self.server.handle();
            let report = tokio::spawn(async move { handle.shutdown(deadline).await });
            self.stopping = Some((report, fate));
        }
    }

    async fn finish(&mut self) -> Fate {
        let (report, fate) = self.stopping.take().expect("events end only with a shutdown");
        // The shutdown waits briefly for clients that do not close their ends. The clock may jump meanwhile.
        let report = timeout(Duration::from_secs(20), report).await;
        let report = report.expect("the shutdown ends soon after the events").expect("no panic");
        self.note(ServerEntry::ShutDown { flushed: report.flushed, cut: report.cut });
        fate
    }

    /// Drains the events that the dying application had not received.
    fn take_unhandled(&mut self) {
        while let Some((id, event)) = self.server.next() {
            match event {
                probe::ServerEvent::Report(report) => self.report(id, report),
                probe::ServerEvent::Msg(probe::ClientMsg::Note(note)) => {
                    self.received(id, None, note.session, note.number);
                }
                probe::ServerEvent::Request(probe::IncomingRequest::Ask(ask, token)) => {
                    let request = token.request_id().get();
                    self.received(id, Some(request), ask.session, ask.number);
                    let session = self.view.get(&id.get()).copied().unwrap_or_default();
                    let stale = token.is_stale();
                    drop(token);
                    let answer = Answer::Drop;
                    self.note(ServerEntry::Answered {
                        session,
                        request,
                        answer,
                        stale,
                        outcome: None,
                    });
                }
            }
        }
    }

    fn handle(&mut self, id: ClientId, event: probe::ServerEvent) {
        match event {
            probe::ServerEvent::Report(report) => self.report(id, report),
            probe::ServerEvent::Msg(probe::ClientMsg::Note(note)) => {
                self.received(id, None, note.session, note.number);
            }
            probe::ServerEvent::Request(probe::IncomingRequest::Ask(ask, token)) => {
                self.received(id, Some(token.request_id().get()), ask.session, ask.number);
                let session = self.view.get(&id.get()).copied().unwrap_or_default();
                let token = (session, token, ask.number);
                if self.is_calm() || self.program.rng.u8(..3) > 0 {
                    self.answer(token);
                } else {
                    self.tokens.push(token);
                }
            }
        }
    }

    /// Records the begin or the end of a session, and sends a first message to a new one.
    fn report(&mut self, client: ClientId, report: ServerReport<probe::Hello>) {
        let id = client.get();
        match report {
            ServerReport::Connected(_, hello) => {
                let session = self.program.numbers.session();
                self.view.insert(id, session);
                self.note(ServerEntry::Connected { id, session, process: hello.process });
                let outcome = self.server.send(client, probe::Greeting { session });
                self.note(ServerEntry::Greeted { session, outcome });
            }
            ServerReport::Disconnected(reason) => {
                let session = self.view.remove(&id);
                let reason = reason.to_string();
                self.note(ServerEntry::Disconnected { id, session, reason });
            }
        }
    }

    fn received(&mut self, id: ClientId, request: Option<u64>, from: u32, number: u64) {
        let session = self.view.get(&id.get()).copied();
        self.note(ServerEntry::Received { session, request, from, number });
    }

    fn answer(&mut self, token: (u32, RequestToken<probe::Probe, probe::Ask>, u64)) {
        let (session, token, to) = token;
        let request = token.request_id().get();
        let stale = token.is_stale();
        let choice = if self.is_calm() { 0 } else { self.program.rng.u8(..12) };
        let (answer, outcome) = match choice {
            0..=5 => {
                let number = self.program.numbers.message();
                let padding = self.padding();
                let outcome = token.respond(probe::Answer { number, to, padding });
                (Answer::Respond(number), Some(outcome))
            }
            6 | 7 => (Answer::Acknowledge, Some(self.server.ack(token))),
            8 => (Answer::Reject, Some(self.server.reject(token))),
            9 => {
                let dropped = std::panic::catch_unwind(AssertUnwindSafe(|| {
                    let _token = token;
                    std::panic::resume_unwind(Box::new(()));
                }));
                assert!(dropped.is_err());
                (Answer::Panic, None)
            }
            _ => {
                drop(token);
                (Answer::Drop, None)
            }
        };
        self.note(ServerEntry::Answered { session, request, answer, stale, outcome });
    }

    /// Performs a random action.
    fn act(&mut self) {
        if self.is_calm() {
            return;
        }
        match self.program.rng.u8(..40) {
            0..=11 => self.send(1),
            12 => {
                let burst = self.program.rng.u32(2..60);
                self.send(burst);
            }
            13..=17 => self.broadcast(),
            18..=29 if !self.tokens.is_empty() => {
                let index = self.program.rng.usize(..self.tokens.len());
                let token = self.tokens.swap_remove(index);
                self.answer(token);
            }
            30 => {
                let code = self.program.numbers.close_code();
                let client = self.someone();
                let session = self.view.get(&client.get()).copied();
                let reason = if self.program.rng.u8(..4) == 0 {
                    CloseReason::kicked(code.to_string())
                } else {
                    CloseReason::Application { code, text: code.to_string() }
                };
                let outcome = self.server.disconnect(client, reason);
                self.note(ServerEntry::Disconnecting { session, code, outcome });
            }
            31..=33 => {
                let ids = self.server.clients().into_iter().map(ClientId::get).collect();
                let known = self.view.keys().copied().collect();
                self.note(ServerEntry::Listed { ids, known });
            }
            _ => {}
        }
    }

    /// Returns a random client, connected or not.
    fn someone(&mut self) -> ClientId {
        let places = &self.program.plan.places;
        ClientId::new(places[self.program.rng.usize(..places.len())])
    }

    fn send(&mut self, count: u32) {
        let client = self.someone();
        let session = self.view.get(&client.get()).copied();
        for _ in 0..count {
            let number = self.program.numbers.message();
            let padding = self.padding();
            let outcome = self.server.send(client, probe::News { number, padding });
            self.note(ServerEntry::Sent { session, number, outcome });
        }
    }

    fn broadcast(&mut self) {
        let number = self.program.numbers.message();
        let padding = self.padding();
        let outcome = self.server.broadcast(probe::News { number, padding });
        self.note(ServerEntry::Broadcast {
            sessions: self.view.values().copied().collect(),
            number,
            queued: outcome.queued,
            overflowed: outcome.overflowed,
        });
    }

    /// Returns no padding in a quiet run, in which no outbox may overflow.
    fn padding(&mut self) -> Bytes {
        if self.is_calm() {
            return Bytes::new();
        }
        Bytes::from(vec![0; self.program.rng.usize(..=self.program.plan.padding)])
    }
}
