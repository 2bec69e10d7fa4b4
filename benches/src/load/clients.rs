use std::{
    fmt::Write,
    future, io, mem,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use simplenet::{ClientConfig, ClientReport, net::Dial};
use tokio::{net::TcpStream, runtime::Builder};
use url::Url;

use super::{now, wait_until};
use crate::{
    Result,
    bench::{self, ClientEvent, ServerMsg},
    peer::READY,
    process::{Process, input_lines, print_line},
};

/// A handle of the parent process to a load generator, which is a process with many clients.
pub(crate) struct Clients(Process);

/// The deliveries of some broadcasts to the clients.
pub(crate) struct Deliveries {
    /// The number of messages that the applications received.
    pub(crate) count: u64,
    /// The median latency from the call of `broadcast` until the application received the message.
    pub(crate) median: Duration,
    /// The 99th percentile of the latency.
    pub(crate) percentile_99: Duration,
}

/// The times of the clients' reconnects, as returned by [`now`].
pub(crate) struct Reconnects {
    /// The start of each connection attempt.
    pub(crate) attempts: Vec<u64>,
    /// The time at which each client was connected again.
    pub(crate) connected: Vec<u64>,
}

impl Clients {
    /// Starts `count` clients, and returns when they are connected.
    pub(crate) fn start(count: usize, url: &str) -> Result<Self> {
        let arguments = [count.to_string(), url.to_owned()];
        let mut process = Process::start_with_max_descriptors("clients", &arguments)?;
        process.expect_line(READY)?;
        Ok(Self(process))
    }

    /// Makes the applications of all clients stop receiving events.
    pub(crate) fn stop_receiving(&mut self) -> Result<()> {
        self.0.write_line("stop-receiving")
    }

    /// Waits until the expected number of messages has arrived, or no more arrive. Returns the
    /// deliveries since the previous call.
    pub(crate) fn deliveries(&mut self, expected: u64) -> Result<Deliveries> {
        self.0.write_line(format_args!("deliveries {expected}"))?;
        let line = self.0.read_line()?;
        let [count, median, percentile_99] = numbers(&line)?[..] else {
            return Err(format!("the clients printed `{line}` instead of three numbers").into());
        };
        let nanoseconds = Duration::from_nanos;
        Ok(Deliveries {
            count,
            median: nanoseconds(median),
            percentile_99: nanoseconds(percentile_99),
        })
    }

    /// Starts recording reconnects.
    pub(crate) fn record_reconnects(&mut self) -> Result<()> {
        self.0.write_line("record-reconnects")?;
        self.0.expect_line(RECORDING)
    }

    /// Waits until all clients are connected again, and returns the recorded reconnects.
    pub(crate) fn reconnects(&mut self) -> Result<Reconnects> {
        self.0.write_line("reconnects")?;
        let [attempts, connected] = [self.0.read_line()?, self.0.read_line()?];
        Ok(Reconnects { attempts: numbers(&attempts)?, connected: numbers(&connected)? })
    }
}

/// The answer to the command `record-reconnects`.
const RECORDING: &str = "recording";

fn numbers(line: &str) -> Result<Vec<u64>> {
    Ok(line.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>()?)
}

/// Runs the process of the clients: connects them, prints [`READY`], and executes the commands of
/// its parent.
pub(crate) fn run_clients(count: usize, url: &Url) -> Result<()> {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let shared = Arc::new(Shared::new(count));
    for index in 0..count {
        let config = ClientConfig { inbox_events: INBOX_EVENTS, ..ClientConfig::default() };
        let client = bench::Client::builder(url.clone())
            .config(config)
            .runtime(runtime.handle().clone())
            .connect_with(RecordingDial(shared.clone()), ());
        runtime.spawn(receive_events(client, index, shared.clone()));
    }
    wait_until("all clients are connected", || shared.records().all_connected())?;
    print_line(READY)?;
    for line in input_lines() {
        let line = line?;
        match line.split_once(' ').unwrap_or((&line, "")) {
            ("stop-receiving", _) => shared.receiving_stopped.store(true, Ordering::Relaxed),
            ("deliveries", expected) => print_deliveries(&shared, expected.parse()?)?,
            ("record-reconnects", _) => {
                shared.records().clear_connections();
                print_line(RECORDING)?;
            }
            ("reconnects", _) => {
                wait_until("all clients are connected again", || shared.records().all_connected())?;
                print_line(join(&shared.records().attempts))?;
                print_line(join(shared.records().connected.iter().flatten()))?;
            }
            _ => return Err(format!("unknown command `{line}` for the clients").into()),
        }
    }
    Ok(())
}

/// The size of the event queue of a client. It is small, so a client soon stops reading from its
/// server if the application receives nothing.
const INBOX_EVENTS: usize = 64;

/// The shared state of the clients in this process.
struct Shared {
    records: Mutex<Records>,
    /// True if the applications have stopped receiving events.
    receiving_stopped: AtomicBool,
}

struct Records {
    attempts: Vec<u64>,
    /// For each client, the time at which it connected, or `None` while it is not connected.
    connected: Vec<Option<u64>>,
    latencies: Vec<u64>,
}

impl Shared {
    fn new(count: usize) -> Self {
        let records =
            Records { attempts: Vec::new(), connected: vec![None; count], latencies: Vec::new() };
        Self { records: Mutex::new(records), receiving_stopped: AtomicBool::new(false) }
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Records {
    fn all_connected(&self) -> bool {
        self.connected.iter().all(Option::is_some)
    }

    /// Clears the records of all connections. Connections that still exist are included, because
    /// the server is about to be killed.
    fn clear_connections(&mut self) {
        self.attempts.clear();
        self.connected.fill(None);
    }
}

/// Connects by TCP, and records every attempt.
struct RecordingDial(Arc<Shared>);

impl Dial for RecordingDial {
    type Stream = TcpStream;

    async fn look_up(&self, server: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((server, port)).await?.collect())
    }

    async fn open(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let now = now().map_err(io::Error::other)?;
        self.0.records().attempts.push(now);
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// Runs the application of one client.
async fn receive_events(
    mut client: bench::Client,
    index: usize,
    shared: Arc<Shared>,
) -> Result<()> {
    while let Some(event) = client.recv().await {
        let now = now()?;
        match event {
            ClientEvent::Report(ClientReport::Connected) => {
                shared.records().connected[index] = Some(now);
            }
            ClientEvent::Report(_) => shared.records().connected[index] = None,
            ClientEvent::Msg(ServerMsg::Sample(sample)) => {
                shared.records().latencies.push(now.saturating_sub(sample.id));
            }
            _ => {}
        }
        if shared.receiving_stopped.load(Ordering::Relaxed) {
            future::pending::<()>().await;
        }
    }
    Ok(())
}

/// The time without a delivery after which no more deliveries are expected.
const IDLE_TIMEOUT: Duration = Duration::from_secs(2);

fn print_deliveries(shared: &Shared, expected: usize) -> Result<()> {
    let (mut known, mut changed_at) = (0, Instant::now());
    wait_until("no more messages arrive", || {
        let count = shared.records().latencies.len();
        if count > known {
            (known, changed_at) = (count, Instant::now());
        }
        count >= expected || changed_at.elapsed() > IDLE_TIMEOUT
    })?;
    let mut latencies = mem::take(&mut shared.records().latencies);
    latencies.sort_unstable();
    let percentile =
        |percent: usize| latencies.get(latencies.len() * percent / 100).copied().unwrap_or(0);
    print_line(format_args!("{} {} {}", latencies.len(), percentile(50), percentile(99)))
}

fn join<'a>(numbers: impl IntoIterator<Item = &'a u64>) -> String {
    numbers.into_iter().fold(String::new(), |mut line, number| {
        // Writing to a string does not fail.
        let _ = write!(line, "{number} ");
        line
    })
}
