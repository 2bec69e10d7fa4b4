//! The plan of a run, which a seed determines before the run begins.

use std::time::Duration;

use fastrand::Rng;
use simplenet::{
    ClientConfig, DuplicateId, RateExcess, RateLimitConfig, ServerConfig, SlowConsumer,
};

use crate::network::Weather;

/// The settings of one run.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) server: ServerConfig,
    pub(crate) weather: Weather,
    /// The id of each place in which client programs run. Some places share an id.
    pub(crate) places: Vec<u128>,
    /// The number of faults.
    pub(crate) faults: usize,
    /// The largest padding of a message, in bytes.
    pub(crate) padding: usize,
    /// The longest pause between two actions of an application, in milliseconds.
    pub(crate) pace: u64,
    /// True if the server shuts down before the clients end.
    pub(crate) server_ends_first: bool,
}

/// The longest absence of an application or a server.
pub(crate) const LONGEST_STALL: u64 = 4_000;

/// The largest values that a plan gives to a client.
const MAX_RECONNECT: u64 = 3_000;
const CONNECT_TIMEOUT: u64 = 4_000;
const KEEPALIVE: u64 = 6_000;

/// The close timeout of the runtime.
const FAREWELL: u64 = 5_000;

/// Returns the time after the end of the faults within which every client that should be connected is.
///
/// It is the sum of the worst case: an absent program returns; a dead session times out and closes; a running attempt times
/// out; after a backoff, the next attempt finds the id still in use by a session that only the server must time out; and
/// after a last backoff an attempt succeeds.
pub(crate) fn time_to_reconnect() -> Duration {
    let milliseconds =
        2 * LONGEST_STALL + KEEPALIVE + FAREWELL + CONNECT_TIMEOUT + 2 * MAX_RECONNECT + 1_000;
    Duration::from_millis(milliseconds)
}

impl Plan {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let places = 3 + rng.usize(..4);
        let mut ids: Vec<u128> = (1..=places as u128).collect();
        if rng.bool() {
            // Two programs with the same client id.
            ids[places - 1] = ids[rng.usize(..places - 1)];
        }
        Self {
            server: server_config(rng),
            weather: weather(rng),
            places: ids,
            faults: 4 + rng.usize(..12),
            padding: *pick(rng, &[16, 64, 512, 2_000]),
            pace: *pick(rng, &[20, 100, 400]),
            server_ends_first: rng.bool(),
        }
    }
}

/// A queue size that no application of a run reaches.
pub(crate) const ENDLESS: usize = 65_536;

pub(crate) fn pick<'a, T>(rng: &mut Rng, choices: &'a [T]) -> &'a T {
    &choices[rng.usize(..choices.len())]
}

fn weather(rng: &mut Rng) -> Weather {
    let least = rng.u64(0..20);
    Weather {
        latency: least..least + 1 + *pick(rng, &[0, 5, 50, 200]),
        window: *pick(rng, &[2_048, 16_384, 262_144]),
        slices: rng.bool(),
        resets_discard: rng.bool(),
    }
}

fn server_config(rng: &mut Rng) -> ServerConfig {
    let keepalive = rng.u64(2_000..KEEPALIVE);
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
        inbox_events: *pick(rng, &[4, 32, ENDLESS]),
        heartbeat_interval: Duration::from_millis(keepalive / 3),
        keepalive_timeout: Duration::from_millis(keepalive),
        message_timeout: Duration::from_millis(keepalive),
        ..ServerConfig::default()
    }
}

/// The settings of one client program.
pub(crate) fn client_config(rng: &mut Rng) -> ClientConfig {
    let keepalive = rng.u64(2_000..KEEPALIVE);
    ClientConfig {
        reconnect_on_disconnect: rng.u8(..10) > 0,
        reconnect_on_server_close: rng.u8(..4) > 0,
        reconnect_interval: Duration::from_millis(rng.u64(20..500)),
        max_reconnect_interval: Duration::from_millis(rng.u64(500..MAX_RECONNECT)),
        max_initial_connect_attempts: (rng.u8(..10) == 0).then_some(8),
        max_reconnect_attempts: (rng.u8(..10) == 0).then_some(8),
        connect_timeout: Duration::from_millis(rng.u64(1_500..CONNECT_TIMEOUT)),
        call_timeout: Some(Duration::from_millis(rng.u64(500..8_000))),
        max_msg_size: 4_096,
        outbox_bytes: *pick(rng, &[4_096, 20_000, 1_000_000]),
        inbox_events: *pick(rng, &[4, 32, ENDLESS]),
        heartbeat_interval: Duration::from_millis(keepalive / 3),
        keepalive_timeout: Duration::from_millis(keepalive),
        message_timeout: Duration::from_millis(keepalive),
    }
}
