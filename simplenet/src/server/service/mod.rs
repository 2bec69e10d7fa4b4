//! Serving with one handler per message and request, instead of taking events.

mod context;
mod earlier;
mod queue;
mod reply;
mod session;

use std::{future::Future, pin::Pin, sync::Arc};

pub use context::ServiceContext;
pub(super) use earlier::EarlierSessions;
pub(super) use queue::SessionQueue;
pub use reply::Reply;

use super::{Shared, remote_client::RemoteClient};
use crate::{ChannelPack, CloseReason};

/// A channel that knows how to hand its events to a service of type `S`.
///
/// Written by [`#[channel]`](macro@crate::channel) for everything that implements the channel's `Service` trait.
#[diagnostic::on_unimplemented(
    message = "`{S}` is not a service of `{Self}`",
    label = "implement the `Service` trait of this channel for `{S}`",
    note = "the trait stands in the channel's module and has one method for every message and request of a client"
)]
pub trait Serves<S>: ChannelPack {
    /// A session begins.
    #[doc(hidden)]
    fn connected(
        service: &S,
        context: ServiceContext<Self>,
        message: Self::ConnectMsg,
    ) -> impl Future<Output = ()> + Send;

    /// A client has sent a message.
    #[doc(hidden)]
    fn message(
        service: &S,
        context: ServiceContext<Self>,
        message: Self::ClientMsg,
    ) -> impl Future<Output = ()> + Send;

    /// A client has made a request; it is answered by its token.
    #[doc(hidden)]
    fn request(
        service: &S,
        context: ServiceContext<Self>,
        request: Self::IncomingRequest,
    ) -> impl Future<Output = ()> + Send;

    /// A session is over.
    #[doc(hidden)]
    fn disconnected(
        service: &S,
        context: ServiceContext<Self>,
        reason: CloseReason,
    ) -> impl Future<Output = ()> + Send;
}

/// A service whose type has been forgotten, so that the server need not know it.
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
