//! Tests of the bytes that a server writes, with a peer that reads slowly.

mod buffers;
#[cfg(feature = "client")]
mod round_trips;

use std::future::poll_fn;

use futures_util::task::noop_waker_ref;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use super::*;
use crate::net::Metered;

/// The size in bytes of a message that is written from its own memory.
const LARGE: usize = 100_000;

/// Returns a server's end, and a peer that has space for a few bytes.
fn accepted() -> (NativeTransport<DuplexStream>, DuplexStream) {
    let (peer, stream) = duplex(4096);
    let stream = ByteStream::Clear(Metered::new(stream, u64::MAX));
    let mut transport =
        NativeTransport::from_upgraded(stream, WebSocketLimits::for_frames(1 << 20));
    transport.accept_peer();
    (transport, peer)
}

fn large_frame() -> Vec<u8> {
    [&[0x82, 127], &(LARGE as u64).to_be_bytes()[..], &[7; LARGE]].concat()
}

/// Flushes the transport, while the peer reads `length` bytes.
async fn flushed(
    transport: &mut NativeTransport<DuplexStream>,
    peer: &mut DuplexStream,
    length: usize,
) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let flushing = poll_fn(|context| transport.poll_flush(context));
    let (flushed, read) = tokio::join!(flushing, peer.read_exact(&mut bytes));
    assert!(flushed.is_ok() && read.is_ok());
    bytes
}

/// Returns a server's end whose large frame is incomplete, and its peer with the bytes that the peer
/// has read. There is space for further bytes.
async fn with_incomplete_frame() -> (NativeTransport<DuplexStream>, DuplexStream, Vec<u8>) {
    let (mut transport, mut peer) = accepted();
    let mut context = Context::from_waker(noop_waker_ref());
    assert!(transport.poll_ready(&mut context).is_ready());
    transport.start_send(vec![7; LARGE].into()).unwrap();
    assert!(transport.poll_flush(&mut context).is_pending());
    let mut received = vec![0; 1000];
    peer.read_exact(&mut received).await.unwrap();
    (transport, peer, received)
}

#[tokio::test]
async fn answer_to_a_ping_follows_an_incomplete_frame() {
    let (mut transport, mut peer, mut received) = with_incomplete_frame().await;
    let mut context = Context::from_waker(noop_waker_ref());
    peer.write_all(&[0x89, 0x84, 0, 0, 0, 0, b'p', b'i', b'n', b'g']).await.unwrap();
    for _ in 0..3 {
        assert!(transport.poll_receive(&mut context).is_pending());
    }
    let expected = [&large_frame()[..], &[0x8a, 4, b'p', b'i', b'n', b'g']].concat();
    let rest = expected.len() - received.len();
    received.extend(flushed(&mut transport, &mut peer, rest).await);
    assert!(received == expected);
}

#[tokio::test]
async fn large_message_follows_the_buffered_messages() {
    let (mut transport, mut peer) = accepted();
    let mut context = Context::from_waker(noop_waker_ref());
    for message in [vec![1], vec![2], vec![7; LARGE]] {
        assert!(transport.poll_ready(&mut context).is_ready());
        transport.start_send(message.into()).unwrap();
    }
    let expected = [&[0x82, 1, 1, 0x82, 1, 2][..], &large_frame()].concat();
    assert!(flushed(&mut transport, &mut peer, expected.len()).await == expected);
}

#[tokio::test]
async fn close_follows_an_incomplete_frame() {
    let (mut transport, mut peer, mut received) = with_incomplete_frame().await;
    transport.start_close(&CloseReason::ShutDown).unwrap();
    let mut expected = large_frame();
    let rest = expected.len() + 4 - received.len();
    received.extend(flushed(&mut transport, &mut peer, rest).await);
    let code = CloseReason::ShutDown.close_code().to_be_bytes();
    expected.extend([0x88, received[expected.len() + 1], code[0], code[1]]);
    assert!(received == expected);
}
