use std::sync::Arc;

use crate::{id::ClientId, outcome::SendOutcome, wire::OutgoingFrame};

/// The interface through which a request token reaches the session of its request.
pub(crate) trait RequestSession: Send + Sync {
    fn client_id(&self) -> ClientId;

    /// The size limit of an encoded answer, in bytes.
    fn max_msg_size(&self) -> usize;

    /// Returns whether the request can still be answered.
    fn is_in_flight(&self, request: u64) -> bool;

    /// Sends an encoded answer.
    fn answer(&self, request: u64, frame: &OutgoingFrame) -> SendOutcome;

    fn reject(&self, request: u64) -> SendOutcome;
}

/// An untyped request token: the right to answer one request. Generated code adds the type of the
/// request.
#[doc(hidden)]
pub struct RawToken {
    session: Arc<dyn RequestSession>,
    request: u64,
    answered: bool,
}

impl RawToken {
    pub(crate) fn new(session: Arc<dyn RequestSession>, request: u64) -> Self {
        Self { session, request, answered: false }
    }

    pub(crate) fn client_id(&self) -> ClientId {
        self.session.client_id()
    }

    pub(crate) fn request(&self) -> u64 {
        self.request
    }

    pub(crate) fn max_msg_size(&self) -> usize {
        self.session.max_msg_size()
    }

    /// Returns whether an answer would be dropped because the session has ended.
    pub(crate) fn is_stale(&self) -> bool {
        !self.session.is_in_flight(self.request)
    }

    pub(crate) fn answer(mut self, frame: &OutgoingFrame) -> SendOutcome {
        self.answered = true;
        self.session.answer(self.request, frame)
    }

    pub(crate) fn reject(mut self) -> SendOutcome {
        self.answered = true;
        self.session.reject(self.request)
    }
}

impl Drop for RawToken {
    fn drop(&mut self) {
        if !self.answered {
            self.session.reject(self.request);
        }
    }
}
