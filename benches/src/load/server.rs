use std::{net::SocketAddr, process, thread, time::Instant};

use clap::ValueEnum;
use simplenet::{ServerConfig, SlowConsumer};
use tokio::{
    net::{TcpListener, TcpSocket},
    runtime::Builder,
};

use super::{HEARTBEAT, now, wait_until};
use crate::{
    Result,
    bench::{self, Sample},
    memory::{BROADCAST_BYTES, BROADCAST_INTERVAL, OUTBOX_BYTES},
    process::{Process, say, told, value_name},
    resident,
};

/// A server process, as its parent process uses it.
pub(crate) struct ServerProcess {
    process: Process,
    address: SocketAddr,
}

/// The reaction to a client that reads too slowly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    DropMessages,
    Disconnect,
}

/// The outcome of some broadcasts at the server.
pub(crate) struct Broadcasts {
    /// Messages that were dropped because of a full outbox.
    pub(crate) overflowed: u64,
    /// Clients connected afterwards.
    pub(crate) clients: u64,
    /// Peak memory of the server meanwhile.
    pub(crate) memory: u64,
}

impl ServerProcess {
    pub(crate) fn start(address: SocketAddr, policy: Policy) -> Result<Self> {
        let mut process =
            Process::start_large("server", &[address.to_string(), value_name(policy)])?;
        let address = process.hear()?.parse()?;
        Ok(Self { process, address })
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}/", self.address)
    }

    /// Waits until the server has `count` clients.
    pub(crate) fn gather(&mut self, clients: usize) -> Result<()> {
        self.process.tell(format_args!("gather {clients}"))?;
        self.process.expect("gathered")
    }

    /// Sends `count` broadcasts, one per interval.
    pub(crate) fn broadcast(&mut self, count: u64) -> Result<Broadcasts> {
        self.process.tell(format_args!("broadcast {count}"))?;
        let figures = self.process.hear()?;
        let figures: Vec<u64> =
            figures.split(' ').map(str::parse).collect::<std::result::Result<_, _>>()?;
        let [overflowed, clients, memory] = figures[..] else {
            return Err("the server did not say what came of it".into());
        };
        Ok(Broadcasts { overflowed, clients, memory })
    }

    /// Returns the resident memory in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        resident::of(self.process.id())
    }

    /// Kills the process.
    pub(crate) fn kill(self) {
        drop(self.process);
    }
}

/// The server process: prints its URL, then executes the commands of its parent.
pub(crate) fn server(address: SocketAddr, policy: Policy) -> Result<()> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let config = ServerConfig {
        heartbeat_interval: HEARTBEAT,
        outbox_bytes: OUTBOX_BYTES,
        slow_consumer: match policy {
            Policy::DropMessages => SlowConsumer::DropMessages,
            Policy::Disconnect => SlowConsumer::Disconnect,
        },
        ..ServerConfig::default()
    };
    let listener = runtime.block_on(async { listen(address) })?;
    let mut server = bench::Server::builder()
        .config(config)
        .runtime(runtime.handle().clone())
        .bind_listener(listener)?;
    let handle = server.handle();
    say(server.url().authority())?;
    runtime.spawn(async move { while server.recv().await.is_some() {} });
    for line in told() {
        let line = line?;
        match line.split_once(' ') {
            Some(("gather", count)) => {
                let count: usize = count.parse()?;
                wait_until("all clients are there", || handle.num_connections() == count)?;
                say("gathered")?;
            }
            Some(("broadcast", count)) => {
                let Broadcasts { overflowed, clients, memory } =
                    broadcast(&handle, count.parse()?)?;
                say(format_args!("{overflowed} {clients} {memory}"))?;
            }
            _ => return Err(format!("told `{line}`").into()),
        }
    }
    Ok(())
}

/// Listens with small socket buffers. Otherwise several MiB would have to be unread before the server's outbox fills.
fn listen(address: SocketAddr) -> Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    Ok(socket.listen(BACKLOG)?)
}

const SEND_BUFFER: u32 = 64 * 1024;

/// The backlog of a server that listens by itself.
const BACKLOG: u32 = 1024;

fn broadcast(server: &simplenet::ServerHandle<bench::Bench>, count: u64) -> Result<Broadcasts> {
    let mut overflowed = 0;
    let mut memory = 0;
    let mut next = Instant::now();
    for _ in 0..count {
        let name = "x".repeat(BROADCAST_BYTES);
        let outcome = server.broadcast(Sample { id: now()?, name, pos: [0.0; 3] });
        overflowed += outcome.overflowed as u64;
        next += BROADCAST_INTERVAL;
        thread::sleep(next.saturating_duration_since(Instant::now()));
        memory = memory.max(resident::of(process::id())?);
    }
    Ok(Broadcasts { overflowed, clients: server.num_connections() as u64, memory })
}
