use std::{
    fs, thread,
    time::{Duration, Instant},
};

use simplenet::{ServerHandle, Url};
use tokio::runtime::{Builder, Runtime};

use super::{
    Run,
    checker::{Checker, Life},
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

/// The attacked server and its honest client. Server, client and attacker each run on their own threads.
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
    pub(super) fn open(setup: Setup) -> Self {
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
        runtime.spawn(checker.clone().preside(server));
        let probe = Probe::connect(handle.url(), setup.credentials, setup.tls);
        let before = State::of(&runtime, &handle);
        Self { runtime, server: handle, checker, probe, before }
    }

    /// Returns the ends of the attacker's connections and the latency of the honest client.
    pub(super) fn run(&self, attack: Run) -> (Vec<End>, RoundTrips) {
        let attacker = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let target = Victim { url: self.server.url(), checker: self.checker.clone() };
        let calling = self.probe.begin();
        let ends = attacker.block_on(attack(target));
        (ends, self.probe.end(calling))
    }

    /// Waits until all resources of an attack with this number of sessions are released.
    pub(super) fn assert_released(&self, sessions: usize) {
        let began = Instant::now();
        loop {
            let now = State::of(&self.runtime, &self.server);
            if now == self.before {
                break;
            }
            let before = &self.before;
            assert!(began.elapsed() < DEADLINE, "{before:?} before, {now:?} afterwards");
            thread::sleep(Duration::from_millis(1));
        }
        // The answer follows all other events of the application.
        self.probe.call();
        let honest = self.checker.life(PROBE);
        assert!(honest.present && honest.sessions == 1, "the honest client was disconnected");
        assert_eq!(honest.messages, 0, "messages that the honest client did not send");
        let heard_of = self.checker.sessions_but(PROBE);
        assert_eq!(heard_of, sessions, "sessions that the application has received");
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

/// The target of an attack, from the attacker's view.
#[derive(Clone)]
pub(super) struct Victim {
    url: Url,
    checker: Checker,
}

impl Victim {
    /// Opens a connection without sending anything.
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
        self.until(number, |life| life.present).await;
        peer
    }

    /// Waits for a state of an attacker's session, and returns the record of the session.
    pub(super) async fn until(&self, number: u64, holds: impl Fn(&Life) -> bool) -> Life {
        let mut pace = tokio::time::interval(Duration::from_millis(1));
        crate::harness::soon("the application", async {
            loop {
                let life = self.checker.life(id(number));
                if holds(&life) {
                    return life;
                }
                pace.tick().await;
            }
        })
        .await
    }
}

/// Returns the id of an attacker. Two ids differ in more than one bit, and all have the same length in a hello.
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
