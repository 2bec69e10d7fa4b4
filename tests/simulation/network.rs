//! A simulated network in virtual time below the native transport: reliable byte streams with
//! delays, windows, splits and faults.
//!
//! Many hosts dial one server. Each host is one client process, so a fault of a host affects only
//! one process.

mod pipe;
mod stream;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    future::poll_fn,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
    time::Duration,
};

use fastrand::Rng;
use simplenet::net::{Dial, Listen};
use tokio::{sync::Notify, time::Instant};

use self::pipe::Pipe;
pub(crate) use self::stream::Stream;

/// The behavior of the network without faults.
#[derive(Clone, Debug)]
pub(crate) struct NetworkConditions {
    pub(crate) latency: std::ops::Range<u64>,
    /// Number of bytes in transit in one direction before the sender has to wait.
    pub(crate) window: usize,
    /// True if reads and writes are split into random parts.
    pub(crate) splits: bool,
    /// True if a reset discards the bytes that its receiver has not read.
    pub(crate) resets_discard: bool,
}

#[derive(Clone)]
pub(crate) struct Network {
    state: Arc<Mutex<State>>,
    /// Wakes the dials of held hosts when a host is released.
    released: Arc<Notify>,
}

struct State {
    rng: Rng,
    conditions: NetworkConditions,
    listener: Option<Backlog>,
    generation: u64,
    connections: BTreeMap<u64, Connection>,
    next_connection: u64,
    held: BTreeMap<u32, Direction>,
    /// Hosts whose connections are refused.
    dead_hosts: BTreeSet<u32>,
    /// Wakers to wake after the state is unlocked.
    wakers: Vec<Waker>,
}

struct Backlog {
    generation: u64,
    waiting: VecDeque<(Stream, SocketAddr)>,
    acceptor: Option<Waker>,
}

/// A connection between a host and the server. Its directions are indexed by the writing side.
struct Connection {
    host: u32,
    pipes: [Pipe; 2],
    dropped: [bool; 2],
}

pub(crate) const CLIENT: usize = 0;
pub(crate) const SERVER: usize = 1;

/// The direction of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    ToServer,
    ToClient,
    Both,
}

impl Direction {
    fn is_written_by(self, side: usize) -> bool {
        match self {
            Self::Both => true,
            Self::ToServer => side == CLIENT,
            Self::ToClient => side == SERVER,
        }
    }
}

impl Network {
    pub(crate) fn new(rng: Rng, conditions: NetworkConditions) -> Self {
        let state = State {
            rng,
            conditions,
            listener: None,
            generation: 0,
            connections: BTreeMap::new(),
            next_connection: 0,
            held: BTreeMap::new(),
            dead_hosts: BTreeSet::new(),
            wakers: Vec::new(),
        };
        Self { state: Arc::new(Mutex::new(state)), released: Arc::default() }
    }

