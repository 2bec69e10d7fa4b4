use std::{fmt, marker::PhantomData};

use crate::{
    channel::{ChannelPack, RawToken, Request},
    id::ClientId,
    outcome::SendOutcome,
    request_id::RequestId,
    server::service::Reply,
    wire,
};

/// The right to answer one request of type `R` once.
///
/// The answer reaches only the session that made the request. After that session has ended, the
/// answer is dropped and the outcome is [`SendOutcome::NotConnected`]. A token that is dropped
/// without an answer, also by a panic, rejects its request.
///
/// ```
/// use simplenet::CallError;
///
/// #[simplenet::channel]
/// pub mod math {
///     #[request(u32)]
///     pub struct Divide(pub u32, pub u32);
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (mut server, connector) = math::Server::builder().bind_memory()?;
/// tokio::spawn(async move {
///     while let Some((_, event)) = server.recv().await {
///         let math::ServerEvent::Request(math::IncomingRequest::Divide(divide, token)) = event
///             else { continue };
///         match divide.0.checked_div(divide.1) {
///             Some(quotient) => token.respond(quotient),
///             None => token.reject(),
///         };
///     }
/// });
///
/// let client = math::Client::in_memory(&connector).connect(()).into_handle();
/// assert_eq!(client.call(math::Divide(6, 3)).await?, 2);
/// assert!(matches!(client.call(math::Divide(6, 0)).await, Err(CallError::Rejected)));
/// # Ok(())
/// # }
/// ```
#[must_use = "dropping the token rejects its request"]
pub struct RequestToken<C, R> {
    raw: RawToken,
    types: PhantomData<fn() -> (C, R)>,
}

/// A type of request of channel `C`, which the server receives together with a token.
///
/// [`#[channel]`](macro@crate::channel) generates the implementation for each request. With it,
/// generic code can extract one type of request from the channel's `IncomingRequest`.
pub trait ReceivedRequest<C: ChannelPack>: Request<C> {
    /// Returns the request and its token, if the request has the type `Self`.
    ///
    /// # Errors
    ///
    /// The unchanged request, if it has another type.
    fn from_incoming(
        request: C::IncomingRequest,
    ) -> Result<(Self, RequestToken<C, Self>), C::IncomingRequest>;
}

impl<C: ChannelPack, R: Request<C>> RequestToken<C, R> {
    /// Creates a token. Called by generated code, which knows the type of the request.
    #[doc(hidden)]
    pub fn from_raw(raw: RawToken) -> Self {
        Self { raw, types: PhantomData }
    }

    /// Returns the id of the client that made the request.
    pub fn client_id(&self) -> ClientId {
        self.raw.client_id()
    }

    /// Returns the id of the request, which is unique among the requests of one client.
    pub fn request_id(&self) -> RequestId {
        RequestId::new(self.raw.request())
    }

    /// Returns whether the session that made the request has ended, so that an answer would be
    /// dropped.
    pub fn is_stale(&self) -> bool {
        self.raw.is_stale()
    }

    /// Answers with the reply of a service's handler.
    pub fn reply(self, reply: Reply<R::Response>) -> SendOutcome {
        match reply {
            Reply::Respond(response) => self.respond(response),
            Reply::Acknowledge => self.ack(),
            Reply::Reject => self.reject(),
        }
    }

    /// Answers with a response. If the response cannot be encoded, rejects the request instead.
    pub fn respond(self, response: R::Response) -> SendOutcome {
        let (client, request) = (self.raw.client_id(), self.raw.request());
        // Encode before the token is consumed, so that a panic in `Serialize` rejects the request.
        let frame = wire::response(request, &R::into_response(response), self.raw.max_msg_size());
        match frame.and_then(|frame| C::payloads().server_response.complete(frame)) {
            Ok(frame) => {
                let outcome = self.raw.answer(&frame);
                if outcome == SendOutcome::TooLarge {
                    // Log at `debug` only: the client chooses its limit.
                    let size = frame.frame().len();
                    tracing::debug!(
                        %client, request, size,
                        "request rejected: the response exceeds max_msg_size of the client"
                    );
                }
                outcome
            }
            Err(error) => {
                tracing::error!(%client, request, %error, "response not sent: request rejected");
                match self.raw.reject() {
                    SendOutcome::Queued => error.into(),
                    outcome => outcome,
                }
            }
        }
    }

    /// Acknowledges the request without a response.
    pub fn ack(self) -> SendOutcome {
        let frame = wire::ack(self.raw.request());
        self.raw.answer(&frame)
    }

    /// Rejects the request.
    pub fn reject(self) -> SendOutcome {
        self.raw.reject()
    }
}

impl<C, R> fmt::Debug for RequestToken<C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestToken({:?}, request {})", self.raw.client_id(), self.raw.request())
    }
}
