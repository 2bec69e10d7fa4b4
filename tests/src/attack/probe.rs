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

/// The shortest time between the starts of two calls.
const INTERVAL: Duration = Duration::from_millis(1);

/// An honest client on its own threads, which measures the latency of its calls.
pub(super) struct Probe {
    client: ClientHandle<Target>,
    runtime: Runtime,
}

/// A running measurement of the latency of calls.
pub(super) struct Measurement {
    stop: Arc<AtomicBool>,
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

    /// Starts to call repeatedly.
    pub(super) fn start_measurement(&self) -> Measurement {
        let client = self.client.clone();
        let stop = Arc::new(AtomicBool::new(false));
        let calls = self.runtime.spawn({
            let stop = stop.clone();
            async move {
                let mut interval = tokio::time::interval(INTERVAL);
                interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
                let mut calls = Vec::new();
                while calls.is_empty() || !stop.load(Ordering::SeqCst) {
                    interval.tick().await;
                    calls.push(call(&client).await);
                }
                calls
            }
        });
        Measurement { stop, calls }
    }

    /// Stops the calls, and returns their latencies.
    pub(super) fn finish_measurement(&self, measurement: Measurement) -> RoundTrips {
        measurement.stop.store(true, Ordering::SeqCst);
        let mut calls = self.runtime.block_on(measurement.calls).expect("every call is answered");
        calls.sort_unstable();
        RoundTrips(calls)
    }
}

/// Returns the latency of one call.
async fn call(client: &ClientHandle<Target>) -> Duration {
    let start = Instant::now();
    soon("an answer to the honest client", client.call(Say("hello".into())))
        .await
        .expect("the honest client is served");
    start.elapsed()
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
