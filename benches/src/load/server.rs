use std::{net::SocketAddr, process, thread, time::Instant};

use clap::ValueEnum;
use simplenet::{ServerConfig, ServerHandle, SlowConsumer};
use tokio::{
    net::{TcpListener, TcpSocket},
    runtime::Builder,
};

use super::{HEARTBEAT, now, wait_until};
use crate::{
    Result,
    bench::{self, Sample},
    memory::{BROADCAST_BYTES, BROADCAST_INTERVAL, OUTBOX_BYTES},
    process::{Process, input_lines, print_line, value_name},
    resident_memory::resident_memory,
};

/// A handle of the parent process to a server process.
pub(crate) struct ServerProcess {
    process: Process,
    address: SocketAddr,
}

/// The reaction of the server to a slow consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SlowConsumerPolicy {
    DropMessages,
    Disconnect,
}

/// The effects of some broadcasts on the server.
pub(crate) struct Broadcasts {
    /// The number of messages that were dropped because of a full outbox.
    pub(crate) overflowed: u64,
    /// The number of clients that are connected after the broadcasts.
    pub(crate) clients: u64,
    /// The peak memory of the server during the broadcasts, in bytes.
    pub(crate) memory: u64,
}

impl ServerProcess {
    pub(crate) fn start(address: SocketAddr, policy: SlowConsumerPolicy) -> Result<Self> {
        let arguments = [address.to_string(), value_name(policy)];
        let mut process = Process::start_with_max_descriptors("load-server", &arguments)?;
        let address = process.read_line()?.parse()?;
        Ok(Self { process, address })
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}/", self.address)
    }

    /// Waits until the server has this number of clients.
    pub(crate) fn wait_for_clients(&mut self, count: usize) -> Result<()> {
        self.process.write_line(format_args!("wait-for-clients {count}"))?;
        self.process.expect_line(CONNECTED)
    }

    /// Sends `count` broadcasts, one per interval.
    pub(crate) fn broadcast(&mut self, count: u64) -> Result<Broadcasts> {
        self.process.write_line(format_args!("broadcast {count}"))?;
        let line = self.process.read_line()?;
        let numbers: Vec<u64> =
            line.split(' ').map(str::parse).collect::<std::result::Result<_, _>>()?;
        let [overflowed, clients, memory] = numbers[..] else {
            return Err(format!("the server printed `{line}` instead of three numbers").into());
        };
        Ok(Broadcasts { overflowed, clients, memory })
    }

    /// Returns the resident memory in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        resident_memory(self.process.id())
    }

    /// Kills the process.
    pub(crate) fn kill(self) {
        drop(self.process);
    }
}

/// The answer to the command `wait-for-clients`.
const CONNECTED: &str = "connected";

/// Runs the server process: prints its address, and executes the commands of its parent.
pub(crate) fn run_server(address: SocketAddr, policy: SlowConsumerPolicy) -> Result<()> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let config = ServerConfig {
        heartbeat_interval: HEARTBEAT,
        outbox_bytes: OUTBOX_BYTES,
        slow_consumer: match policy {
            SlowConsumerPolicy::DropMessages => SlowConsumer::DropMessages,
            SlowConsumerPolicy::Disconnect => SlowConsumer::Disconnect,
        },
        ..ServerConfig::default()
    };
    let listener = runtime.block_on(async { listen(address) })?;
    let mut server = bench::Server::builder()
        .config(config)
        .runtime(runtime.handle().clone())
        .bind_listener(listener)?;
    let handle = server.handle();
    print_line(server.url().authority())?;
    runtime.spawn(async move { while server.recv().await.is_some() {} });
    for line in input_lines() {
        let line = line?;
        match line.split_once(' ') {
            Some(("wait-for-clients", count)) => {
                let count: usize = count.parse()?;
                wait_until(&format!("the server has {count} clients"), || {
                    handle.clients().len() == count
                })?;
                print_line(CONNECTED)?;
            }
            Some(("broadcast", count)) => {
                let Broadcasts { overflowed, clients, memory } =
                    broadcast(&handle, count.parse()?)?;
                print_line(format_args!("{overflowed} {clients} {memory}"))?;
            }
            _ => return Err(format!("unknown command `{line}` for the server").into()),
        }
    }
    Ok(())
}

/// Listens with a small send buffer. With larger buffers, several MiB would have to be unread
/// before the outbox of the server fills.
fn listen(address: SocketAddr) -> Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    Ok(socket.listen(BACKLOG)?)
}

/// The size of the send buffer of each connection, in bytes.
const SEND_BUFFER: u32 = 64 * 1024;

/// The number of connections that wait for `accept`, as in simplenet's own listener.
const BACKLOG: u32 = 1024;

fn broadcast(server: &ServerHandle<bench::Bench>, count: u64) -> Result<Broadcasts> {
    let mut overflowed = 0;
    let mut memory = 0;
    let mut next = Instant::now();
    for _ in 0..count {
        let name = "x".repeat(BROADCAST_BYTES);
        let outcome = server.broadcast(Sample { id: now()?, name, pos: [0.0; 3] });
        overflowed += outcome.overflowed as u64;
        next += BROADCAST_INTERVAL;
        thread::sleep(next.saturating_duration_since(Instant::now()));
        memory = memory.max(resident_memory(process::id())?);
    }
    Ok(Broadcasts { overflowed, clients: server.clients().len() as u64, memory })
}
