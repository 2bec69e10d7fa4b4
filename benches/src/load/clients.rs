use std::{
    fmt::Write,
    future, io,
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
    process::{Process, say, told},
};

/// A load generator: a process of many clients, as its parent process uses it.
pub(crate) struct Clients(Process);

/// The deliveries of some broadcasts at the clients.
pub(crate) struct Deliveries {
    /// Messages that the applications received.
    pub(crate) count: u64,
    /// Latency from the call of `broadcast` until the application received the message.
    pub(crate) median: Duration,
    /// The 99th percentile of the latency.
    pub(crate) slow: Duration,
}

/// The reconnects of the clients, by the monotonic clock that all processes share.
pub(crate) struct Returns {
    /// The start of each connection attempt.
    pub(crate) attempts: Vec<u64>,
    /// The time at which each client was connected.
    pub(crate) connected: Vec<u64>,
}

impl Clients {
    /// Starts `count` clients, and returns when they are connected.
    pub(crate) fn start(count: usize, url: &str) -> Result<Self> {
        let mut process = Process::start_large("clients", &[count.to_string(), url.to_owned()])?;
        process.expect(READY)?;
        Ok(Self(process))
    }

    /// Stops the applications from receiving events.
    pub(crate) fn stall(&mut self) -> Result<()> {
        self.0.tell("stall")
    }

    /// Returns the deliveries since the last call, once the expected number is reached or no more arrive.
    pub(crate) fn deliveries(&mut self, expected: u64) -> Result<Deliveries> {
        self.0.tell(format_args!("deliveries {expected}"))?;
        let figures = numbers(&self.0.hear()?)?;
        let [count, median, slow] = figures[..] else {
            return Err("the clients did not say what they got".into());
        };
        let nanoseconds = Duration::from_nanos;
        Ok(Deliveries { count, median: nanoseconds(median), slow: nanoseconds(slow) })
    }

    /// Starts counting connection attempts.
    pub(crate) fn watch(&mut self) -> Result<()> {
        self.0.tell("watch")?;
        self.0.expect("watching")
    }

    /// Waits until all clients are connected again.
    pub(crate) fn returns(&mut self) -> Result<Returns> {
        self.0.tell("returns")?;
        Ok(Returns { attempts: numbers(&self.0.hear()?)?, connected: numbers(&self.0.hear()?)? })
    }
}

fn numbers(line: &str) -> Result<Vec<u64>> {
    Ok(line.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>()?)
}

/// The process of the clients: connects them, prints [`READY`], then executes the commands of its parent.
pub(crate) fn attend(count: usize, url: &Url) -> Result<()> {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let party = Arc::new(Party::new(count));
    for seat in 0..count {
        let config = ClientConfig { inbox_events: INBOX_EVENTS, ..ClientConfig::default() };
        let client = bench::Client::builder(url.clone())
            .config(config)
            .runtime(runtime.handle().clone())
            .connect_with(Counting(party.clone()), ());
        runtime.spawn(take_events(client, seat, party.clone()));
    }
    wait_until("all clients are connected", || party.seen().is_complete())?;
    say(READY)?;
    for line in told() {
        let line = line?;
        match line.split_once(' ').unwrap_or((&line, "")) {
            ("stall", _) => party.stalled.store(true, Ordering::Relaxed),
            ("deliveries", expected) => say_deliveries(&party, expected.parse()?)?,
            ("watch", _) => {
                party.seen().watch();
                say("watching")?;
            }
            ("returns", _) => {
                wait_until("all clients are back", || party.seen().is_complete())?;
                say(line_of(&party.seen().attempts))?;
                say(line_of(party.seen().connected.iter().flatten()))?;
            }
            _ => return Err(format!("told `{line}`").into()),
        }
    }
    Ok(())
}

/// A small event queue, so that a client whose application receives nothing soon slows its server down.
const INBOX_EVENTS: usize = 64;

/// The shared state of the clients in this process.
struct Party {
    seen: Mutex<Seen>,
    /// True while the applications receive no events.
    stalled: AtomicBool,
}

struct Seen {
    attempts: Vec<u64>,
    /// The time since which each client has been connected.
    connected: Vec<Option<u64>>,
    latencies: Vec<u64>,
}

impl Party {
    fn new(count: usize) -> Self {
        let seen =
            Seen { attempts: Vec::new(), connected: vec![None; count], latencies: Vec::new() };
        Self { seen: Mutex::new(seen), stalled: AtomicBool::new(false) }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn is_complete(&self) -> bool {
        self.connected.iter().all(Option::is_some)
    }

    /// Clears the records, including those of connections that still exist and are about to break.
    fn watch(&mut self) {
        self.attempts.clear();
        self.connected.fill(None);
    }
}

/// Dials by TCP, and records every attempt.
struct Counting(Arc<Party>);

impl Dial for Counting {
    type Stream = TcpStream;

    async fn dial(&self, server: &str, port: u16) -> io::Result<TcpStream> {
        let now = now().map_err(io::Error::other)?;
        self.0.seen().attempts.push(now);
        let stream = TcpStream::connect((server, port)).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// The application of one client.
async fn take_events(mut client: bench::Client, seat: usize, party: Arc<Party>) -> Result<()> {
    while let Some(event) = client.recv().await {
        let now = now()?;
        match event {
            ClientEvent::Report(ClientReport::Connected) => {
                party.seen().connected[seat] = Some(now);
            }
            ClientEvent::Report(_) => party.seen().connected[seat] = None,
            ClientEvent::Msg(ServerMsg::Sample(sample)) => {
                party.seen().latencies.push(now.saturating_sub(sample.id));
            }
            _ => {}
        }
        if party.stalled.load(Ordering::Relaxed) {
            future::pending::<()>().await;
        }
    }
    Ok(())
}

/// Time without a delivery after which no more are expected.
const QUIET: Duration = Duration::from_secs(2);

fn say_deliveries(party: &Party, expected: usize) -> Result<()> {
    let (mut most, mut grown) = (0, Instant::now());
    wait_until("messages stop coming", || {
        let count = party.seen().latencies.len();
        if count > most {
            (most, grown) = (count, Instant::now());
        }
        count >= expected || grown.elapsed() > QUIET
    })?;
    let mut latencies = std::mem::take(&mut party.seen().latencies);
    latencies.sort_unstable();
    let at = |share: usize| latencies.get(latencies.len() * share / 100).copied().unwrap_or(0);
    say(format_args!("{} {} {}", latencies.len(), at(50), at(99)))
}

fn line_of<'a>(numbers: impl IntoIterator<Item = &'a u64>) -> String {
    numbers.into_iter().fold(String::new(), |mut line, number| {
        // Writing to a string does not fail.
        let _ = write!(line, "{number} ");
        line
    })
}
