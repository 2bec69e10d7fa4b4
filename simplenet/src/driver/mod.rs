//! The loop between a session and its transport, for both sides and every transport.

mod closing;
mod link;
#[cfg(test)]
#[cfg(all(feature = "client", feature = "server", not(target_arch = "wasm32")))]
mod tests;

use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;

#[cfg(feature = "server")]
pub(crate) use self::closing::CLOSE_TIMEOUT;
use self::closing::Closing;
pub(crate) use self::{closing::linger, link::Link};
use crate::{
    backpressure::event_weight,
    session::{OutgoingMessage, Progress, Session},
    time::{self, Instant, Timer},
    transport::{Transport, TransportError},
    wire::{self, CloseReason},
};

/// The receiver of a session's events.
pub(crate) trait Application<S: Session> {
    /// Returns the free space for events, measured in event weight. `Pending` pauses reading, which
    /// slows the peer down.
    fn poll_room(&mut self) -> Poll<usize>;

    /// Returns the weight of a frame of `length` bytes, before it is decoded.
    fn weigh(&self, length: usize) -> usize {
        event_weight(length)
    }

    /// Receives the events in order. Returns an error if an event cannot be decoded. The error ends
    /// the session.
    fn deliver(&mut self, events: Vec<S::Event<'_>>) -> Result<(), CloseReason>;
}

/// The maximum weight of the frames that one round reads. Each frame weighs as much as its event.
/// The last frame may exceed the limit.
const BATCH: usize = 64;

/// The number of rounds of reading and writing before the task yields.
const ROUNDS: usize = 8;

/// The end of a session.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) reason: CloseReason,
    /// True if all queued frames were written.
    pub(crate) flushed: bool,
}

/// Runs the session over the transport until it ends.
///
/// The driver writes all queued frames before it flushes, and flushes when the next read would
/// block. So under load, one flush sends many frames.
pub(crate) async fn drive<S, T, A>(link: &Link<S>, transport: &mut T, application: &mut A) -> Ended
where
    S: Session,
    T: Transport,
    A: Application<S>,
{
    transport.accept_peer();
    let mut outgoing = VecDeque::new();
    let progress = {
        let mut session = link.lock();
        session.core().outbox().take(&mut outgoing);
        session.core().progress().clone()
    };
    let received = transport.received();
    let mut driver = Driver {
        link,
        transport,
        application,
        progress,
        heartbeat: None,
        outgoing,
        unread: Bytes::new(),
        unflushed: false,
        paused: false,
        throttled_until: None,
        received,
        closing: None,
        now: time::now(),
        wake_at: None,
        timer: Timer::at(time::now()),
    };
    poll_fn(|context| driver.poll(context)).await
}

struct Driver<'a, S: Session, T, A> {
    link: &'a Link<S>,
    transport: &'a mut T,
    application: &'a mut A,
    progress: Arc<Progress>,
    /// A message with a heartbeat frame, which is written before the messages in `outgoing`.
    heartbeat: Option<Bytes>,
    outgoing: VecDeque<OutgoingMessage>,
    /// The frames of the last message that are not processed yet.
    unread: Bytes,
    unflushed: bool,
    paused: bool,
    throttled_until: Option<Instant>,
    /// The transport's count of received bytes at the last check.
    received: u64,
    closing: Option<Closing>,
    /// The time of the present poll. The clock is read once per poll, because reading it is not
    /// free.
    now: Instant,
    /// The time at which the session or the close needs the driver.
    wake_at: Option<Instant>,
    timer: Timer,
}

/// The result of a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Progress,
    Blocked,
}

