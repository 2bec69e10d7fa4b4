//! A TCP proxy between real peers that injects the faults of networks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use simplenet::Url;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::{JoinHandle, JoinSet},
};

/// A proxy in front of a server. Clients connect to [`Proxy::url`]. The proxy ends when it is
/// dropped.
#[derive(Debug)]
pub struct Proxy {
    url: Url,
    lanes: [Arc<Lane>; 2],
    accepting: JoinHandle<()>,
}

/// The direction of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From a client.
    ToServer,
    /// From the server.
    ToClient,
}

/// The faults of one direction of the first connection. Later connections have none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// The delay of each write.
    pub delay: Duration,
    /// The largest number of bytes in one write. `None` means no limit.
    pub max_write: Option<usize>,
    /// The number of bytes after which the connection is closed on both sides.
    pub cut_at: Option<u64>,
    /// The index of the bit to invert, counted from the lowest bit of the first byte.
    pub flip: Option<u64>,
}

/// One direction of all connections.
#[derive(Debug, Default)]
struct Lane {
    frozen: AtomicBool,
    transferred: AtomicU64,
}

impl Proxy {
    /// Starts a proxy without faults.
    pub async fn start(server: &Url) -> Self {
        Self::with_faults(server, Faults::default(), Faults::default()).await
    }

    /// Starts a proxy with faults in its first connection.
    pub async fn with_faults(server: &Url, to_server: Faults, to_client: Faults) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let lanes: [Arc<Lane>; 2] = Default::default();
        let accepting = accept(listener, server.clone(), lanes.clone(), [to_server, to_client]);
        Self {
            url: Url::parse(&format!("ws://{address}/")).expect("a URL"),
            lanes,
            accepting: tokio::spawn(accepting),
        }
    }

    /// Returns the URL for clients.
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// Drops all bytes in this direction from now on, while TCP stays connected. A connection that
    /// has lost bytes never transfers any again.
    pub fn freeze(&self, direction: Direction) {
        self.lane(direction).frozen.store(true, Ordering::SeqCst);
    }

    /// Lets new connections transfer bytes in this direction again.
    pub fn unfreeze(&self, direction: Direction) {
        self.lane(direction).frozen.store(false, Ordering::SeqCst);
    }

    /// Returns the number of bytes transferred so far.
    pub fn transferred(&self, direction: Direction) -> u64 {
        self.lane(direction).transferred.load(Ordering::SeqCst)
    }

    fn lane(&self, direction: Direction) -> &Lane {
        &self.lanes[direction as usize]
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, server: Url, lanes: [Arc<Lane>; 2], first: [Faults; 2]) {
    let address = server.socket_addrs(|| None).expect("an address")[0];
    let mut faults = first;
    // When this task ends, the set and its connections are dropped.
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let lanes = lanes.clone();
        let [to_server, to_client] = std::mem::take(&mut faults);
        connections.spawn(async move {
            // If the server refuses the connection, the proxy closes the client's connection.
            let Ok(server) = TcpStream::connect(address).await else {
                return;
            };
            // With Nagle's algorithm, the system would join the pieces again.
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let (from_client, into_client) = client.into_split();
            let (from_server, into_server) = server.into_split();
            let up = forward(from_client, into_server, &lanes[0], to_server);
            let down = forward(from_server, into_client, &lanes[1], to_client);
            tokio::pin!(up, down);
            // A cut drops both connections.
            let (ended, other) = tokio::select! {
                ended = &mut up => (ended, down),
                ended = &mut down => (ended, up),
            };
            if ended == Ended::Closed {
                other.await;
            }
        });
    }
}

/// The end of a direction.
#[derive(PartialEq, Eq)]
enum Ended {
    /// The sender closed it.
    Closed,
    Cut,
}

async fn forward(
    mut from: OwnedReadHalf,
    mut into: OwnedWriteHalf,
    lane: &Lane,
    faults: Faults,
) -> Ended {
    let mut buffer = vec![0; 16 * 1024];
    let mut offset = 0;
    loop {
        // A reset by the sender counts as closed.
        let length = from.read(&mut buffer).await.unwrap_or(0);
        if lane.frozen.load(Ordering::SeqCst) {
            break;
        }
        if length == 0 {
            let _ = into.shutdown().await;
            return Ended::Closed;
        }
        let mut bytes = &mut buffer[..length];
        flip(bytes, offset, faults.flip);
        if let Some(cut_at) = faults.cut_at {
            let left = usize::try_from(cut_at - offset).unwrap_or(usize::MAX);
            bytes = &mut bytes[..left.min(length)];
        }
        for piece in bytes.chunks(faults.max_write.unwrap_or(length)) {
            if !faults.delay.is_zero() {
                tokio::time::sleep(faults.delay).await;
            }
            // Fails if the receiver has disconnected. Then the other direction ends as well.
            let _ = into.write_all(piece).await;
            tokio::task::yield_now().await;
        }
        offset += bytes.len() as u64;
        lane.transferred.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        if faults.cut_at == Some(offset) {
            return Ended::Cut;
        }
    }
    // A frozen direction discards everything that it reads, and does not forward the end.
    while from.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
    std::future::pending().await
}

fn flip(bytes: &mut [u8], offset: u64, bit: Option<u64>) {
    if let Some(bit) = bit
        && let Some(index) = (bit / 8).checked_sub(offset)
        && let Some(byte) = usize::try_from(index).ok().and_then(|index| bytes.get_mut(index))
    {
        *byte ^= 1 << (bit % 8);
    }
}
