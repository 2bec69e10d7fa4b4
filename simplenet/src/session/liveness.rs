use std::time::Duration;

use crate::time::Instant;

/// How often a side shows that it is alive, and how much silence of its peer it accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heartbeat {
    interval: Duration,
    timeout: Duration,
    frame_timeout: Duration,
}

impl Heartbeat {
    /// All are kept between a millisecond and a year, so that adding them to the present is always possible.
    ///
    /// `interval` lies between two pings, at most a third of `timeout`, the longest silence; `frame_timeout` is the longest time
    /// from the first byte of a frame to its last.
    pub(crate) fn new(interval: Duration, timeout: Duration, frame_timeout: Duration) -> Self {
        let clamp = |wanted: Duration| wanted.clamp(SHORTEST, LONGEST);
        Self {
            interval: clamp(interval.min(timeout / 3)),
            timeout: clamp(timeout),
            frame_timeout: clamp(frame_timeout),
        }
    }
}

impl Heartbeat {
    #[cfg(feature = "server")]
    pub(crate) fn interval(&self) -> Duration {
        self.interval
    }

    #[cfg(feature = "server")]
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }
}

const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Heartbeats and silence of one session.
///
/// Both sides send pings on their own timer and answer the peer's. Any frame counts as life. While we do not read
/// because our application does not keep up, the silence is ours and its clock stands still. Whoever could not run for a
/// while, a stopped process or a hidden page, first asks and hears before it judges.
#[derive(Debug)]
pub(crate) struct Liveness {
    heartbeat: Heartbeat,
    heard_at: Instant,
    /// Since when there are bytes of a frame that is not whole.
    partial_since: Option<Instant>,
    /// Until when the other side has to answer, by whatever frame, after a while in which we may have missed it.
    answer_by: Option<Instant>,
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
            partial_since: None,
            answer_by: None,
            paused: false,
            next_ping: now + heartbeat.interval,
            nonce: 0,
            ping_due: false,
            pinged_at: None,
            pong_due: None,
            rtt: None,
        }
    }

    pub(crate) fn handle_frame(&mut self, now: Instant) {
        self.heard_at = now;
        self.partial_since = None;
        self.answer_by = None;
    }

    /// Bytes that are no whole frame yet.
    pub(crate) fn handle_bytes(&mut self, now: Instant) {
        self.heard_at = now;
        self.partial_since.get_or_insert(now);
        self.answer_by = None;
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
            self.partial_since = self.partial_since.map(|_| now);
            self.answer_by = None;
        }
        self.paused = paused;
    }

    /// Asks the other side for a sign of life now, and gives it no longer than the time between two pings.
    #[cfg(feature = "client")]
    pub(crate) fn probe(&mut self, now: Instant) {
        self.next_ping = now;
        self.answer_by = Some(self.silent_at().min(now + self.heartbeat.interval));
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant) -> Pulse {
        if !self.paused && now >= self.silent_at() {
            if self.answer_by.is_some() || !self.has_slept(now) {
                return Pulse::Silent;
            }
            self.answer_by = Some(now + self.heartbeat.interval);
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
        if self.paused { self.next_ping } else { self.next_ping.min(self.silent_at()) }
    }

    /// Whether we were not called when we wanted to be: the process was stopped, or a browser holds its timers back.
    fn has_slept(&self, now: Instant) -> bool {
        now >= self.next_ping + self.heartbeat.interval
    }

    /// When the peer counts as dead: nothing came for so long, or nothing whole.
    fn silent_at(&self) -> Instant {
        if let Some(answer_by) = self.answer_by {
            return answer_by;
        }
        let silent = self.heard_at + self.heartbeat.timeout;
        match self.partial_since {
            Some(since) => silent.min(since + self.heartbeat.frame_timeout),
            None => silent,
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
