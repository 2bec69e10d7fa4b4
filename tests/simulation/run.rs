//! One run: a server, its clients and the network between them, as determined by a seed.

use std::{sync::Arc, time::Duration};

use fastrand::Rng;
use tokio::{
    sync::mpsc::{UnboundedSender, unbounded_channel},
    time::sleep,
};

use crate::{
    client::{self, ClientSlot, LinkFault},
    log::{Log, Record, RunEntry},
    network::{Direction, Network},
    numbers::Numbers,
    plan::{MAX_STALL, Plan, pick, time_to_reconnect},
    quiet::Quiet,
    server::{self, ServerSlot},
};

/// Runs the seed, and returns the log.
pub(crate) fn run_seed(seed: u64) -> Vec<Record> {
    // The runtime under test takes its jitter from the random generator of the thread.
    fastrand::seed(seed);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async { Run::new(seed).execute().await })
}

struct Run {
    plan: Arc<Plan>,
    rng: Rng,
    network: Network,
    log: Log,
    server: UnboundedSender<server::Command>,
    slots: Vec<UnboundedSender<client::Command>>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
    quiet: Quiet,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let plan = Arc::new(Plan::new(&mut rng));
        let network = Network::new(rng.fork(), plan.conditions.clone());
        let log = Log::new();
        let numbers = Numbers::default();
        let quiet = Quiet::default();
        let (server, commands) = unbounded_channel();
        let server_slot = ServerSlot {
            network: network.clone(),
            log: log.clone(),
            plan: plan.clone(),
            numbers: numbers.clone(),
            rng: rng.fork(),
            commands,
            quiet: quiet.clone(),
        };
        let mut tasks = vec![tokio::spawn(server_slot.run())];
        let mut slots = Vec::new();
        for &id in &plan.client_ids {
            let (sender, commands) = unbounded_channel();
            let slot = ClientSlot {
                id,
                network: network.clone(),
                log: log.clone(),
                plan: plan.clone(),
                numbers: numbers.clone(),
                rng: rng.fork(),
                commands,
                quiet: quiet.clone(),
            };
            tasks.push(tokio::spawn(slot.run()));
            slots.push(sender);
        }
        Self { plan, rng, network, log, server, slots, tasks, quiet }
    }

    async fn execute(mut self) -> Vec<Record> {
        for _ in 0..self.plan.faults {
            sleep(Duration::from_millis(self.rng.u64(1..4_000))).await;
            self.inject_fault().await;
        }
        sleep(Duration::from_millis(self.rng.u64(1..4_000))).await;
        self.end_faults().await;
        self.exchange_messages().await;
        self.end_all().await;
        self.log.take()
    }

    async fn inject_fault(&mut self) {
        let stall = Duration::from_millis(self.rng.u64(1..MAX_STALL));
        // One downtime in four is six times as long, so that clients may time out.
        let downtime = if self.rng.u8(..4) == 0 { stall * 6 } else { stall };
        let slot = self.rng.usize(..self.slots.len());
        let silently = self.rng.bool();
        match self.rng.u8(..18) {
            0 => self.command_server(server::Command::Crash { silently, downtime }),
            1 => self.command_server(server::Command::Drop { downtime }),
            2 => {
                let deadline = Duration::from_millis(self.rng.u64(..MAX_STALL));
                self.command_server(server::Command::Shutdown { deadline, downtime });
            }
            3 => self.command_server(server::Command::Stall(stall)),
            4 | 5 => self.command_client(slot, client::Command::Stall(stall)),
            6 => self.command_client(slot, client::Command::Kill { silently }),
            7 => self.command_client(slot, client::Command::Close),
            8 | 9 => self.command_client(slot, client::Command::Link(LinkFault::Cut)),
            10 => self.command_client(slot, client::Command::Link(LinkFault::Blackhole)),
            11 | 12 => {
                let directions = [Direction::ToServer, Direction::ToClient, Direction::Both];
                let direction = *pick(&mut self.rng, &directions);
                self.command_client(slot, client::Command::Link(LinkFault::Hold(direction)));
                let sender = self.slots[slot].clone();
                tokio::spawn(async move {
                    sleep(stall * 2).await;
                    // Fails after the end of the run.
                    let _ = sender.send(client::Command::Link(LinkFault::Release));
                });
            }
            13 => self.command_server(server::Command::PauseReceiving(stall)),
            14 => self.command_client(slot, client::Command::PauseReceiving(stall * 2)),
            15 => {
                self.log.run(RunEntry::Fault("all connections are cut".into()));
                self.network.cut(None);
            }
            16 => {
                self.log.run(RunEntry::Fault("all connections are blackholed".into()));
                self.network.blackhole(None);
            }
            _ => {
                self.log.run(RunEntry::Fault(format!("the clock jumps by {stall:?}")));
                tokio::time::advance(stall).await;
            }
        }
    }

    fn command_server(&self, command: server::Command) {
        self.log.run(RunEntry::Fault(format!("server: {command:?}")));
        // Fails if the server has ended, which happens only on command.
        let _ = self.server.send(command);
    }

    fn command_client(&self, slot: usize, command: client::Command) {
        self.log.run(RunEntry::Fault(format!("slot {slot}: {command:?}")));
        let _ = self.slots[slot].send(command);
    }

    fn command_all_clients(&self, command: client::Command) {
        for slot in 0..self.slots.len() {
            self.command_client(slot, command);
        }
    }

    async fn end_faults(&self) {
        self.log.run(RunEntry::FaultsEnded);
        self.network.heal();
        self.quiet.begin();
        sleep(time_to_reconnect()).await;
        self.log.run(RunEntry::ReconnectDeadline(time_to_reconnect()));
        self.command_all_clients(client::Command::RecordConnection);
        sleep(Duration::from_millis(1)).await;
    }

    /// Makes all clients and the server send new messages, and waits for their arrival.
    async fn exchange_messages(&self) {
        self.command_all_clients(client::Command::SendOneOfEach);
        self.command_server(server::Command::Broadcast);
        sleep(Duration::from_secs(20)).await;
    }

    async fn end_all(&mut self) {
        let pause = Duration::from_secs(12);
        if self.plan.server_ends_first {
            self.command_server(server::Command::End);
            sleep(pause).await;
            self.command_all_clients(client::Command::End);
        } else {
            self.command_all_clients(client::Command::End);
            sleep(pause).await;
            self.command_server(server::Command::End);
        }
        for task in self.tasks.drain(..) {
            match tokio::time::timeout(Duration::from_secs(30), task).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => self.log.run(RunEntry::Failed(format!("a task failed: {error}"))),
                Err(_) => self.log.run(RunEntry::Failed("a task did not end within 30 s".into())),
            }
        }
        // The remaining calls end at their deadlines.
        sleep(Duration::from_secs(10)).await;
    }
}
