use std::{fmt, marker::PhantomData, sync::Arc};

use super::{Reply, remote_client::RemoteClient};
use crate::{ChannelPack, ClientId, Request, RequestId, SendOutcome, wire};

/// The right to answer one request of type `R`, once.
///
/// It answers the session that asked and no other; after that session has ended the answer is dropped, and the outcome
/// says so. A token that is dropped, also by a panic, rejects its request.
#[must_use = "a token that is dropped rejects its request"]
pub struct RequestToken<C, R> {
    raw: RawToken,
    types: PhantomData<fn() -> (C, R)>,
}

impl<C: ChannelPack, R: Request<C>> RequestToken<C, R> {
    /// Called by generated code, which knows the request's type.
    #[doc(hidden)]
    pub fn from_raw(raw: RawToken) -> Self {
        Self { raw, types: PhantomData }
    }

    /// Who asked.
    pub fn client_id(&self) -> ClientId {
        self.raw.client.id
    }

    /// The request's id; unique among the requests of one client.
    pub fn request_id(&self) -> RequestId {
        RequestId::new(self.raw.id)
    }

    /// Whether an answer would be dropped, because the session that asked has ended.
    pub fn is_stale(&self) -> bool {
        !self.raw.client.link.lock().is_in_flight(self.raw.id)
    }

    /// Answers as a service's handler said.
    pub fn reply(self, reply: Reply<R::Response>) -> SendOutcome {
        match reply {
            Reply::Respond(response) => self.respond(response),
            Reply::Acknowledge => self.ack(),
            Reply::Reject => self.reject(),
        }
    }

    /// Answers with a response.
    pub fn respond(mut self, response: R::Response) -> SendOutcome {
        // First of all: a `Serialize` that panics leaves the token to reject the request.
        let client = &self.raw.client;
        let frame = wire::response(self.raw.id, &R::into_response(response), client.max_msg_size);
        self.raw.answered = true;
        self.raw.client.respond(self.raw.id, frame)
    }

    /// Answers that the request was received, where no response is called for.
    pub fn ack(mut self) -> SendOutcome {
        self.raw.answered = true;
        self.raw.client.answer(self.raw.id, wire::ack(self.raw.id))
    }

    /// Answers that the request will not be served.
    pub fn reject(mut self) -> SendOutcome {
        self.raw.answered = true;
        self.raw.client.answer(self.raw.id, wire::reject(self.raw.id))
    }
}

impl<C, R> fmt::Debug for RequestToken<C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestToken({:?}, request {})", self.raw.client.id, self.raw.id)
    }
}

/// A token before generated code has given it the type of its request.
#[doc(hidden)]
pub struct RawToken {
    client: Arc<RemoteClient>,
    id: u64,
    answered: bool,
}

impl RawToken {
    pub(crate) fn new(client: Arc<RemoteClient>, id: u64) -> Self {
        Self { client, id, answered: false }
    }
}

impl Drop for RawToken {
    fn drop(&mut self) {
        if !self.answered {
            self.client.answer(self.id, wire::reject(self.id));
        }
    }
}
