use std::{
    future::{Future, poll_fn},
    panic::AssertUnwindSafe,
    pin::pin,
    task::Poll,
};

use futures_util::{FutureExt, StreamExt, stream::FuturesUnordered};

use super::{Serves, ServiceContext, SessionEvents, SessionQueue};
use crate::{id::ClientId, server::events::Queued};

/// Handles the events of one session: messages one after the other, requests concurrently. Handlers
/// begin in the order of the events.
///
/// `max_in_flight` bounds the number of concurrent requests. When the session ends, the request
/// handlers that still run are dropped, because their answers could not be sent.
pub(super) async fn serve<C: Serves<S>, S>(
    service: &S,
    context: ServiceContext<C>,
    events: &SessionQueue<C>,
) {
    let client = context.client_id();
    let mut requests = FuturesUnordered::new();
    let mut drained = SessionEvents::default();
    loop {
        // Yield to the driver of the session from time to time, even if many events wait.
        tokio::task::coop::consume_budget().await;
        let Some(event) = drained.events.pop_front() else {
            context.client().release(drained.weight);
            drained = await_with(&mut requests, events.take()).await;
            continue;
        };
        match event {
            Queued::Connected(connected) => {
                let (_, message) = *connected;
                let hook = catch_panic(client, async {
                    C::connected(service, context.clone(), message).await;
                });
                await_with(&mut requests, hook).await;
                let mut session = context.client().link.lock();
                session.open();
                session.connected_handled();
            }
            Queued::Msg(message) => {
                let handler = catch_panic(client, async {
                    C::message(service, context.clone(), message).await;
                });
                await_with(&mut requests, handler).await;
            }
            Queued::Request(request) => {
                let context = context.clone();
                let mut handler = Box::pin(catch_panic(client, async move {
                    C::request(service, context, request).await;
                }));
                // Poll the handler once, so that it begins before the handlers of later events.
                let begin = poll_fn(|context| Poll::Ready(handler.as_mut().poll(context)));
                if begin.await.is_pending() {
                    requests.push(handler);
                }
            }
            Queued::Disconnected(reason) => {
                requests.clear();
                catch_panic(client, async {
                    C::disconnected(service, context, reason).await;
                })
                .await;
                return;
            }
        }
    }
}

/// Awaits the future, and polls the request handlers meanwhile.
async fn await_with<R, F>(requests: &mut FuturesUnordered<R>, future: F) -> F::Output
where
    R: Future<Output = ()>,
    F: Future,
{
    let mut future = pin!(future);
    loop {
        tokio::select! {
            biased;
            output = &mut future => return output,
            Some(()) = requests.next(), if !requests.is_empty() => {}
        }
    }
}

/// Runs a handler and catches its panic, so that the panic affects only the client of this handler.
/// The panic drops the token of a request, which rejects the request.
async fn catch_panic(client: ClientId, handler: impl Future<Output = ()>) {
    if let Err(panic) = AssertUnwindSafe(handler).catch_unwind().await {
        let text = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("(no message)");
        tracing::error!(%client, panic = text, "handler of the service panicked");
    }
}
