//! The plan of a run, which a seed determines before the run begins.

use std::time::Duration;

use fastrand::Rng;
use simplenet::{
    ClientConfig, DuplicateId, RateExcess, RateLimitConfig, ServerConfig, SlowConsumer,
};

use crate::network::NetworkConditions;

/// The settings of one run.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) server: ServerConfig,
    pub(crate) conditions: NetworkConditions,
    /// The client id of each slot. Two slots may share an id.
    pub(crate) client_ids: Vec<u128>,
    /// The number of faults.
    pub(crate) faults: usize,
    /// The largest padding of a message, in bytes.
    pub(crate) max_padding: usize,
    /// The longest pause between two actions of an application, in milliseconds.
    pub(crate) max_pause: u64,
    /// True if the server shuts down before the clients end.
    pub(crate) server_ends_first: bool,
}

/// The longest stall or downtime of an application or a server, in milliseconds.
pub(crate) const MAX_STALL: u64 = 4_000;

/// The largest values that a plan gives to a client, in milliseconds.
const MAX_RECONNECT_INTERVAL: u64 = 3_000;
const MAX_CONNECT_TIMEOUT: u64 = 4_000;
const MAX_KEEPALIVE: u64 = 6_000;

/// The close timeout of the runtime, in milliseconds.
const CLOSE_TIMEOUT: u64 = 5_000;

/// Returns the time that every client may take to reconnect after the end of the faults.
///
/// The result is the sum of the worst case. A stalled process resumes. A dead session times out and
/// closes. A connection attempt times out. After a backoff, the next attempt finds the id still in
/// use by a session that the server has yet to time out. After a second backoff, an attempt
/// succeeds.
pub(crate) fn time_to_reconnect() -> Duration {
    let milliseconds = 2 * MAX_STALL
        + MAX_KEEPALIVE
        + CLOSE_TIMEOUT
        + MAX_CONNECT_TIMEOUT
        + 2 * MAX_RECONNECT_INTERVAL
        + 1_000;
    Duration::from_millis(milliseconds)
}

impl Plan {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let slots = 3 + rng.usize(..4);
        let mut ids: Vec<u128> = (1..=slots as u128).collect();
        if rng.bool() {
            // Two slots share an id.
            ids[slots - 1] = ids[rng.usize(..slots - 1)];
        }
        Self {
            server: server_config(rng),
            conditions: network_conditions(rng),
            client_ids: ids,
            faults: 4 + rng.usize(..12),
            max_padding: *pick(rng, &[16, 64, 512, 2_000]),
            max_pause: *pick(rng, &[20, 100, 400]),
            server_ends_first: rng.bool(),
        }
    }
}

/// A size of the event queue that no run fills.
pub(crate) const NEVER_FULL: usize = 65_536;

pub(crate) fn pick<'a, T>(rng: &mut Rng, choices: &'a [T]) -> &'a T {
    &choices[rng.usize(..choices.len())]
}

fn network_conditions(rng: &mut Rng) -> NetworkConditions {
    let min_latency = rng.u64(0..20);
    NetworkConditions {
        latency: min_latency..min_latency + 1 + *pick(rng, &[0, 5, 50, 200]),
        window: *pick(rng, &[2_048, 16_384, 262_144]),
        splits: rng.bool(),
        resets_discard: rng.bool(),
    }
}

fn server_config(rng: &mut Rng) -> ServerConfig {
    let keepalive = rng.u64(2_000..MAX_KEEPALIVE);
    ServerConfig {
        duplicate_id: *pick(rng, &[DuplicateId::Reject, DuplicateId::TakeOver]),
        max_msg_size: 4_096,
        max_in_flight: *pick(rng, &[2, 16, 1_024]),
        auth_timeout: Duration::from_millis(rng.u64(1_000..4_000)),
        rate_limit_config: (rng.u8(..4) == 0).then(|| RateLimitConfig {
            per_second: 50,
            burst: 20,
            on_excess: *pick(rng, &[RateExcess::Throttle, RateExcess::Close]),
        }),
        outbox_bytes: *pick(rng, &[4_096, 20_000, 1_000_000]),
        slow_consumer: *pick(rng, &[SlowConsumer::Disconnect, SlowConsumer::DropMessages]),
        inbox_events: *pick(rng, &[4, 32, NEVER_FULL]),
        heartbeat_interval: Duration::from_millis(keepalive / 3),
        keepalive_timeout: Duration::from_millis(keepalive),
        message_timeout: Duration::from_millis(keepalive),
        ..ServerConfig::default()
    }
}

/// The settings of one client process.
pub(crate) fn client_config(rng: &mut Rng) -> ClientConfig {
    let keepalive = rng.u64(2_000..MAX_KEEPALIVE);
    ClientConfig {
        reconnect_on_disconnect: rng.u8(..10) > 0,
        reconnect_on_server_close: rng.u8(..4) > 0,
        reconnect_interval: Duration::from_millis(rng.u64(20..500)),
        max_reconnect_interval: Duration::from_millis(rng.u64(500..MAX_RECONNECT_INTERVAL)),
        max_initial_connect_attempts: (rng.u8(..10) == 0).then_some(8),
        max_reconnect_attempts: (rng.u8(..10) == 0).then_some(8),
        connect_timeout: Duration::from_millis(rng.u64(1_500..MAX_CONNECT_TIMEOUT)),
        call_timeout: Some(Duration::from_millis(rng.u64(500..8_000))),
        max_msg_size: 4_096,
        outbox_bytes: *pick(rng, &[4_096, 20_000, 1_000_000]),
        inbox_events: *pick(rng, &[4, 32, NEVER_FULL]),
        heartbeat_interval: Duration::from_millis(keepalive / 3),
        keepalive_timeout: Duration::from_millis(keepalive),
        message_timeout: Duration::from_millis(keepalive),
    }
}
