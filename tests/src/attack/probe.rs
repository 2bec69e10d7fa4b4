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

/// Pause between two calls.
const PAUSE: Duration = Duration::from_millis(1);

/// An honest client on its own threads, which measures the latency of its calls.
pub(super) struct Probe {
    client: ClientHandle<Target>,
    runtime: Runtime,
}

/// Calls that continue until their latencies are collected.
pub(super) struct Calling {
    enough: Arc<AtomicBool>,
    calls: JoinHandle<Vec<Duration>>,
}

/// The latencies of at least one call, none of which failed.
#[derive(Clone, Debug)]
pub struct RoundTrips(Vec<Duration>);

impl Probe {
    /// Starts a client, and waits for the answer to its first call.
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

/// Returns the latency of one call.
async fn call(client: &ClientHandle<Target>) -> Duration {
    let began = Instant::now();
    soon("an answer for the honest client", client.call(Say("still here?".into())))
        .await
        .expect("the honest client is served");
    began.elapsed()
}

impl RoundTrips {
    /// Returns the number of calls.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns the median.
    pub fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    /// Returns the maximum.
    pub fn worst(&self) -> Duration {
        self.0[self.0.len() - 1]
    }
}
