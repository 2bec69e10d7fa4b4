//! The server and the client process of `quick`. They print their progress to the parent process,
//! line by line.

use std::net::SocketAddr;

use clap::ValueEnum;
use tokio::runtime::{Builder, LocalOptions, LocalRuntime};

#[cfg(feature = "tonic")]
use crate::grpc::{GrpcClient, GrpcServer};
use crate::{
    Result,
    bench::Sample,
    exchange::Exchange,
    figures::Times,
    link::{LinkServer, Tcp, WebSocket},
    process::{input_lines, print_line},
    typed::{TypedClient, TypedServer},
    workload::Workload,
};

/// The implementation that is measured, which is one column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Implementation {
    Simplenet,
    /// tokio-tungstenite without simplenet.
    Bare,
    /// Frames with a length prefix over TCP.
    Tcp,
    #[cfg(feature = "tonic")]
    Tonic,
}

impl Implementation {
    /// Returns true if the implementation can send broadcasts.
    pub(crate) fn can_broadcast(self) -> bool {
        match self {
            Self::Simplenet | Self::Bare | Self::Tcp => true,
            #[cfg(feature = "tonic")]
            Self::Tonic => false,
        }
    }
}

/// A server, which reacts to its clients.
pub(crate) trait Server: Sized {
    /// Listens on a port that the operating system chooses.
    async fn bind(workload: Workload) -> Result<Self>;

    fn address(&self) -> Result<SocketAddr>;

    /// Executes the server's part of the workload. The parent process ends it.
    async fn serve(self, workload: Workload) -> Result<()>;
}

/// A connection of a client to the server.
pub(crate) trait Client: Sized + 'static {
    /// Connects, and returns when the handshake is complete.
    async fn connect(server: SocketAddr, workload: Workload) -> Result<Self>;

    /// Sends a request, whose answer is the same sample.
    async fn request(&mut self, request: Sample) -> Result<()>;

    /// Waits for the answer to one of the requests.
    async fn answer(&mut self) -> Result<Sample>;

    /// Sends a message.
    async fn send(&mut self, message: Sample) -> Result<()>;

    /// Receives a message.
    async fn receive(&mut self) -> Result<Sample>;

    /// Closes the connection, and returns when it has ended.
    async fn close(self) -> Result<()>;
}

/// The line that the client prints after its warm-up.
pub(crate) const READY: &str = "ready";

/// Prints the address of the server, and executes the server's part of the workload.
pub(crate) fn serve(implementation: Implementation, workload: Workload) -> Result<()> {
    match implementation {
        Implementation::Simplenet => run_server::<TypedServer>(workload),
        Implementation::Bare => run_server::<LinkServer<WebSocket>>(workload),
        Implementation::Tcp => run_server::<LinkServer<Tcp>>(workload),
        #[cfg(feature = "tonic")]
        Implementation::Tonic => run_server::<GrpcServer>(workload),
    }
}

/// Connects, warms up, prints [`READY`], waits for a line, executes the client's part of the
/// workload, and prints its times.
pub(crate) fn exchange(
    implementation: Implementation,
    workload: Workload,
    server: SocketAddr,
) -> Result<()> {
    match implementation {
        Implementation::Simplenet => run_client::<TypedClient>(workload, server),
        Implementation::Bare => run_client::<WebSocket>(workload, server),
        Implementation::Tcp => run_client::<Tcp>(workload, server),
        #[cfg(feature = "tonic")]
        Implementation::Tonic => run_client::<GrpcClient>(workload, server),
    }
}

fn run_server<S: Server>(workload: Workload) -> Result<()> {
    runtime()?.block_on(async {
        let server = S::bind(workload).await?;
        print_line(server.address()?)?;
        server.serve(workload).await
    })
}

fn run_client<C: Client>(workload: Workload, server: SocketAddr) -> Result<()> {
    let runtime = runtime()?;
    let mut exchange = runtime.block_on(Exchange::<C>::connect(server, workload))?;
    runtime.block_on(exchange.run(workload.warm_up()))?;
    print_line(READY)?;
    input_lines().next().transpose()?;
    let times = runtime.block_on(exchange.run(workload.count))?;
    print_line(Times::new(times))?;
    // The parent reads the CPU time of this process before it closes the input.
    input_lines().next().transpose()?;
    Ok(())
}

/// Creates a runtime with one thread, so that no CPU time is spent on the coordination of threads.
fn runtime() -> Result<LocalRuntime> {
    Ok(Builder::new_current_thread().enable_all().build_local(LocalOptions::default())?)
}
