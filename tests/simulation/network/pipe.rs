use std::{collections::VecDeque, io, task::Waker, time::Duration};

use fastrand::Rng;
use tokio::time::Instant;

/// One direction of a connection: bytes, each with the time of its arrival.
pub(super) struct Pipe {
    chunks: VecDeque<(Instant, Vec<u8>)>,
    /// Unread bytes for which the writer waits.
    pub(super) queued: usize,
    last_arrival: Option<Instant>,
    end: Option<Instant>,
    /// The time at which the reader learns of a broken connection.
    reset: Option<Instant>,
    pub(super) held: bool,
    swallowed: bool,
    pub(super) reader: Option<Waker>,
    pub(super) writer: Option<Waker>,
}

/// The result of a read.
pub(super) enum Found {
    Bytes(Vec<u8>),
    End,
    Broken,
    /// No bytes until at least this time.
    Nothing(Option<Instant>),
}

impl Pipe {
    pub(super) fn new() -> Self {
        Self {
            chunks: VecDeque::new(),
            queued: 0,
            last_arrival: None,
            end: None,
            reset: None,
            held: false,
            swallowed: false,
            reader: None,
            writer: None,
        }
    }

    /// Bytes never overtake each other.
    fn arrival(&mut self, latency: Duration) -> Instant {
        let arrival =
            (Instant::now() + latency).max(self.last_arrival.unwrap_or_else(Instant::now));
        self.last_arrival = Some(arrival);
        arrival
    }

    pub(super) fn write(&mut self, bytes: &[u8], latency: Duration) {
        self.queued += bytes.len();
        if !self.swallowed && self.reset.is_none() {
            let arrival = self.arrival(latency);
            self.chunks.push_back((arrival, bytes.to_vec()));
        }
    }

    pub(super) fn read(&mut self, most: usize) -> Found {
        let now = Instant::now();
        if self.held || self.swallowed {
            return Found::Nothing(None);
        }
        if let Some((arrival, bytes)) = self.chunks.front_mut() {
            if *arrival > now {
                return Found::Nothing(Some(*arrival));
            }
            let rest = bytes.split_off(most.min(bytes.len()));
            let read = std::mem::replace(bytes, rest);
            if bytes.is_empty() {
                self.chunks.pop_front();
            }
            self.queued = self.queued.saturating_sub(read.len());
            return Found::Bytes(read);
        }
        match (self.reset, self.end) {
            (Some(at), _) if at <= now => Found::Broken,
            (_, Some(at)) if at <= now => Found::End,
            (reset, end) => Found::Nothing(reset.into_iter().chain(end).min()),
        }
    }

    /// Returns the number of bytes that have arrived and were not read.
    pub(super) fn has_unread(&self) -> bool {
        let now = Instant::now();
        self.chunks.front().is_some_and(|(arrival, _)| *arrival <= now)
    }

    /// The writer closes the stream.
    pub(super) fn end(&mut self, latency: Duration) {
        if self.end.is_none() && !self.swallowed {
            self.end = Some(self.arrival(latency));
        }
    }

    /// The writing side breaks the connection.
    pub(super) fn reset(&mut self, latency: Duration, discard: bool) {
        if self.reset.is_none() && !self.swallowed {
            if discard {
                self.chunks.clear();
            }
            self.reset = Some(self.arrival(latency));
        }
    }

    /// Returns the time from which the reader's own writes fail.
    pub(super) fn broken_at(&self) -> Option<Instant> {
        self.reset.filter(|_| !self.held)
    }

    /// Lets only a part of the bytes in transit arrive.
    pub(super) fn cut(&mut self, rng: &mut Rng) {
        if self.swallowed || self.reset.is_some() {
            return;
        }
        let on_its_way: usize = self.chunks.iter().map(|(_, bytes)| bytes.len()).sum();
        let mut rest = rng.usize(..=on_its_way);
        for (_, bytes) in &mut self.chunks {
            let kept = rest.min(bytes.len());
            bytes.truncate(kept);
            rest -= kept;
        }
        self.chunks.retain(|(_, bytes)| !bytes.is_empty());
        self.end = None;
        self.reset = Some(self.chunks.back().map_or_else(Instant::now, |(arrival, _)| *arrival));
    }

    pub(super) fn swallow(&mut self) {
        if self.reset.is_none() {
            self.swallowed = true;
            self.chunks.clear();
        }
    }

    pub(super) fn wakers(&mut self) -> impl Iterator<Item = Waker> {
        self.reader.take().into_iter().chain(self.writer.take())
    }
}

pub(super) fn broken() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}
