//! Raw peers, which write every byte themselves, so they can send bytes that no library would.
//!
//! They have a second implementation of the HTTP upgrade, the WebSocket frames of RFC 6455 and the
//! frames of `docs/protocol.md`. This second implementation reveals mistakes that the library makes
//! in its encoder and its decoder alike.

pub mod code;
mod fields;
mod hello;
mod refused;
mod server;
pub mod websocket;

use std::{collections::VecDeque, time::Duration};

use simplenet::Url;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub use self::{
    fields::{bytes, text, varint},
    hello::{Auth, Hello},
    refused::{RawChange, RawMismatch, Refused},
    server::RawServer,
};
use crate::harness::soon;

/// One end of a TCP connection, with its own implementation of WebSocket.
#[derive(Debug)]
pub struct RawPeer {
    stream: TcpStream,
    /// The bytes that were read and not decoded yet.
    unread: Vec<u8>,
    /// The frames of the last message that were not received yet.
    frames: VecDeque<Vec<u8>>,
    /// True if this end masks its frames, as a client must.
    masks: bool,
    /// True after the welcome. From then on, each frame has its length before it.
    packs: bool,
}

/// A frame from the other end, or the end of the connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    /// A frame.
    Frame(Vec<u8>),
    /// A close, with its code and text.
    Close(u16, String),
    /// The connection has ended.
    End,
}

impl RawPeer {
    /// Opens a TCP connection without sending anything.
    pub async fn dial(url: &Url) -> Self {
        let address = url.socket_addrs(|| None).expect("an address")[0];
        let stream = soon("a connection", TcpStream::connect(address)).await.expect("a server");
        Self::new(stream, true)
    }

    fn new(stream: TcpStream, masks: bool) -> Self {
        Self { stream, unread: Vec::new(), frames: VecDeque::new(), masks, packs: false }
    }

    /// Opens a connection, and upgrades it to a WebSocket.
    pub async fn upgraded(url: &Url) -> Self {
        let mut peer = Self::dial(url).await;
        peer.write(websocket::upgrade(url.path()).as_bytes()).await;
        let response = peer.http_head().await;
        assert!(response.starts_with("HTTP/1.1 101 "), "{response}");
        let accept = format!("sec-websocket-accept: {}\r\n", websocket::ACCEPT.to_lowercase());
        assert!(response.to_lowercase().contains(&accept), "{response}");
        peer
    }

    /// Returns true if the response accepts the upgrade. Any other response stays unread.
    pub async fn is_upgraded(&mut self) -> bool {
        soon("the answer to an upgrade", async {
            loop {
                if let Some(end) = self.head_end() {
                    let is_accepted = self.unread.starts_with(b"HTTP/1.1 101 ");
                    if is_accepted {
                        self.unread.drain(..end);
                    }
                    return is_accepted;
                }
                if !self.read().await {
                    return false;
                }
            }
        })
        .await
    }

    /// Connects a client, and waits for its welcome.
    pub async fn welcomed(url: &Url, hello: &Hello) -> Self {
        let mut peer = Self::upgraded(url).await;
        peer.send(&hello.encode()).await;
        match peer.receive().await {
            Received::Frame(frame) if frame.first() == Some(&0x41) => peer,
            other => panic!("expected a welcome, got {other:02x?}"),
        }
    }

    /// Writes the bytes unchanged. Returns false if the other end has closed the connection.
    pub async fn write(&mut self, bytes: &[u8]) -> bool {
        soon("a completed write", self.stream.write_all(bytes)).await.is_ok()
    }

    /// Writes the bytes one by one, until the other end sends something.
    pub async fn write_byte_by_byte(&mut self, bytes: &[u8], pause: Duration) {
        let mut interval = tokio::time::interval(pause);
        for byte in bytes.chunks(1) {
            tokio::select! {
                _ = self.stream.readable() => return,
                _ = interval.tick() => {}
            }
            self.write(byte).await;
        }
    }

    /// Writes the bytes repeatedly until the other end closes the connection. Bytes from the other
    /// end are buffered.
    pub async fn write_endlessly(&mut self, bytes: &[u8]) {
        let flood = bytes.repeat(16 * 1024 / bytes.len());
        let (mut reading, mut writing) = self.stream.split();
        let unread = &mut self.unread;
        soon("the end of an endless writer", async {
            let mut written = 0;
            while written < 16 * 1024 * 1024 {
                let ended = tokio::select! {
                    biased;
                    count = reading.read_buf(unread) => !matches!(count, Ok(1..)),
                    result = writing.write(&flood[written % flood.len()..]) => {
                        written += result.as_ref().unwrap_or(&0);
                        result.is_err()
                    }
                };
                if ended {
                    return;
                }
            }
            panic!("the other end reads without limit");
        })
        .await;
    }

    /// Sends a frame as a binary message. A server's welcome begins the session.
    pub async fn send(&mut self, frame: &[u8]) -> bool {
        let sent = self.write(&self.binary(frame)).await;
        self.packs |= is_welcome(frame);
        sent
    }

