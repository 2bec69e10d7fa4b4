//! One run: a server, its clients and the network between them, as determined by a seed.

use std::{sync::Arc, time::Duration};

use fastrand::Rng;
use tokio::{
    sync::mpsc::{UnboundedSender, unbounded_channel},
    time::sleep,
};

use crate::{
    client::{self, LinkFault, Place},
    log::{Log, Record, World},
    network::{Direction, Network},
    numbers::Numbers,
    plan::{LONGEST_STALL, Plan, pick, time_to_reconnect},
    quiet::Quiet,
    server::{self, ServerProgram},
};

/// Runs the seed, and returns the log.
pub(crate) fn play(seed: u64) -> Vec<Record> {
    // The runtime under test takes its jitter from the random generator of the thread.
    fastrand::seed(seed);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async { Run::new(seed).play().await })
}

struct Run {
    plan: Arc<Plan>,
    rng: Rng,
    network: Network,
    log: Log,
    server: UnboundedSender<server::Order>,
    places: Vec<UnboundedSender<client::Order>>,
    programs: Vec<tokio::task::JoinHandle<()>>,
    quiet: Quiet,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let plan = Arc::new(Plan::new(&mut rng));
        let network = Network::new(rng.fork(), plan.weather.clone());
        let log = Log::new();
        let numbers = Numbers::default();
        let quiet = Quiet::default();
        let (server, orders) = unbounded_channel();
        let program = ServerProgram {
            network: network.clone(),
            log: log.clone(),
            plan: plan.clone(),
            numbers: numbers.clone(),
            rng: rng.fork(),
            orders,
            quiet: quiet.clone(),
        };
        let mut programs = vec![tokio::spawn(program.run())];
        let mut places = Vec::new();
        for &id in &plan.places {
            let (sender, orders) = unbounded_channel();
            let place = Place {
                id,
                network: network.clone(),
                log: log.clone(),
                plan: plan.clone(),
                numbers: numbers.clone(),
                rng: rng.fork(),
                orders,
                quiet: quiet.clone(),
            };
            programs.push(tokio::spawn(place.run()));
            places.push(sender);
        }
        Self { plan, rng, network, log, server, places, programs, quiet }
    }

    async fn play(mut self) -> Vec<Record> {
        for _ in 0..self.plan.faults {
            sleep(Duration::from_millis(self.rng.u64(1..4_000))).await;
            self.break_something().await;
        }
        sleep(Duration::from_millis(self.rng.u64(1..4_000))).await;
        self.heal().await;
        self.converse().await;
        self.end().await;
        self.log.take()
    }

    async fn break_something(&mut self) {
        let stall = Duration::from_millis(self.rng.u64(1..LONGEST_STALL));
        // Sometimes so long that clients time out.
        let away = if self.rng.u8(..4) == 0 { stall * 6 } else { stall };
        let place = self.rng.usize(..self.places.len());
        let silently = self.rng.bool();
        match self.rng.u8(..18) {
            0 => self.tell_server(server::Order::Crash { silently, away }),
            1 => self.tell_server(server::Order::Drop { away }),
            2 => {
                let deadline = Duration::from_millis(self.rng.u64(..LONGEST_STALL));
                self.tell_server(server::Order::Shutdown { deadline, away });
            }
            3 => self.tell_server(server::Order::Stall(stall)),
            4 | 5 => self.tell_client(place, client::Order::Stall(stall)),
            6 => self.tell_client(place, client::Order::Kill { silently }),
            7 => self.tell_client(place, client::Order::Close),
            8 | 9 => self.tell_client(place, client::Order::Link(LinkFault::Cut)),
            10 => self.tell_client(place, client::Order::Link(LinkFault::Swallow)),
            11 | 12 => {
                let directions = [Direction::ToServer, Direction::ToClient, Direction::Both];
                let direction = *pick(&mut self.rng, &directions);
                self.tell_client(place, client::Order::Link(LinkFault::Hold(direction)));
                let sender = self.places[place].clone();
                tokio::spawn(async move {
                    sleep(stall * 2).await;
                    // Fails after the end of the run.
                    let _ = sender.send(client::Order::Link(LinkFault::Release));
                });
            }
            13 => self.tell_server(server::Order::Ignore(stall)),
            14 => self.tell_client(place, client::Order::Ignore(stall * 2)),
            15 => {
                self.log.world(World::Fault("everything is cut".into()));
                self.network.cut(None);
            }
            16 => {
                self.log.world(World::Fault("everything is swallowed".into()));
                self.network.swallow(None);
            }
            _ => {
                self.log.world(World::Fault(format!("the clock jumps by {stall:?}")));
                tokio::time::advance(stall).await;
            }
        }
    }

    fn tell_server(&self, order: server::Order) {
        self.log.world(World::Fault(format!("server: {order:?}")));
        // Fails if the program has ended, which happens only on command.
        let _ = self.server.send(order);
    }

    fn tell_client(&self, place: usize, order: client::Order) {
        self.log.world(World::Fault(format!("place {place}: {order:?}")));
        let _ = self.places[place].send(order);
    }

    fn tell_clients(&self, order: client::Order) {
        for place in 0..self.places.len() {
            self.tell_client(place, order);
        }
    }

    async fn heal(&self) {
        self.log.world(World::Healed);
        self.network.heal();
        self.quiet.begin();
        sleep(time_to_reconnect()).await;
        self.log.world(World::Census(time_to_reconnect()));
        self.tell_clients(client::Order::Census);
        sleep(Duration::from_millis(1)).await;
    }

    /// Checks that new messages arrive.
    async fn converse(&self) {
        self.tell_clients(client::Order::Converse);
        self.tell_server(server::Order::Broadcast);
        sleep(Duration::from_secs(20)).await;
    }

    async fn end(&mut self) {
        let pause = Duration::from_secs(12);
        if self.plan.server_ends_first {
            self.tell_server(server::Order::End);
            sleep(pause).await;
            self.tell_clients(client::Order::End);
        } else {
            self.tell_clients(client::Order::End);
            sleep(pause).await;
            self.tell_server(server::Order::End);
        }
        for program in self.programs.drain(..) {
            match tokio::time::timeout(Duration::from_secs(30), program).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => self.log.world(World::Broken(format!("a program: {error}"))),
                Err(_) => self.log.world(World::Broken("a program did not end".into())),
            }
        }
        // The remaining calls end at their deadlines.
        sleep(Duration::from_secs(10)).await;
    }
}
