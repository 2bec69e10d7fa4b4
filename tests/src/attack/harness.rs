use std::{
    fs, thread,
    time::{Duration, Instant},
};

use simplenet::{ServerHandle, Url};
use tokio::runtime::{Builder, Runtime};

use super::{
    Run,
    checker::{Checker, ClientEvents},
    end::End,
    probe::{Probe, RoundTrips},
    setup::Setup,
};
use crate::{
    harness::DEADLINE,
    raw::{self, Hello, RawPeer},
    target::{Server, Target},
};

/// The id of the honest client.
pub(super) const PROBE: u128 = 1;

/// The attacked server and its honest client. Server, client and attacker have separate threads.
pub(super) struct Harness {
    runtime: Runtime,
    server: ServerHandle<Target>,
    checker: Checker,
    probe: Probe,
    before: State,
}

/// The resources that must be the same before and after an attack.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    /// File descriptors of the process.
    descriptors: usize,
    /// Tasks of the server's runtime.
    tasks: usize,
    clients: usize,
}

impl Harness {
    pub(super) fn start(setup: Setup) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let server = Server::builder()
            .config(setup.config)
            .authenticator(setup.authenticator)
            .acceptor(setup.acceptor)
            .runtime(runtime.handle().clone())
            .bind("127.0.0.1:0")
            .expect("a free port");
        let handle = server.handle();
        let checker = Checker::default();
        runtime.spawn(checker.clone().run(server));
        let probe = Probe::connect(handle.url(), setup.credentials, setup.tls);
        let before = State::of(&runtime, &handle);
        Self { runtime, server: handle, checker, probe, before }
    }

    /// Runs the attack, and returns the ends of its connections and the honest client's latency.
    pub(super) fn run(&self, attack: Run) -> (Vec<End>, RoundTrips) {
        let attacker = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let target = AttackedServer { url: self.server.url(), checker: self.checker.clone() };
        let measurement = self.probe.start_measurement();
        let ends = attacker.block_on(attack(target));
        (ends, self.probe.finish_measurement(measurement))
    }

    /// Waits until all resources of an attack with this number of sessions are released.
    pub(super) fn assert_released(&self, sessions: usize) {
        let start = Instant::now();
        loop {
            let now = State::of(&self.runtime, &self.server);
            if now == self.before {
                break;
            }
            let before = &self.before;
            assert!(
                start.elapsed() < DEADLINE,
                "resources before: {before:?}, afterwards: {now:?}"
            );
            thread::sleep(Duration::from_millis(1));
        }
        // The application answers this call after it has handled all other events.
        self.probe.call();
        let probe = self.checker.events(PROBE);
        assert!(probe.connected && probe.sessions == 1, "the honest client was disconnected");
        assert_eq!(probe.messages, 0, "messages that the honest client did not send");
        let received = self.checker.sessions_except(PROBE);
        assert_eq!(received, sessions, "sessions that the application has received");
    }
}

impl State {
    fn of(server: &Runtime, handle: &ServerHandle<Target>) -> Self {
        Self {
            descriptors: fs::read_dir("/dev/fd").map_or(0, Iterator::count),
            tasks: server.metrics().num_alive_tasks(),
            clients: handle.num_connections(),
        }
    }
}

/// The target of an attack, as the attacker uses it.
#[derive(Clone)]
pub(super) struct AttackedServer {
    url: Url,
    checker: Checker,
}

impl AttackedServer {
    /// Opens a TCP connection without sending anything.
    pub(super) async fn dial(&self) -> RawPeer {
        RawPeer::dial(&self.url).await
    }

    /// Opens a WebSocket without sending a hello.
    pub(super) async fn upgraded(&self) -> RawPeer {
        RawPeer::upgraded(&self.url).await
    }

    /// Starts a session, and waits until the application has received its `Connected`.
    pub(super) async fn welcomed(&self, number: u64) -> RawPeer {
        let peer = RawPeer::welcomed(&self.url, &hello(number)).await;
        self.until(number, |events| events.connected).await;
        peer
    }

    /// Waits until the events of an attacker fulfill the condition, and returns them.
    pub(super) async fn until(
        &self,
        number: u64,
        condition: impl Fn(&ClientEvents) -> bool,
    ) -> ClientEvents {
        let mut interval = tokio::time::interval(Duration::from_millis(1));
        crate::harness::soon("the expected events", async {
            loop {
                let events = self.checker.events(id(number));
                if condition(&events) {
                    return events;
                }
                interval.tick().await;
            }
        })
        .await
    }
}

/// Returns the id of an attacker. Ids differ in several bits, and have the same encoded length.
pub(super) fn id(number: u64) -> u128 {
    let number = u128::from(number);
    1 << 127 | number << 64 | number
}

/// Returns a valid hello of an attacker.
pub(super) fn hello(number: u64) -> Hello {
    Hello::new::<Target>(id(number), raw::text("mallory"))
}

/// Encodes a valid message.
pub(super) fn typing() -> Vec<u8> {
    raw::message(&[0])
}

/// Encodes a request that the application answers.
pub(super) fn say(id: u64) -> Vec<u8> {
    raw::request(id, &[&[0], &raw::text("hello")[..]].concat())
}
