//! The buffers of the WebSocket layer and of TLS.

use std::{
    io::Cursor,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::tungstenite::{Message, WebSocket, protocol::Role};

use super::super::*;
use crate::{net::Metered, sync::lock};

/// A stream that blocks like one of OpenSSL: it takes the bytes of a blocked write, and the next
/// write must begin with the same bytes.
#[derive(Default)]
struct BlockedStream {
    is_open: Arc<AtomicBool>,
    taken: Option<Vec<u8>>,
    written: Arc<Mutex<Vec<u8>>>,
}

impl AsyncRead for BlockedStream {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

impl AsyncWrite for BlockedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let taken = self.taken.take().unwrap_or_else(|| bytes.to_vec());
        assert!(bytes.starts_with(&taken), "other bytes follow a blocked write");
        if !self.is_open.load(Ordering::Relaxed) {
            self.taken = Some(taken);
            return Poll::Pending;
        }
        lock(&self.written).extend_from_slice(&taken);
        Poll::Ready(Ok(taken.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[test]
fn close_after_a_blocked_write_does_not_interrupt_its_frame() {
    let stream = BlockedStream::default();
    let (is_open, written) = (stream.is_open.clone(), stream.written.clone());
    let stream = ByteStream::Clear(Metered::new(stream, u64::MAX));
    let limits = WebSocketLimits::for_frames(1024 * 1024);
    let mut transport = NativeTransport::from_upgraded(stream, limits);
    let mut context = Context::from_waker(Waker::noop());
    let message = Bytes::from(vec![7; 2 * SMALL]);
    transport.start_send(message.clone()).unwrap();
    assert!(transport.poll_flush(&mut context).is_pending());
    transport.start_close(&CloseReason::SlowConsumer).unwrap();
    is_open.store(true, Ordering::Relaxed);
    assert!(transport.poll_flush(&mut context).is_ready());

    let received = Cursor::new(lock(&written).clone());
    let mut peer = WebSocket::from_raw_socket(received, Role::Client, None);
    assert_eq!(peer.read().unwrap(), Message::Binary(message));
    assert!(matches!(peer.read(), Ok(Message::Close(Some(_)))));
}

/// A stream that contains these bytes.
struct Incoming(Cursor<Vec<u8>>);

impl AsyncRead for Incoming {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Incoming {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[test]
fn buffer_of_a_large_message_is_not_reused() {
    const SMALL_MESSAGES: usize = 1000;
    let mut peer = WebSocket::from_raw_socket(Cursor::new(Vec::new()), Role::Client, None);
    peer.send(Message::Binary(vec![1; 1_000_000].into())).unwrap();
    for _ in 0..SMALL_MESSAGES {
        peer.send(Message::Binary(vec![2; 10].into())).unwrap();
    }
    let incoming = Incoming(Cursor::new(peer.get_ref().get_ref().clone()));
    let stream = ByteStream::Clear(Metered::new(incoming, u64::MAX));
    let limits = WebSocketLimits::for_frames(1024 * 1024);
    let mut transport = NativeTransport::from_upgraded(stream, limits);
    transport.accept_peer();
    let mut receive = || match transport.poll_receive(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(message)) => message.as_ptr_range(),
        other => panic!("{other:?}"),
    };
    let large = receive();
    for _ in 1..SMALL_MESSAGES {
        receive();
    }
    assert!(!large.contains(&receive().start), "the layer has kept the buffer");
}
