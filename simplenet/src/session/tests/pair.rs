use std::{collections::VecDeque, time::Duration};

use bytes::Bytes;

use crate::{
    session::{
        ClientSession, ClientSessionEvent, ClientSessionLimits, EndedRequest, Heartbeat,
        OutgoingMessage, RateLimitConfig, SendError, ServerSession, ServerSessionEvent,
        ServerSessionLimits, Session, SlowConsumer,
    },
    time::{Instant, now},
    wire::{self, CloseReason, OutgoingFrame},
};

/// The ticket that the tests attach to their requests.
pub(super) type Ticket = &'static str;

/// Both sides of one session, and the frames in transit between them.
pub(super) struct Pair {
    pub(super) now: Instant,
    pub(super) client: ClientSession<Ticket>,
    pub(super) server: ServerSession,
    to_server: Direction,
    to_client: Direction,
    packs: bool,
    pub(super) seen_by_client: Vec<ClientSessionEvent<'static, Ticket>>,
    pub(super) seen_by_server: Vec<ServerSessionEvent<'static>>,
}

/// The frames in transit in one direction.
#[derive(Default)]
struct Direction {
    /// The messages that were taken from the session, but not handed to the transport.
    taken: VecDeque<OutgoingMessage>,
    /// The frames that were handed to the transport, but not received by the peer.
    handed: VecDeque<&'static [u8]>,
}

pub(super) struct Limits {
    pub(super) outbox_bytes: usize,
    pub(super) max_in_flight: usize,
    pub(super) max_msg_size: usize,
    pub(super) interval: Duration,
    pub(super) timeout: Duration,
    pub(super) frame_timeout: Duration,
    pub(super) slow_consumer: SlowConsumer,
    pub(super) rate: Option<RateLimitConfig>,
    /// Whether the frames that wait are packed into one message. Otherwise, each frame of the
    /// client is a message, so that a test can hand the frames to the transport one by one.
    pub(super) packs: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            outbox_bytes: 4096,
            max_in_flight: 4,
            max_msg_size: 256,
            interval: Duration::from_secs(1),
            timeout: Duration::from_secs(3),
            frame_timeout: Duration::from_secs(5),
            slow_consumer: SlowConsumer::Disconnect,
            rate: None,
            packs: false,
        }
    }
}

/// A placeholder for the welcome, which a client reads before its session begins.
const WELCOME: Bytes = Bytes::from_static(b"welcome");

impl Pair {
    /// Creates a session whose `Connected` both applications have received.
    pub(super) fn open(limits: &Limits) -> Self {
        let mut pair = Self::new(limits);
        pair.client.open(1);
        pair.server.open();
        pair.server.connected_handled();
        pair
    }

    pub(super) fn new(limits: &Limits) -> Self {
        let now = now();
        let heartbeat = Heartbeat::new(limits.interval, limits.timeout, limits.frame_timeout);
        let client = ClientSession::new(
            1,
            ClientSessionLimits {
                outbox_bytes: limits.outbox_bytes,
                max_in_flight: limits.max_in_flight,
                max_msg_size: limits.max_msg_size,
                max_incoming: limits.max_msg_size,
                heartbeat,
            },
            now,
        );
        let server = ServerSession::new(
            ServerSessionLimits {
                outbox_bytes: limits.outbox_bytes,
                max_incoming: limits.max_msg_size,
                max_outgoing: limits.max_msg_size,
                max_in_flight: limits.max_in_flight,
                heartbeat,
                slow_consumer: limits.slow_consumer,
                rate: limits.rate,
            },
            WELCOME,
            now,
        );
        let mut pair = Self {
            now,
            client,
            server,
            to_server: Direction::default(),
            to_client: Direction::default(),
            packs: limits.packs,
            seen_by_client: Vec::new(),
            seen_by_server: Vec::new(),
        };
        let mut taken = VecDeque::new();
        pair.server.core().outbox().take(&mut taken);
        let welcome = taken.pop_front().map(|message| {
            let progress = pair.server.core().progress();
            progress.hand(message.frames, message.weight);
            progress.flush();
            message.into_bytes()
        });
        assert_eq!(welcome, Some(WELCOME), "the welcome comes first, and is not packed");
        pair
    }

    /// Delivers all frames of both sides.
    pub(super) fn deliver_all(&mut self) {
        while self.hand_client(usize::MAX) + self.hand_server(usize::MAX) > 0 {
            self.deliver_to_server(usize::MAX);
            self.deliver_to_client(usize::MAX);
        }
    }

    /// Hands up to `count` messages to the client's transport, flushes them, and returns their
    /// number.
    pub(super) fn hand_client(&mut self, count: usize) -> usize {
        hand(&mut self.client, &mut self.to_server, count, true)
    }