    /// Sends a binary message, whose frames have their lengths before them already.
    pub async fn send_message(&mut self, message: &[u8]) -> bool {
        self.send_websocket(websocket::BINARY, message).await
    }

    /// Sends a WebSocket frame with `first` as its first byte.
    pub async fn send_websocket(&mut self, first: u8, payload: &[u8]) -> bool {
        self.write(&websocket::frame(first, payload, self.masks)).await
    }

    /// Encodes a binary message with one frame, as this end must write it.
    pub fn binary(&self, frame: &[u8]) -> Vec<u8> {
        if self.packs {
            websocket::frame(websocket::BINARY, &packed(frame), self.masks)
        } else {
            websocket::frame(websocket::BINARY, frame, self.masks)
        }
    }

    /// Closes the writing half, and continues reading.
    pub async fn finish(&mut self) {
        // Fails if the other end has disconnected.
        let _ = self.stream.shutdown().await;
    }

    /// Receives the next frame. Cancel-safe.
    pub async fn receive(&mut self) -> Received {
        soon("a message from the other end", async {
            loop {
                if let Some(frame) = self.frames.pop_front() {
                    return Received::Frame(frame);
                }
                match websocket::split(&mut self.unread) {
                    Some((websocket::BINARY, payload)) if self.packs => {
                        self.frames = unpacked(&payload).into();
                    }
                    Some((websocket::BINARY, payload)) => {
                        self.packs = is_welcome(&payload);
                        return Received::Frame(payload);
                    }
                    Some((websocket::CLOSE, payload)) => {
                        let (code, text) = payload.split_at_checked(2).expect("a close code");
                        let text = String::from_utf8(text.to_vec()).expect("a reason in UTF-8");
                        return Received::Close(u16::from_be_bytes([code[0], code[1]]), text);
                    }
                    Some((websocket::PING | websocket::PONG, _)) => {}
                    Some((first, _)) => panic!("an unexpected frame {first:#04x}"),
                    None if self.read().await => {}
                    None => return Received::End,
                }
            }
        })
        .await
    }

    /// Waits for the close, answers it, and returns it. Messages before it are skipped.
    pub async fn close(&mut self) -> (u16, String) {
        loop {
            match self.receive().await {
                Received::Frame(_) => {}
                Received::Close(code, text) => {
                    self.finish().await;
                    return (code, text);
                }
                Received::End => panic!("the connection ended without a close"),
            }
        }
    }

    /// Receives a refusal and the code of the close that follows.
    pub async fn refused(&mut self) -> (Refused, u16) {
        let refused = match self.receive().await {
            Received::Frame(frame) => Refused::decode(&frame),
            other => panic!("expected a refusal, got {other:02x?}"),
        };
        match self.receive().await {
            Received::Close(code, _) => (refused, code),
            other => panic!("expected a close, got {other:02x?}"),
        }
    }

    /// Waits until the other end closes the connection, and returns the bytes that it sent before.
    pub async fn end(&mut self) -> Vec<u8> {
        while soon("the end of the connection", self.read()).await {}
        std::mem::take(&mut self.unread)
    }

    /// Reads the head of an HTTP message, up to its empty line.
    pub async fn http_head(&mut self) -> String {
        loop {
            if let Some(end) = self.head_end() {
                let head = self.unread.drain(..end).collect();
                return String::from_utf8(head).expect("a head in UTF-8");
            }
            assert!(soon("an HTTP head", self.read()).await, "the connection ended");
        }
    }

    fn head_end(&self) -> Option<usize> {
        self.unread.windows(4).position(|window| window == b"\r\n\r\n").map(|start| start + 4)
    }

    /// Reads more bytes. Returns false at the end of the connection.
    async fn read(&mut self) -> bool {
        matches!(self.stream.read_buf(&mut self.unread).await, Ok(1..))
    }
}

/// Puts the length of a frame before it.
pub fn packed(frame: &[u8]) -> Vec<u8> {
    bytes(frame)
}

/// Returns the frames of a message.
pub fn unpacked(message: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = fields::Fields(message);
    let mut frames = Vec::new();
    while !rest.0.is_empty() {
        frames.push(rest.bytes().to_vec());
    }
    assert!(!frames.is_empty(), "a message without a frame");
    frames
}

fn is_welcome(frame: &[u8]) -> bool {
    frame.first() == Some(&0x41)
}

/// Encodes a message of a client.
pub fn message(payload: &[u8]) -> Vec<u8> {
    [&[0x02], payload].concat()
}

/// Encodes a request.
pub fn request(id: u64, payload: &[u8]) -> Vec<u8> {
    [&[0x03], &varint(id)[..], payload].concat()
}

/// Encodes a fresh token.
pub fn token(token: &[u8]) -> Vec<u8> {
    [&[0x04], token].concat()
}

/// Encodes a ping.
pub fn ping(nonce: u64) -> Vec<u8> {
    [&[0x10], &varint(nonce)[..]].concat()
}

/// Encodes a response.
pub fn response(id: u64, payload: &[u8]) -> Vec<u8> {
    [&[0x44], &varint(id)[..], payload].concat()
}
