use std::{collections::VecDeque, io, task::Waker, time::Duration};

use fastrand::Rng;
use tokio::time::Instant;

/// One direction of a connection. It contains chunks of bytes, each with the time of its arrival.
pub(super) struct Pipe {
    chunks: VecDeque<(Instant, Vec<u8>)>,
    /// The number of written bytes that have not been read.
    pub(super) queued: usize,
    last_arrival: Option<Instant>,
    eof_at: Option<Instant>,
    /// The time at which the reader observes the reset.
    reset_at: Option<Instant>,
    pub(super) held: bool,
    blackholed: bool,
    pub(super) reader: Option<Waker>,
    pub(super) writer: Option<Waker>,
}

/// The result of a read.
pub(super) enum ReadResult {
    Bytes(Vec<u8>),
    Eof,
    Reset,
    /// No bytes are readable before this time. `None` means that the time is not known.
    Pending(Option<Instant>),
}

impl Pipe {
    pub(super) fn new() -> Self {
        Self {
            chunks: VecDeque::new(),
            queued: 0,
            last_arrival: None,
            eof_at: None,
            reset_at: None,
            held: false,
            blackholed: false,
            reader: None,
            writer: None,
        }
    }

    /// Returns the time at which bytes that are written now arrive. They do not arrive before
    /// earlier bytes.
    fn arrival(&mut self, latency: Duration) -> Instant {
        let arrival =
            (Instant::now() + latency).max(self.last_arrival.unwrap_or_else(Instant::now));
        self.last_arrival = Some(arrival);
        arrival
    }

    pub(super) fn write(&mut self, bytes: &[u8], latency: Duration) {
        self.queued += bytes.len();
        if !self.blackholed && self.reset_at.is_none() {
            let arrival = self.arrival(latency);
            self.chunks.push_back((arrival, bytes.to_vec()));
        }
    }

    pub(super) fn read(&mut self, max: usize) -> ReadResult {
        let now = Instant::now();
        if self.held || self.blackholed {
            return ReadResult::Pending(None);
        }
        if let Some((arrival, bytes)) = self.chunks.front_mut() {
            if *arrival > now {
                return ReadResult::Pending(Some(*arrival));
            }
            let rest = bytes.split_off(max.min(bytes.len()));
            let read = std::mem::replace(bytes, rest);
            if bytes.is_empty() {
                self.chunks.pop_front();
            }
            self.queued = self.queued.saturating_sub(read.len());
            return ReadResult::Bytes(read);
        }
        match (self.reset_at, self.eof_at) {
            (Some(at), _) if at <= now => ReadResult::Reset,
            (_, Some(at)) if at <= now => ReadResult::Eof,
            (reset_at, eof_at) => ReadResult::Pending(reset_at.into_iter().chain(eof_at).min()),
        }
    }

    /// Returns true if bytes have arrived and were not read.
    pub(super) fn has_unread(&self) -> bool {
        let now = Instant::now();
        self.chunks.front().is_some_and(|(arrival, _)| *arrival <= now)
    }

    /// Closes the stream on the writing side.
    pub(super) fn end(&mut self, latency: Duration) {
        if self.eof_at.is_none() && !self.blackholed {
            self.eof_at = Some(self.arrival(latency));
        }
    }

    /// Resets the connection from the writing side. The reader observes the reset after the
    /// latency.
    pub(super) fn reset(&mut self, latency: Duration, discard: bool) {
        if self.reset_at.is_none() && !self.blackholed {
            if discard {
                self.chunks.clear();
            }
            self.reset_at = Some(self.arrival(latency));
        }
    }

    /// Returns the time from which the reader's own writes fail.
    pub(super) fn writes_fail_at(&self) -> Option<Instant> {
        self.reset_at.filter(|_| !self.held)
    }

    /// Breaks the connection after a random part of the bytes in transit.
    pub(super) fn cut(&mut self, rng: &mut Rng) {
        if self.blackholed || self.reset_at.is_some() {
            return;
        }
        let in_transit: usize = self.chunks.iter().map(|(_, bytes)| bytes.len()).sum();
        let mut rest = rng.usize(..=in_transit);
        for (_, bytes) in &mut self.chunks {
            let kept = rest.min(bytes.len());
            bytes.truncate(kept);
            rest -= kept;
        }
        self.chunks.retain(|(_, bytes)| !bytes.is_empty());
        self.eof_at = None;
        self.reset_at = Some(self.chunks.back().map_or_else(Instant::now, |(arrival, _)| *arrival));
    }

    pub(super) fn blackhole(&mut self) {
        if self.reset_at.is_none() {
            self.blackholed = true;
            self.chunks.clear();
        }
    }

    pub(super) fn wakers(&mut self) -> impl Iterator<Item = Waker> {
        self.reader.take().into_iter().chain(self.writer.take())
    }
}

pub(super) fn reset_error() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}
