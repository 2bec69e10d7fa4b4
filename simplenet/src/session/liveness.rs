use std::time::Duration;

use crate::time::Instant;

/// The interval and the timeouts of a session's heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heartbeat {
    interval: Duration,
    timeout: Duration,
    frame_timeout: Duration,
}

impl Heartbeat {
    /// Creates the settings of a heartbeat.
    ///
    /// `interval` is the time between two pings. It is limited to a third of `timeout`. `timeout`
    /// is the longest permitted silence of the peer. `frame_timeout` is the longest permitted
    /// time from the first byte of a message to its last byte.
    ///
    /// Each duration is clamped to between a millisecond and a year, so that adding it to the
    /// current time cannot overflow.
    pub(crate) fn new(interval: Duration, timeout: Duration, frame_timeout: Duration) -> Self {
        let clamp = |wanted: Duration| wanted.clamp(SHORTEST, LONGEST);
        Self {
            interval: clamp(interval.min(timeout / 3)),
            timeout: clamp(timeout),
            frame_timeout: clamp(frame_timeout),
        }
    }

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

/// The heartbeats of one session, and the timeout of its peer.
///
/// Each side sends pings at its own intervals, and answers the pings of its peer. Any frame shows
/// that the peer is alive. While backpressure pauses reading, the timeout is suspended. After a
/// stall of this side, such as a stopped process or a hidden page, the session pings the peer
/// before declaring it dead.
#[derive(Debug)]
pub(crate) struct Liveness {
    heartbeat: Heartbeat,
    received_at: Instant,
    /// The arrival time of the first byte of an incomplete message.
    partial_since: Option<Instant>,
    /// The deadline of a ping that checks whether the peer is alive. The peer times out if it sends
    /// no bytes by then.
    answer_by: Option<Instant>,
    paused: bool,
    next_ping: Instant,
    nonce: u64,
    ping_due: bool,
    pinged_at: Option<Instant>,
    /// The nonce of the peer's newest unanswered ping. Earlier unanswered pings get no answer, so a
    /// flood of pings occupies no memory.
    pong_due: Option<u64>,
    rtt: Option<Duration>,
}

/// The state of the peer at a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PeerState {
    Alive,
    TimedOut,
}

/// A heartbeat frame, which is written before all other frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeartbeatFrame {
    Ping(u64),
    Pong(u64),
}

impl Liveness {
    pub(crate) fn new(heartbeat: Heartbeat, now: Instant) -> Self {
        Self {
            heartbeat,
            received_at: now,
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
        self.received_at = now;
        self.partial_since = None;
        self.answer_by = None;
    }

    /// Processes the arrival of bytes of an incomplete message.
    pub(crate) fn handle_bytes(&mut self, now: Instant) {
        self.received_at = now;
        self.partial_since.get_or_insert(now);
        self.answer_by = None;
    }

    pub(crate) fn handle_ping(&mut self, nonce: u64) {
        self.pong_due = Some(nonce);
    }

    /// Processes a pong. Only the pong of the last ping yields a round-trip time.
    pub(crate) fn handle_pong(&mut self, now: Instant, nonce: u64) {
        if nonce == self.nonce
            && let Some(pinged_at) = self.pinged_at.take()
        {
            self.rtt = Some(now.saturating_duration_since(pinged_at));
        }
    }

    pub(crate) fn handle_reading(&mut self, now: Instant, paused: bool) {
        if self.paused && !paused {
            self.received_at = now;
            self.partial_since = self.partial_since.map(|_| now);
            self.answer_by = None;
        }
        self.paused = paused;
    }

    /// Pings the peer at once, and gives it at most one heartbeat interval to answer.
    #[cfg(feature = "client")]
    pub(crate) fn probe(&mut self, now: Instant) {
        self.next_ping = now;
        self.answer_by = Some(self.times_out_at().min(now + self.heartbeat.interval));
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant) -> PeerState {
        if !self.paused && now >= self.times_out_at() {
            if self.answer_by.is_some() || !self.has_stalled(now) {
                return PeerState::TimedOut;
            }
            self.answer_by = Some(now + self.heartbeat.interval);
        }
        if now >= self.next_ping {
            self.next_ping = now + self.heartbeat.interval;
            self.nonce += 1;
            self.ping_due = true;
            self.pinged_at = Some(now);
        }
        PeerState::Alive
    }

    pub(crate) fn next_timeout(&self) -> Instant {
        if self.paused { self.next_ping } else { self.next_ping.min(self.times_out_at()) }
    }

    /// Returns true if the driver missed the time of a ping by one interval or more. This happens
    /// if the process was stopped, or if a browser delayed its timers.
    fn has_stalled(&self, now: Instant) -> bool {
        now >= self.next_ping + self.heartbeat.interval
    }

    /// Returns the time at which the peer times out if it sends no bytes, or if it does not
    /// complete a message.
    fn times_out_at(&self) -> Instant {
        if let Some(answer_by) = self.answer_by {
            return answer_by;
        }
        let silent = self.received_at + self.heartbeat.timeout;
        match self.partial_since {
            Some(since) => silent.min(since + self.heartbeat.frame_timeout),
            None => silent,
        }
    }

    pub(crate) fn take_heartbeat(&mut self) -> Option<HeartbeatFrame> {
        if let Some(nonce) = self.pong_due.take() {
            return Some(HeartbeatFrame::Pong(nonce));
        }
        std::mem::take(&mut self.ping_due).then_some(HeartbeatFrame::Ping(self.nonce))
    }

    /// Returns the round-trip time of the last answered ping.
    pub(crate) fn rtt(&self) -> Option<Duration> {
        self.rtt
    }
}
