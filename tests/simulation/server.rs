//! The server processes. A process receives events and answers requests at random. After its end,
//! the next process starts.

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

pub(crate) const SECRET: &[u8] = b"shared secret";

/// A command of the run to the server.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Command {
    /// Kill the process. Its connections break. If `silently` is true, they stay open instead, but
    /// lose all bytes.
    Crash {
        silently: bool,
        downtime: Duration,
    },
    /// Drop the server without a shutdown.
    Drop {
        downtime: Duration,
    },
    Shutdown {
        deadline: Duration,
        downtime: Duration,
    },
    /// Suspend the process for this time.
    Stall(Duration),
    /// Receive no events for this time, and continue everything else.
    PauseReceiving(Duration),
    /// Broadcast one message.
    Broadcast,
    /// Shut down gracefully, without restart.
    End,
}

/// The slot in which server processes run one after another.
pub(crate) struct ServerSlot {
    pub(crate) network: Network,
    pub(crate) log: Log,
    pub(crate) plan: Arc<Plan>,
    pub(crate) numbers: Numbers,
    pub(crate) rng: Rng,
    pub(crate) commands: UnboundedReceiver<Command>,
    pub(crate) quiet: Quiet,
}

/// The time until the next process.
enum Restart {
    After(Duration),
    Never,
}

impl ServerSlot {
    pub(crate) async fn run(mut self) {
        for start in 1.. {
            let listener = match self.network.listen() {
                Ok(listener) => listener,
                Err(error) => panic!("the port of the last process is not free: {error}"),
            };
            let server = probe::Server::builder()
                .authenticator(Authenticator::Secret(Secret::new(SECRET)))
                .config(self.plan.server.clone())
                .bind_listener(listener)
                .expect("a server on a free port");
            let take_over = self.plan.server.duplicate_id == DuplicateId::TakeOver;
            self.log.server(start, ServerEntry::Started { take_over });
            let mut server_process = ServerProcess {
                server,
                start,
                slot: &mut self,
                open_sessions: BTreeMap::new(),
                tokens: Vec::new(),
                stopping: None,
                receives_from: Instant::now(),
            };
            let restart = server_process.run().await;
            drop(server_process);
            match restart {
                Restart::After(downtime) => self.quiet.pause(downtime).await,
                Restart::Never => return,
            }
        }
    }
}

/// One server process.
struct ServerProcess<'a> {
    server: probe::Server,
    start: u32,
    slot: &'a mut ServerSlot,
    /// The sessions whose `Connected` was received and whose `Disconnected` was not.
    open_sessions: BTreeMap<u128, u32>,
    tokens: Vec<(u32, RequestToken<probe::Probe, probe::Ask>, u64)>,
    stopping: Option<(JoinHandle<ShutdownReport>, Restart)>,
    receives_from: Instant,
}

