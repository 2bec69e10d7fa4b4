use std::time::Duration;

use crate::time::Instant;

/// How often a side shows that it is alive, and how much silence of its peer it accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heartbeat {
    interval: Duration,
    timeout: Duration,
}

impl Heartbeat {
    /// Both are kept between a millisecond and a year, so that adding them to the present is always possible.
    pub(crate) fn new(interval: Duration, timeout: Duration) -> Self {
        let [interval, timeout] = [interval, timeout].map(|wanted| wanted.clamp(SHORTEST, LONGEST));
        Self { interval, timeout }
    }
}

const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Heartbeats and silence of one session.
///
/// Both sides send pings on their own timer and answer the peer's. Any frame counts as life. While we do not read
/// because our application does not keep up, the silence is ours and its clock stands still.
#[derive(Debug)]
pub(crate) struct Liveness {
    heartbeat: Heartbeat,
    heard_at: Instant,
    paused: bool,
    next_ping: Instant,
    nonce: u64,
    ping_due: bool,
    pinged_at: Option<Instant>,
    /// Only the newest ping is answered, so that a flood of them costs no memory.
    pong_due: Option<u64>,
    rtt: Option<Duration>,
}

/// What [`Liveness::handle_timeout`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pulse {
    Alive,
    Silent,
}

/// A frame that liveness wants written ahead of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beat {
    Ping(u64),
    Pong(u64),
}

impl Liveness {
    pub(crate) fn new(heartbeat: Heartbeat, now: Instant) -> Self {
        Self {
            heartbeat,
            heard_at: now,
            paused: false,
            next_ping: now + heartbeat.interval,
            nonce: 0,
            ping_due: false,
            pinged_at: None,
            pong_due: None,
            rtt: None,
        }
    }

    pub(crate) fn heard(&mut self, now: Instant) {
        self.heard_at = now;
    }

    pub(crate) fn handle_ping(&mut self, nonce: u64) {
        self.pong_due = Some(nonce);
    }

    /// A pong that answers no ping of ours is only a sign of life.
    pub(crate) fn handle_pong(&mut self, now: Instant, nonce: u64) {
        if nonce == self.nonce
            && let Some(pinged_at) = self.pinged_at.take()
        {
            self.rtt = Some(now.saturating_duration_since(pinged_at));
        }
    }

    pub(crate) fn handle_reading(&mut self, now: Instant, paused: bool) {
        if self.paused && !paused {
            self.heard_at = now;
        }
        self.paused = paused;
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant) -> Pulse {
        if !self.paused && now >= self.heard_at + self.heartbeat.timeout {
            return Pulse::Silent;
        }
        if now >= self.next_ping {
            self.next_ping = now + self.heartbeat.interval;
            self.nonce += 1;
            self.ping_due = true;
            self.pinged_at = Some(now);
        }
        Pulse::Alive
    }

    pub(crate) fn next_timeout(&self) -> Instant {
        if self.paused {
            self.next_ping
        } else {
            self.next_ping.min(self.heard_at + self.heartbeat.timeout)
        }
    }

    pub(crate) fn take_beat(&mut self) -> Option<Beat> {
        if let Some(nonce) = self.pong_due.take() {
            return Some(Beat::Pong(nonce));
        }
        std::mem::take(&mut self.ping_due).then_some(Beat::Ping(self.nonce))
    }

    /// The newest measured round trip of a ping.
    pub(crate) fn rtt(&self) -> Option<Duration> {
        self.rtt
    }
}