    /// Binds the server's port, which has one listener at a time.
    pub(crate) fn listen(&self) -> io::Result<Listener> {
        let mut state = self.lock();
        if state.listener.is_some() {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        state.generation += 1;
        let generation = state.generation;
        state.listener = Some(Backlog { generation, waiting: VecDeque::new(), acceptor: None });
        Ok(Listener { network: self.clone(), generation })
    }

    /// Returns the dialer of the client process `host`.
    pub(crate) fn dialer(&self, host: u32) -> Dialer {
        Dialer { network: self.clone(), host }
    }

    /// Holds back new connections of the host, and bytes in the given direction, until
    /// [`Network::release`] is called.
    pub(crate) fn hold(&self, host: u32, direction: Direction) {
        self.update(|state| {
            state.held.insert(host, direction);
            for connection in state.connections_of(Some(host)) {
                for side in [CLIENT, SERVER] {
                    connection.pipes[side].held |= direction.is_written_by(side);
                }
            }
        });
    }

    /// Releases held bytes and connections.
    pub(crate) fn release(&self, host: u32) {
        self.update(|state| {
            state.held.remove(&host);
            let mut wakers = Vec::new();
            for connection in state.connections_of(Some(host)) {
                for pipe in &mut connection.pipes {
                    pipe.held = false;
                    wakers.extend(pipe.wakers());
                }
            }
            state.wakers.append(&mut wakers);
        });
        self.released.notify_waiters();
    }

    /// Ends every temporary fault, and makes the network fast. On a slow network, queued bytes
    /// could delay new bytes beyond every timeout.
    pub(crate) fn heal(&self) {
        self.update(|state| {
            state.conditions.latency = 0..20;
            state.conditions.window = 262_144;
        });
        let held: Vec<u32> = self.lock().held.keys().copied().collect();
        held.into_iter().for_each(|host| self.release(host));
    }

    /// Drops all bytes on the current connections of a host, or of all hosts, without notice.
    pub(crate) fn blackhole(&self, host: Option<u32>) {
        self.update(|state| {
            for connection in state.connections_of(host) {
                connection.pipes.iter_mut().for_each(Pipe::blackhole);
            }
        });
    }

    /// Breaks the current connections of a host, or of all hosts, at a random byte in transit.
    pub(crate) fn cut(&self, host: Option<u32>) {
        self.update(|state| {
            let mut rng = state.rng.fork();
            let mut wakers = Vec::new();
            for connection in state.connections_of(host) {
                for pipe in &mut connection.pipes {
                    pipe.cut(&mut rng);
                    wakers.extend(pipe.wakers());
                }
            }
            state.wakers.append(&mut wakers);
        });
    }

    /// Refuses all later connections of the host.
    pub(crate) fn mark_dead(&self, host: u32) {
        self.lock().dead_hosts.insert(host);
    }

    /// Frees the server's port, as if the server process had died.
    pub(crate) fn close_port(&self) {
        let backlog = self.lock().listener.take();
        drop(backlog);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state. Wakes tasks only after the lock is released, because a waker may lock the
    /// state.
    fn update<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        let (result, wakers) = {
            let mut state = self.lock();
            (f(&mut state), std::mem::take(&mut state.wakers))
        };
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    fn connect(&self, host: u32) -> io::Result<Stream> {
        let mut streams = None;
        self.update(|state| {
            if state.listener.is_none() || state.dead_hosts.contains(&host) {
                return;
            }
            let id = state.next_connection;
            state.next_connection += 1;
            let connection =
                Connection { host, pipes: [Pipe::new(), Pipe::new()], dropped: [false, false] };
            state.connections.insert(id, connection);
            let address = SocketAddr::from(([10, 0, 0, 1], 1024 + (id % 50_000) as u16));
            let server_end = Stream::new(self.clone(), id, SERVER);
            if let Some(backlog) = &mut state.listener {
                backlog.waiting.push_back((server_end, address));
                state.wakers.extend(backlog.acceptor.take());
            }
            streams = Some(Stream::new(self.clone(), id, CLIENT));
        });
        streams.ok_or_else(|| io::ErrorKind::ConnectionRefused.into())
    }
}

impl State {
    fn connections_of(&mut self, host: Option<u32>) -> impl Iterator<Item = &mut Connection> {
        self.connections
            .values_mut()
            .filter(move |connection| host.is_none_or(|host| connection.host == host))
    }

    fn latency(&mut self) -> Duration {
        Duration::from_millis(self.rng.u64(self.conditions.latency.clone()))
    }
}

/// The server's address.
const ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), 80);

/// The server's port.
pub(crate) struct Listener {
    network: Network,
    generation: u64,
}

impl Listen for Listener {
    type Stream = Stream;

    async fn accept(&mut self) -> io::Result<(Stream, SocketAddr)> {
        poll_fn(|context| {
            let mut state = self.network.lock();
            let Some(backlog) =
                state.listener.as_mut().filter(|backlog| backlog.generation == self.generation)
            else {
                return Poll::Pending;
            };
            match backlog.waiting.pop_front() {
                Some(accepted) => Poll::Ready(Ok(accepted)),
                None => {
                    backlog.acceptor = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(ADDRESS)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let backlog = {
            let mut state = self.network.lock();
            state.listener.take_if(|backlog| backlog.generation == self.generation)
        };
        drop(backlog);
    }
}

/// The path of one host to the server.
#[derive(Clone)]
pub(crate) struct Dialer {
    network: Network,
    host: u32,
}

impl Dial for Dialer {
    type Stream = Stream;

    async fn look_up(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(vec![ADDRESS])
    }

    async fn open(&self, _: SocketAddr) -> io::Result<Stream> {
        loop {
            let released = self.network.released.notified();
            if !self.network.lock().held.contains_key(&self.host) {
                break;
            }
            released.await;
        }
        let round_trip = self.network.lock().latency() * 2;
        tokio::time::sleep_until(Instant::now() + round_trip).await;
        self.network.connect(self.host)
    }
}