impl ServerProcess<'_> {
    async fn run(&mut self) -> Restart {
        loop {
            let pause = self.slot.rng.u64(1..=self.slot.plan.max_pause);
            let next_action = Instant::now() + Duration::from_millis(pause);
            let receives = self.receives_from <= Instant::now() || self.is_quiet();
            let quiet = self.slot.quiet.clone();
            if self.is_quiet() {
                while let Some(token) = self.tokens.pop() {
                    self.answer(token);
                }
            }
            tokio::select! {
                biased;
                () = quiet.begins(), if !self.is_quiet() => {}
                Some(command) = self.slot.commands.recv() => {
                    if let Some(restart) = self.execute(command).await {
                        return restart;
                    }
                }
                event = self.server.recv(), if receives => match event {
                    Some((id, event)) => {
                        self.handle(id, event);
                        // Some applications receive all queued events at once, some one by one.
                        while self.is_quiet() || self.slot.rng.bool() {
                            let Some((id, event)) = self.server.next() else { break };
                            self.handle(id, event);
                        }
                    }
                    None => {
                        self.log(ServerEntry::Finished);
                        return self.finish().await;
                    }
                },
                () = sleep_until(next_action) => self.act_randomly(),
            }
        }
    }

    /// Returns true in the quiet phase, in which every request receives a response at once.
    fn is_quiet(&self) -> bool {
        self.slot.quiet.is_quiet()
    }

    fn log(&self, entry: ServerEntry) {
        self.slot.log.server(self.start, entry);
    }

    async fn execute(&mut self, command: Command) -> Option<Restart> {
        match command {
            Command::Broadcast => self.broadcast(),
            Command::End => self.stop(Duration::from_secs(10), Restart::Never),
            // A fault is ignored if it was commanded before the quiet phase but arrives during that
            // phase.
            _ if self.is_quiet() => {}
            Command::Crash { silently, downtime } => {
                self.log(ServerEntry::Crashed);
                if silently {
                    self.slot.network.blackhole(None);
                } else {
                    self.slot.network.cut(None);
                }
                self.slot.network.close_port();
                self.drop_remaining_events();
                return Some(Restart::After(downtime));
            }
            Command::Drop { downtime } => {
                self.drop_remaining_events();
                self.log(ServerEntry::Dropped);
                return Some(Restart::After(downtime));
            }
            Command::Shutdown { deadline, downtime } => {
                self.stop(deadline, Restart::After(downtime));
            }
            Command::PauseReceiving(pause) => self.receives_from = Instant::now() + pause,
            Command::Stall(pause) => self.slot.quiet.pause(pause).await,
        }
        None
    }

    fn stop(&mut self, deadline: Duration, restart: Restart) {
        if self.stopping.is_none() {
            self.log(ServerEntry::Draining);
            let handle = self.server.handle();
            let report = tokio::spawn(async move { handle.shutdown(deadline).await });
            self.stopping = Some((report, restart));
        }
    }

    async fn finish(&mut self) -> Restart {
        let (report, restart) = self.stopping.take().expect("events end only with a shutdown");
        // The shutdown waits briefly for clients to close their side. The clock may jump meanwhile.
        let report = timeout(Duration::from_secs(20), report).await;
        let report = report.expect("the shutdown ends soon after the events").expect("no panic");
        self.log(ServerEntry::ShutDown { flushed: report.flushed, cut: report.cut });
        restart
    }

    /// Logs and drops the events that the dying application has not received.
    fn drop_remaining_events(&mut self) {
        while let Some((id, event)) = self.server.next() {
            match event {
                probe::ServerEvent::Report(report) => self.report(id, report),
                probe::ServerEvent::Msg(probe::ClientMsg::Note(note)) => {
                    self.received(id, None, note.session, note.number);
                }
                probe::ServerEvent::Request(probe::IncomingRequest::Ask(ask, token)) => {
                    let request = token.request_id().get();
                    self.received(id, Some(request), ask.session, ask.number);
                    let session = self.open_sessions.get(&id.get()).copied().unwrap_or_default();
                    let stale = token.is_stale();
                    drop(token);
                    let answer = Answer::Drop;
                    self.log(ServerEntry::Answered {
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
                let session = self.open_sessions.get(&id.get()).copied().unwrap_or_default();
                let token = (session, token, ask.number);
                if self.is_quiet() || self.slot.rng.u8(..3) > 0 {
                    self.answer(token);
                } else {
                    self.tokens.push(token);
                }
            }
        }
    }

    /// Logs the start or end of a session, and sends the first message to a new one.
    fn report(&mut self, client: ClientId, report: ServerReport<probe::Hello>) {
        let id = client.get();
        match report {
            ServerReport::Connected(_, hello) => {
                let session = self.slot.numbers.session();
                self.open_sessions.insert(id, session);
                self.log(ServerEntry::Connected { id, session, process: hello.process });
                let outcome = self.server.send(client, probe::FirstMessage { session });
                self.log(ServerEntry::FirstMessageSent { session, outcome });
            }
            ServerReport::Disconnected(reason) => {
                let session = self.open_sessions.remove(&id);
                let reason = reason.to_string();
                self.log(ServerEntry::Disconnected { id, session, reason });
            }
        }
    }

    fn received(&mut self, id: ClientId, request: Option<u64>, from: u32, number: u64) {
        let session = self.open_sessions.get(&id.get()).copied();
        self.log(ServerEntry::Received { session, request, from, number });
    }

    fn answer(&mut self, token: (u32, RequestToken<probe::Probe, probe::Ask>, u64)) {
        let (session, token, to) = token;
        let request = token.request_id().get();
        let stale = token.is_stale();
        let choice = if self.is_quiet() { 0 } else { self.slot.rng.u8(..12) };
        let (answer, outcome) = match choice {
            0..=5 => {
                let number = self.slot.numbers.message();
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
        self.log(ServerEntry::Answered { session, request, answer, stale, outcome });
    }

    /// Performs a random action.
    fn act_randomly(&mut self) {
        if self.is_quiet() {
            return;
        }
        match self.slot.rng.u8(..40) {
            0..=11 => self.send(1),
            12 => {
                let burst = self.slot.rng.u32(2..60);
                self.send(burst);
            }
            13..=17 => self.broadcast(),
            18..=29 if !self.tokens.is_empty() => {
                let index = self.slot.rng.usize(..self.tokens.len());
                let token = self.tokens.swap_remove(index);
                self.answer(token);
            }
            30 => {
                let code = self.slot.numbers.close_code();
                let client = self.random_client();
                let session = self.open_sessions.get(&client.get()).copied();
                let reason = if self.slot.rng.u8(..4) == 0 {
                    CloseReason::kicked(code.to_string())
                } else {
                    CloseReason::Application { code, text: code.to_string() }
                };
                let outcome = self.server.disconnect(client, reason);
                self.log(ServerEntry::Disconnecting { session, code, outcome });
            }
            31..=33 => {
                let ids = self.server.clients().into_iter().map(ClientId::get).collect();
                let known = self.open_sessions.keys().copied().collect();
                self.log(ServerEntry::Listed { ids, known });
            }
            _ => {}
        }
    }

    /// Returns a random client, connected or not.
    fn random_client(&mut self) -> ClientId {
        let ids = &self.slot.plan.client_ids;
        ClientId::new(ids[self.slot.rng.usize(..ids.len())])
    }

    fn send(&mut self, count: u32) {
        let client = self.random_client();
        let session = self.open_sessions.get(&client.get()).copied();
        for _ in 0..count {
            let number = self.slot.numbers.message();
            let padding = self.padding();
            let outcome = self.server.send(client, probe::News { number, padding });
            self.log(ServerEntry::Sent { session, number, outcome });
        }
    }

    fn broadcast(&mut self) {
        let number = self.slot.numbers.message();
        let padding = self.padding();
        let outcome = self.server.broadcast(probe::News { number, padding });
        self.log(ServerEntry::Broadcast {
            sessions: self.open_sessions.values().copied().collect(),
            number,
            queued: outcome.queued,
            overflowed: outcome.overflowed,
        });
    }

    /// Returns a random padding. In the quiet phase, the padding is empty, so that no outbox
    /// overflows.
    fn padding(&mut self) -> Bytes {
        if self.is_quiet() {
            return Bytes::new();
        }
        Bytes::from(vec![0; self.slot.rng.usize(..=self.slot.plan.max_padding)])
    }
}