    /// Like [`Pair::hand_client`], but without a flush.
    pub(super) fn hand_client_unflushed(&mut self, count: usize) -> usize {
        hand(&mut self.client, &mut self.to_server, count, false)
    }

    pub(super) fn hand_server(&mut self, count: usize) -> usize {
        hand(&mut self.server, &mut self.to_client, count, true)
    }

    /// Delivers up to `count` frames to the server.
    pub(super) fn deliver_to_server(&mut self, count: usize) {
        for _ in 0..count.min(self.to_server.handed.len()) {
            let frame = self.to_server.handed.pop_front().expect("the loop counts the frames");
            self.seen_by_server.extend(self.server.handle_frame(self.now, frame));
        }
    }

    pub(super) fn deliver_to_client(&mut self, count: usize) {
        for _ in 0..count.min(self.to_client.handed.len()) {
            let frame = self.to_client.handed.pop_front().expect("the loop counts the frames");
            self.seen_by_client.extend(self.client.handle_frame(self.now, frame));
        }
    }

    /// Advances the clock, and processes the deadlines of both sides.
    pub(super) fn advance(&mut self, time: Duration) {
        let until = self.now + time;
        loop {
            let due = [self.client.next_timeout(), self.server.next_timeout()];
            match due.into_iter().flatten().min() {
                Some(at) if at <= until => self.now = self.now.max(at),
                _ => break,
            }
            if self.client.next_timeout().is_some_and(|at| at <= self.now) {
                self.client.handle_timeout(self.now, &mut self.seen_by_client);
            }
            if self.server.next_timeout().is_some_and(|at| at <= self.now) {
                self.server.handle_timeout(self.now, &mut self.seen_by_server);
            }
        }
        self.now = until;
    }

    /// Like [`Pair::advance`], but delivers all frames every 100 ms.
    pub(super) fn advance_connected(&mut self, time: Duration) {
        let until = self.now + time;
        while self.now < until {
            self.advance(Duration::from_millis(100).min(until - self.now));
            self.deliver_all();
        }
    }

    /// Cuts the connection and drops the frames in transit. Returns the client's unanswered
    /// requests.
    pub(super) fn cut(&mut self) -> Vec<EndedRequest<Ticket>> {
        self.client.end(CloseReason::ConnectionLost(String::new()))
    }

    pub(super) fn send(&mut self, text: &str) -> Result<u64, SendError> {
        let sent = self.client.send(&wire::client_message(text, usize::MAX).expect("a string"));
        self.take_unless_packing();
        sent
    }

    /// Makes a request of the given variant. Its response must have the same variant.
    pub(super) fn request(&mut self, id: u64, variant: u8) -> Result<u64, SendError> {
        let frame = wire::request(id, &variant, usize::MAX).expect("a number");
        let sent = self.client.request(id, &frame, None, "ticket");
        self.take_unless_packing();
        sent
    }

    fn take_unless_packing(&mut self) {
        if !self.packs {
            self.client.core().outbox().take(&mut self.to_server.taken);
        }
    }
}

fn hand<S: Session>(
    session: &mut S,
    direction: &mut Direction,
    count: usize,
    flush: bool,
) -> usize {
    let mut heartbeats = 0;
    session.core().outbox().take(&mut direction.taken);
    while let Some(heartbeat) = session.core().take_heartbeat() {
        direction.handed.extend(frames(heartbeat));
        heartbeats += 1;
    }
    let progress = session.core().progress().clone();
    let count = count.min(direction.taken.len());
    for message in direction.taken.drain(..count) {
        progress.hand(message.frames, message.weight);
        direction.handed.extend(frames(message.into_bytes()));
    }
    if flush {
        progress.flush();
    }
    heartbeats + count
}

/// Returns the frames of a message. Their memory is leaked, so that the events of a test need no
/// lifetime.
fn frames(message: Bytes) -> impl Iterator<Item = &'static [u8]> {
    wire::frames(message.to_vec().leak()).map(|frame| frame.expect("a valid message"))
}

/// Returns the frame without its length. Its memory is leaked.
pub(super) fn leaked(frame: &OutgoingFrame) -> &'static [u8] {
    frame.frame().to_vec().leak()
}

/// Encodes a message from the server.
pub(super) fn from_server(text: &str) -> OutgoingFrame {
    wire::server_message(text, usize::MAX).expect("a string")
}

/// Encodes a response of the given variant.
pub(super) fn response(id: u64, variant: u8) -> OutgoingFrame {
    wire::response(id, &variant, usize::MAX).expect("a number")
}

/// Returns the received payload of a string message.
pub(super) fn payload(text: &str) -> &'static [u8] {
    wire::encode(text, usize::MAX).expect("a string").to_vec().leak()
}
