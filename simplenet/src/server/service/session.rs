use std::{
    future::{Future, poll_fn},
    panic::AssertUnwindSafe,
    pin::pin,
    task::Poll,
};

use futures_util::{FutureExt, StreamExt, stream::FuturesUnordered};

use super::{Serves, ServiceContext, SessionQueue};
use crate::{
    ClientId,
    server::{ServerEvent, ServerReport},
};

/// Handles the events of one session: messages one after the other, requests side by side. Handlers begin in the order of
/// what they handle.
///
/// The number of requests is bounded by the session's cap. When the session is over, those that still run are dropped:
/// nobody waits for their answer.
pub(super) async fn serve<C: Serves<S>, S>(
    service: &S,
    context: ServiceContext<C>,
    events: &SessionQueue<C>,
) {
    let client = context.client_id();
    let mut requests = FuturesUnordered::new();
    loop {
        // However many events there are, the session itself gets its turn.
        tokio::task::coop::consume_budget().await;
        let queued = beside(&mut requests, events.next()).await;
        context.client().release(queued.weight_in_share());
        match queued.event {
            ServerEvent::Report(ServerReport::Connected(_, message)) => {
                let hook = guarded(client, async {
                    C::connected(service, context.clone(), message).await;
                });
                beside(&mut requests, hook).await;
                let mut session = context.client().link.lock();
                session.open();
                session.greeted();
            }
            ServerEvent::Msg(message) => {
                let handler = guarded(client, async {
                    C::message(service, context.clone(), message).await;
                });
                beside(&mut requests, handler).await;
            }
            ServerEvent::Request(request) => {
                let context = context.clone();
                let mut handler = Box::pin(guarded(client, async move {
                    C::request(service, context, request).await;
                }));
                // It begins before whatever the client has sent behind it.
                let begin = poll_fn(|context| Poll::Ready(handler.as_mut().poll(context)));
                if begin.await.is_pending() {
                    requests.push(handler);
                }
            }
            ServerEvent::Report(ServerReport::Disconnected(reason)) => {
                requests.clear();
                guarded(client, async {
                    C::disconnected(service, context, reason).await;
                })
                .await;
                return;
            }
        }
    }
}

/// The future's output; meanwhile the requests go on.
async fn beside<R, F>(requests: &mut FuturesUnordered<R>, future: F) -> F::Output
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

/// A handler that panics harms only its own client: its token rejects the request.
async fn guarded(client: ClientId, handler: impl Future<Output = ()>) {
    if let Err(panic) = AssertUnwindSafe(handler).catch_unwind().await {
        let text = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no text");
        tracing::error!(%client, panic = text, "a handler of the service panicked");
    }
}