impl<S, T, A> Driver<'_, S, T, A>
where
    S: Session,
    T: Transport,
    A: Application<S>,
{
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Ended> {
        self.link.register(context);
        self.now = time::now();
        for _ in 0..ROUNDS {
            match self.round(context) {
                Ok(Step::Progress) => {}
                Ok(Step::Blocked) => {
                    self.set_timer(context);
                    return self.poll_closed();
                }
                Err(error) if self.closes_after(&error) => {}
                Err(error) => return Poll::Ready(self.end(error)),
            }
        }
        // Flush and yield, so that a peer that sends without pause gets its answers, and other
        // tasks run.
        if let Err(error) = self.flush(context) {
            return Poll::Ready(self.end(error));
        }
        context.waker().wake_by_ref();
        self.poll_closed()
    }

    /// Writes, reads, and then processes timeouts.
    ///
    /// Reading precedes the timeouts: frames that arrived during a stall of this task must keep the
    /// peer alive. Writing precedes reading: a peer that closes at once must still receive its
    /// welcome.
    fn round(&mut self, context: &mut Context<'_>) -> Result<Step, TransportError> {
        self.write_or_read_reason(context)?;
        let read = if self.closing.is_some() { Step::Blocked } else { self.read(context)? };
        self.prepare();
        let written = self.write_or_read_reason(context)?;
        if read == Step::Blocked {
            self.flush(context)?;
        }
        // Frames that are queued after this round wake the driver. So if everything is written and
        // nothing was read, another round would be in vain.
        let all_written = self.outgoing.is_empty() && self.heartbeat.is_none();
        Ok(if read == Step::Progress || (written == Step::Progress && !all_written) {
            Step::Progress
        } else {
            Step::Blocked
        })
    }

    /// Processes timeouts, and takes the queued messages and the queued close from the session.
    fn prepare(&mut self) {
        let now = self.now;
        let mut events = Vec::new();
        let timeout = {
            let mut session = self.link.lock();
            while session.next_timeout().is_some_and(|timeout| timeout <= now) {
                session.handle_timeout(now, &mut events);
            }
            self.throttled_until = session.throttled_until();
            let core = session.core();
            core.outbox().take(&mut self.outgoing);
            if self.heartbeat.is_none() {
                self.heartbeat = core.take_heartbeat();
            }
            Closing::update(&mut self.closing, core, now);
            if self.closing.is_some() {
                // A closing session needs no heartbeat.
                self.heartbeat = None;
            }
            session.next_timeout()
        };
        self.deliver(events);
        let closing = self.closing.as_ref().map(|closing| closing.deadline);
        self.wake_at = [timeout, closing].into_iter().flatten().min();
    }

    /// Sets the timer, unless it is already set to an earlier time. Deadlines mostly move to later
    /// times, and resetting the timer each time costs more than an occasional wake-up without work.
    fn set_timer(&mut self, context: &mut Context<'_>) {
        let Some(wake_at) = self.wake_at else {
            return;
        };
        if self.timer.deadline() <= self.now || wake_at < self.timer.deadline() {
            self.timer.reset(wake_at);
        }
        if Pin::new(&mut self.timer).poll(context).is_ready() {
            // The timer fired during this poll.
            context.waker().wake_by_ref();
        }
    }

    fn deliver(&mut self, events: Vec<S::Event<'_>>) {
        if !events.is_empty()
            && let Err(reason) = self.application.deliver(events)
        {
            self.link.lock().core().abort(reason);
        }
    }

    /// Writes the messages. If the connection breaks, reads the peer's close, so that the session
    /// ends with the peer's reason.
    fn write_or_read_reason(&mut self, context: &mut Context<'_>) -> Result<Step, TransportError> {
        match self.write(context) {
            Err(TransportError::Lost(_)) if self.closing.is_none() => {
                Err(self.final_reads(context))
            }
            written => written,
        }
    }

    fn write(&mut self, context: &mut Context<'_>) -> Result<Step, TransportError> {
        let mut step = Step::Blocked;
        while self.heartbeat.is_some() || !self.outgoing.is_empty() {
            if self.transport.poll_ready(context)?.is_pending() {
                return Ok(step);
            }
            if let Some(message) = self.heartbeat.take() {
                self.transport.start_send(message)?;
            } else if let Some(message) = self.outgoing.pop_front() {
                let (frames, weight) = (message.frames, message.weight);
                self.transport.start_send(message.into_bytes())?;
                self.progress.hand(frames, weight);
                if let Some(closing) = &mut self.closing {
                    closing.extend(weight);
                }
            }
            self.unflushed = true;
            step = Step::Progress;
        }
        if let Some(closing) = &mut self.closing
            && !closing.queued
            && (closing.aborted || self.transport.poll_ready(context)?.is_ready())
        {
            self.transport.start_close(&closing.reason)?;
            closing.queued = true;
            self.unflushed = true;
        }
        Ok(step)
    }

    fn read(&mut self, context: &mut Context<'_>) -> Result<Step, TransportError> {
        let throttled = self.throttled_until.is_some_and(|until| self.now < until);
        let room = match self.application.poll_room() {
            Poll::Ready(room) if !throttled => room.clamp(1, BATCH),
            _ => 0,
        };
        let paused = room == 0;
        if paused != self.paused {
            self.paused = paused;
            self.link.lock().core().handle_reading(self.now, paused);
        }
        if paused {
            return match self.transport.poll_overflow(context) {
                Poll::Ready(error) => Err(error),
                Poll::Pending => Ok(Step::Blocked),
            };
        }
        let mut outcome = Ok(Step::Progress);
        let mut incoming = Vec::new();
        let mut weight = 0;
        while weight < room {
            if self.unread.is_empty() {
                match self.transport.poll_receive(context) {
                    Poll::Ready(Ok(message)) => self.unread = message,
                    Poll::Ready(Err(error)) => {
                        outcome = Err(error);
                        break;
                    }
                    Poll::Pending if incoming.is_empty() => {
                        self.handle_bytes();
                        return Ok(Step::Blocked);
                    }
                    Poll::Pending => break,
                }
            }
            let weigh = |length| self.application.weigh(length);
            let (frames, added) = wire::take_frames(&mut self.unread, room - weight, weigh);
            incoming.push(frames);
            weight += added;
        }
        // Frames that arrived before an error are processed.
        self.handle_incoming(&incoming, weight);
        outcome
    }

    /// Reports the received bytes of an incomplete message to the session. They show that the peer
    /// is alive, and start the deadline of the message.
    fn handle_bytes(&mut self) {
        let received = self.transport.received();
        if received != self.received {
            self.received = received;
            self.link.lock().core().handle_bytes(self.now);
        }
    }

    /// Reads the frames that the peer has already sent. Called after a failed write, because the
    /// peer's close may be among these frames.
    fn final_reads(&mut self, context: &mut Context<'_>) -> TransportError {
        for _ in 0..ROUNDS {
            match self.read(context) {
                Ok(Step::Progress) => {}
                Ok(Step::Blocked) => break,
                Err(error) => return error,
            }
        }
        TransportError::Lost("the connection broke while sending".into())
    }

    /// Processes the frames of the messages. `weight` is the sum of their weights.
    fn handle_incoming(&mut self, incoming: &[Bytes], weight: usize) {
        let now = self.now;
        // A frame weighs at least one.
        let mut events = Vec::with_capacity(weight.min(BATCH));
        self.received = self.transport.received();
        {
            let mut session = self.link.lock();
            for frame in incoming.iter().flat_map(|message| wire::frames(message)) {
                match frame {
                    Ok(frame) => events.extend(session.handle_frame(now, frame)),
                    Err(error) => session.core().handle_invalid(error),
                }
            }
        }
        self.deliver(events);
    }

    fn flush(&mut self, context: &mut Context<'_>) -> Result<(), TransportError> {
        if self.unflushed && self.transport.poll_flush(context)?.is_ready() {
            self.unflushed = false;
            // The close of an aborted session replaces the unwritten rest of a large message. So
            // not all frames that were handed to the transport are written.
            if !self.closing.as_ref().is_some_and(|closing| closing.aborted) {
                self.progress.flush();
            }
        }
        Ok(())
    }

    /// Returns `Ready` when this side has sent its close, or the deadline of the close has passed.
    fn poll_closed(&mut self) -> Poll<Ended> {
        let Some(closing) = &self.closing else {
            return Poll::Pending;
        };
        let done = closing.queued && (closing.aborted || !self.unflushed);
        if done || self.now >= closing.deadline {
            let reason = closing.reason.clone();
            return Poll::Ready(self.ended(reason));
        }
        Poll::Pending
    }

    /// Returns true if this side must still send a close after the error. That is the case if the
    /// peer violated the protocol, or if a close is already queued. A half-closed peer receives the
    /// reason.
    fn closes_after(&mut self, error: &TransportError) -> bool {
        if self.closing.is_some() || matches!(error, TransportError::Closed(_)) {
            return false;
        }
        let mut session = self.link.lock();
        let core = session.core();
        if let TransportError::Violation(reason) = error {
            core.abort(reason.clone());
        }
        core.outbox().take(&mut self.outgoing);
        Closing::update(&mut self.closing, core, self.now);
        self.closing.is_some()
    }

    /// Ends the session with the reason of this side's close if there is one, else with the error.
    fn end(&mut self, error: TransportError) -> Ended {
        let reason = match self.closing.take() {
            Some(closing) => closing.reason,
            None => error.into(),
        };
        self.ended(reason)
    }

    fn ended(&self, reason: CloseReason) -> Ended {
        let mut session = self.link.lock();
        let core = session.core();
        let all_handed = self.outgoing.is_empty() && core.outbox().is_empty();
        Ended { reason, flushed: all_handed && !self.unflushed && !core.is_aborted() }
    }
}
