//! Services: one handler for each message and request, instead of a loop over events.

mod context;
mod queue;
mod reply;
mod serving;
mod session;

use std::{future::Future, pin::Pin, sync::Arc};

pub use context::ServiceContext;
pub(super) use queue::{SessionEvents, SessionQueue};
pub use reply::Reply;
pub use serving::Serving;

use super::{sessions::RemoteClient, shared::Shared};
use crate::{channel::ChannelPack, wire::CloseReason};

/// A channel whose events a service of type `S` can handle.
///
/// Implemented by [`#[channel]`](macro@crate::channel) for every type that implements the channel's
/// `Service` trait.
#[diagnostic::on_unimplemented(
    message = "`{S}` is not a service of `{Self}`",
    label = "implement the `Service` trait of this channel for `{S}`",
    note = "the trait is in the channel's module and has one method for every message and request of a client"
)]
pub trait Serves<S>: ChannelPack {
    /// Handles the start of a session.
    #[doc(hidden)]
    fn connected(
        service: &S,
        context: ServiceContext<Self>,
        message: Self::ConnectMsg,
    ) -> impl Future<Output = ()> + Send;

    /// Handles a message of the client.
    #[doc(hidden)]
    fn message(
        service: &S,
        context: ServiceContext<Self>,
        message: Self::ClientMsg,
    ) -> impl Future<Output = ()> + Send;

    /// Handles a request of the client, and answers it by its token.
    #[doc(hidden)]
    fn request(
        service: &S,
        context: ServiceContext<Self>,
        request: Self::IncomingRequest,
    ) -> impl Future<Output = ()> + Send;

    /// Handles the end of a session.
    #[doc(hidden)]
    fn disconnected(
        service: &S,
        context: ServiceContext<Self>,
        reason: CloseReason,
    ) -> impl Future<Output = ()> + Send;
}

/// A service whose type is erased, so that the server does not depend on the type.
pub(super) trait AnyService<C: ChannelPack>: Send + Sync {
    /// Handles the events of one session, from its `Connected` to its `Disconnected`.
    fn serve<'a>(
        &'a self,
        shared: Arc<Shared<C>>,
        client: Arc<RemoteClient>,
        events: &'a SessionQueue<C>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
}

pub(super) struct Typed<S>(pub(super) S);

impl<C: Serves<S>, S: Send + Sync> AnyService<C> for Typed<S> {
    fn serve<'a>(
        &'a self,
        shared: Arc<Shared<C>>,
        client: Arc<RemoteClient>,
        events: &'a SessionQueue<C>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        let context = ServiceContext::new(shared, client);
        Box::pin(session::serve(&self.0, context, events))
    }
}
