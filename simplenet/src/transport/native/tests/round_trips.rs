//! Messages between a client and a server, over a stream that holds few bytes.

use std::{future::poll_fn, task::Waker, time::Duration};

use tokio::io::{DuplexStream, duplex};
use tokio_tungstenite::tungstenite::protocol::Role;

use super::super::*;
use crate::net::Metered;

/// The number of bytes that the stream holds in each direction.
const STREAM_BYTES: usize = 1000;

const LIMITS: WebSocketLimits = WebSocketLimits { max_message: 4 * 1024 * 1024 };

fn pair() -> (NativeTransport<DuplexStream>, NativeTransport<DuplexStream>) {
    let (client, server) = duplex(STREAM_BYTES);
    let end = |stream, role, side| {
        let stream = NonBlocking::new(ByteStream::Clear(Metered::new(stream, HANDSHAKE_BYTES)));
        let socket = WebSocket::from_raw_socket(stream, role, Some(handshake_config()));
        let mut transport = NativeTransport::new(socket, side, LIMITS);
        transport.accept_peer();
        transport
    };
    (end(client, Role::Client, Side::Client), end(server, Role::Server, Side::Server))
}

/// Returns a message whose bytes depend on their positions.
fn message(size: usize) -> Bytes {
    (0..size).map(|index| (index % 251) as u8).collect()
}

/// Runs both futures to their ends, which must come soon.
async fn both<A, B>(first: impl Future<Output = A>, second: impl Future<Output = B>) -> (A, B) {
    let both = async { tokio::join!(first, second) };
    tokio::time::timeout(Duration::from_secs(20), both).await.expect("a deadlock")
}

/// Sends a message, flushes it, and receives it at the other end.
async fn transfer<S: Transport, R: Transport>(
    sender: &mut S,
    receiver: &mut R,
    sent: Bytes,
) -> Bytes {
    let sending = async {
        poll_fn(|context| sender.poll_ready(context)).await.unwrap();
        sender.start_send(sent).unwrap();
        poll_fn(|context| sender.poll_flush(context)).await.unwrap();
    };
    let receiving = poll_fn(|context| receiver.poll_receive(context));
    both(sending, receiving).await.1.unwrap()
}

#[tokio::test]
async fn messages_of_all_sizes_arrive_unchanged_in_both_directions() {
    let (mut client, mut server) = pair();
    let sizes = [0, 1, 125, 126, SMALL, SMALL + 1, 65_535, 65_536, 131_072, 131_073, 1_000_000];
    for size in sizes {
        let sent = message(size);
        // A client masks a message in place, unless its memory is shared.
        let (shared, unshared) = (sent.clone(), message(size));
        assert!(transfer(&mut server, &mut client, sent.clone()).await == sent, "{size} to client");
        assert!(transfer(&mut client, &mut server, unshared).await == sent, "{size} to server");
        assert!(transfer(&mut client, &mut server, shared).await == sent, "{size}, shared");
    }
}

/// Closes the server's end, and asserts that the client receives the close and nothing before it.
async fn assert_close_is_received<S: Transport, R: Transport>(server: &mut S, client: &mut R) {
    server.start_close(&CloseReason::TakenOver).unwrap();
    let closing = async {
        poll_fn(|context| server.poll_flush(context)).await.unwrap();
    };
    let receiving = poll_fn(|context| client.poll_receive(context));
    let (_, received) = both(closing, receiving).await;
    assert!(
        matches!(received, Err(TransportError::Closed(CloseReason::TakenOver))),
        "{received:?}"
    );
}

#[tokio::test]
async fn close_cuts_a_message_between_its_fragments() {
    let (mut client, mut server) = pair();
    server.start_send(message(1_000_000)).unwrap();
    let mut context = Context::from_waker(Waker::noop());
    assert!(server.poll_flush(&mut context).is_pending(), "the stream is full");
    assert_close_is_received(&mut server, &mut client).await;
}

#[tokio::test]
async fn close_drops_a_large_message_that_has_not_begun() {
    let (mut client, mut server) = pair();
    server.start_send(message(100_000)).unwrap();
    assert_close_is_received(&mut server, &mut client).await;
}
