//! The server and the client process of `quick`. They print their progress to the parent process,
//! line by line.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use clap::ValueEnum;
use tokio::runtime::{Builder, Runtime};
use url::Url;

use crate::{
    Result,
    bare::{BareClient, BareServer},
    process::{input_lines, print_line},
    typed::{TypedClient, TypedServer},
    workload::Workload,
};

/// The implementation that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Implementation {
    Simplenet,
    Bare,
}

/// A server for one client.
pub(crate) trait Server: Sized {
    /// Listens on a port that the operating system chooses.
    async fn bind() -> Result<Self>;

    fn address(&self) -> Result<SocketAddr>;

    /// Executes the server's part of the workload until the client disconnects.
    async fn serve(self, workload: Workload) -> Result<()>;
}

/// A client, which initiates the exchange of messages.
pub(crate) trait Client: Sized {
    async fn connect(url: &Url) -> Result<Self>;

    /// Exchanges `count` messages, and returns when the last one has arrived. If the workload is
    /// sequential, appends the time of each round trip to `round_trips`.
    async fn exchange(
        &mut self,
        workload: Workload,
        count: u64,
        round_trips: &mut Vec<Duration>,
    ) -> Result<()>;
}

/// The line that the client prints after its warm-up.
pub(crate) const READY: &str = "ready";

/// Prints the address of the server, and executes the server's part of the workload.
pub(crate) fn serve(implementation: Implementation, workload: Workload) -> Result<()> {
    match implementation {
        Implementation::Simplenet => run_server::<TypedServer>(workload),
        Implementation::Bare => run_server::<BareServer>(workload),
    }
}

/// Connects, warms up, prints [`READY`], waits for a line, exchanges the messages, and prints the
/// median time of a round trip in nanoseconds.
pub(crate) fn exchange(
    implementation: Implementation,
    workload: Workload,
    url: &Url,
) -> Result<()> {
    match implementation {
        Implementation::Simplenet => run_client::<TypedClient>(workload, url),
        Implementation::Bare => run_client::<BareClient>(workload, url),
    }
}

fn run_server<S: Server>(workload: Workload) -> Result<()> {
    runtime()?.block_on(async {
        let server = S::bind().await?;
        print_line(server.address()?)?;
        server.serve(workload).await
    })
}

fn run_client<C: Client>(workload: Workload, url: &Url) -> Result<()> {
    let runtime = runtime()?;
    let mut round_trips = Vec::with_capacity(usize::try_from(workload.count())?);
    let mut client = runtime.block_on(C::connect(url))?;
    runtime.block_on(client.exchange(workload, workload.warm_up(), &mut round_trips))?;
    round_trips.clear();
    print_line(READY)?;
    input_lines().next().transpose()?;
    runtime.block_on(client.exchange(workload, workload.count(), &mut round_trips))?;
    round_trips.sort_unstable();
    let median = round_trips.get(round_trips.len() / 2).copied().unwrap_or_default();
    print_line(median.as_nanos())
}

/// Creates a runtime with one thread, so that no CPU time is spent on the coordination of threads.
fn runtime() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

/// Runs `round_trip` `count` times in sequence, and measures each time.
pub(crate) async fn sequential_round_trips(
    count: u64,
    round_trips: &mut Vec<Duration>,
    mut round_trip: impl AsyncFnMut(u64) -> Result<()>,
) -> Result<()> {
    for id in 0..count {
        let start = Instant::now();
        round_trip(id).await?;
        round_trips.push(start.elapsed());
    }
    Ok(())
}
