use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use simplenet::{AuthRequest, ClientHandle, ClientTls, Url};
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
    time::MissedTickBehavior,
};

use crate::{
    harness::soon,
    target::{Client, Hello, Say, Target},
};

/// From the end of a call to the next at least.
const PAUSE: Duration = Duration::from_millis(1);

/// An honest client, with threads of its own.
pub(super) struct Probe {
    client: ClientHandle<Target>,
    runtime: Runtime,
}

/// Calls that go on until they are collected.
pub(super) struct Calling {
    enough: Arc<AtomicBool>,
    calls: JoinHandle<Vec<Duration>>,
}

/// How long calls took; there was at least one, and none failed.
#[derive(Clone, Debug)]
pub struct RoundTrips(Vec<Duration>);

impl Probe {
    /// A client that has been served once.
    pub(super) fn connect(url: Url, auth: AuthRequest, tls: ClientTls) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let client = Client::builder(url)
            .auth(auth)
            .tls(tls)
            .runtime(runtime.handle().clone())
            .connect(Hello { name: "an honest client".into() })
            .into_handle();
        let probe = Self { client, runtime };
        probe.call();
        probe
    }

    pub(super) fn call(&self) {
        self.runtime.block_on(call(&self.client));
    }

    pub(super) fn begin(&self) -> Calling {
        let client = self.client.clone();
        let enough = Arc::new(AtomicBool::new(false));
        let calls = self.runtime.spawn({
            let enough = enough.clone();
            async move {
                let mut pace = tokio::time::interval(PAUSE);
                pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
                let mut calls = Vec::new();
                while calls.is_empty() || !enough.load(Ordering::SeqCst) {
                    pace.tick().await;
                    calls.push(call(&client).await);
                }
                calls
            }
        });
        Calling { enough, calls }
    }

    pub(super) fn end(&self, calling: Calling) -> RoundTrips {
        calling.enough.store(true, Ordering::SeqCst);
        let mut calls = self.runtime.block_on(calling.calls).expect("every call is answered");
        calls.sort_unstable();
        RoundTrips(calls)
    }
}

/// How long it took.
async fn call(client: &ClientHandle<Target>) -> Duration {
    let began = Instant::now();
    soon("an answer for the honest client", client.call(Say("still here?".into())))
        .await
        .expect("the honest client is served");
    began.elapsed()
}

impl RoundTrips {
    /// How many there were.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The one in the middle.
    pub fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    /// The longest.
    pub fn worst(&self) -> Duration {
        self.0[self.0.len() - 1]
    }
}
