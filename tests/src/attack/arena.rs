use std::{
    fs, thread,
    time::{Duration, Instant},
};

use simplenet::{ServerHandle, Url};
use tokio::runtime::{Builder, Runtime};

use super::{
    Run,
    defence::Defence,
    end::End,
    probe::{Probe, RoundTrips},
    referee::{Life, Referee},
};
use crate::{
    harness::DEADLINE,
    raw::{self, Hello, RawPeer},
    target::{Server, Target},
};

/// The id of the honest client.
pub(super) const PROBE: u128 = 1;

/// A server that is attacked, and the honest client that it serves. Both, and the attacker, run on threads of their own.
pub(super) struct Arena {
    runtime: Runtime,
    server: ServerHandle<Target>,
    referee: Referee,
    probe: Probe,
    before: State,
}

/// What an attack must not change for good.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    /// Of the whole process.
    descriptors: usize,
    /// Of the server.
    tasks: usize,
    clients: usize,
}

impl Arena {
    pub(super) fn open(defence: Defence) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let server = Server::builder()
            .config(defence.config)
            .authenticator(defence.authenticator)
            .acceptor(defence.acceptor)
            .runtime(runtime.handle().clone())
            .bind("127.0.0.1:0")
            .expect("a free port");
        let handle = server.handle();
        let referee = Referee::default();
        runtime.spawn(referee.clone().preside(server));
        let probe = Probe::connect(handle.url(), defence.credentials, defence.tls);
        let before = State::of(&runtime, &handle);
        Self { runtime, server: handle, referee, probe, before }
    }

    /// How the connections of the attacker ended, and what the honest client felt of it.
    pub(super) fn endure(&self, attack: Run) -> (Vec<End>, RoundTrips) {
        let attacker = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let scene = Scene { url: self.server.url(), referee: self.referee.clone() };
        let calling = self.probe.begin();
        let ends = attacker.block_on(attack(scene));
        (ends, self.probe.end(calling))
    }

    /// Waits until nothing is left of the attack, in which there were so many sessions.
    pub(super) fn is_as_before(&self, sessions: usize) {
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
        // Answered behind whatever else there was for the application.
        self.probe.call();
        let honest = self.referee.life(PROBE);
        assert!(honest.present && honest.sessions == 1, "the honest client was sent away");
        assert_eq!(honest.messages, 0, "messages that the honest client has not sent");
        let heard_of = self.referee.sessions_but(PROBE);
        assert_eq!(heard_of, sessions, "sessions that the application has heard of");
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

/// Where an attack takes place, as the attacker sees it.
#[derive(Clone)]
pub(super) struct Scene {
    url: Url,
    referee: Referee,
}

impl Scene {
    /// A connection on which nothing has been said.
    pub(super) async fn dial(&self) -> RawPeer {
        RawPeer::dial(&self.url).await
    }

    /// A connection on which no hello has been said.
    pub(super) async fn upgraded(&self) -> RawPeer {
        RawPeer::upgraded(&self.url).await
    }

    /// A session, which has begun for the application too.
    pub(super) async fn welcomed(&self, number: u64) -> RawPeer {
        let peer = RawPeer::welcomed(&self.url, &hello(number)).await;
        self.until(number, |life| life.present).await;
        peer
    }

    /// Waits for something in the life of an attacker; returns the life.
    pub(super) async fn until(&self, number: u64, holds: impl Fn(&Life) -> bool) -> Life {
        let mut pace = tokio::time::interval(Duration::from_millis(1));
        crate::harness::soon("the application", async {
            loop {
                let life = self.referee.life(id(number));
                if holds(&life) {
                    return life;
                }
                pace.tick().await;
            }
        })
        .await
    }
}

/// The id of an attacker. Those of two differ in more than a bit, and all have the same length in a hello.
pub(super) fn id(number: u64) -> u128 {
    let number = u128::from(number);
    1 << 127 | number << 64 | number
}

/// The hello of an attacker who behaves, so far.
pub(super) fn hello(number: u64) -> Hello {
    Hello::new::<Target>(id(number), raw::text("mallory"))
}

/// A message that the application takes.
pub(super) fn typing() -> Vec<u8> {
    raw::message(&[0])
}

/// A request that the application answers.
pub(super) fn say(id: u64) -> Vec<u8> {
    raw::request(id, &[&[0], &raw::text("hello")[..]].concat())
}
