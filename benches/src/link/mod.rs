//! The workloads without simplenet. Each connection is one task, and carries the same struct in the
//! same encoding as with simplenet.
//!
//! The connections have three simple optimizations. They write when a small buffer is full or the
//! next read has to wait, a broadcast is encoded once, and buffers have the sizes that simplenet
//! uses.

mod encoding;
mod server;
mod tcp;
mod web_socket;

pub(crate) use server::LinkServer;
#[cfg(feature = "tonic")]
pub(crate) use server::serve_connection;
pub(crate) use tcp::Tcp;
pub(crate) use web_socket::WebSocket;

use std::net::SocketAddr;

use bytes::Bytes;
use tokio::net::TcpStream;

use crate::{Result, bench::Sample, peer::Client, workload::Workload};

/// The size of a read buffer in bytes.
const READ_BUFFER: usize = 4 * 1024;

/// The size from which a write buffer is written, in bytes.
const WRITE_BUFFER: usize = 8 * 1024;

/// One end of a connection that carries samples. Answers arrive in the order of the requests.
pub(crate) trait Link: Sized + 'static {
    /// Queues a sample. The link sends it when its buffer is full, or when a later
    /// [`Link::receive`] has to wait.
    async fn send(&mut self, sample: Sample) -> Result<()>;

    /// Receives the next sample. Returns `None` if the peer has disconnected.
    async fn receive(&mut self) -> Result<Option<Sample>>;
}

/// A link over TCP.
pub(crate) trait TcpLink: Link {
    async fn accept(stream: TcpStream) -> Result<Self>;

    async fn connect(stream: TcpStream) -> Result<Self>;

    /// Closes the connection, and returns when the peer has closed it, too.
    async fn close(self) -> Result<()>;

    /// Queues an encoded sample.
    async fn send_encoded(&mut self, sample: &Bytes) -> Result<()>;

    /// Sends the queued samples.
    async fn flush(&mut self) -> Result<()>;
}

impl<L: TcpLink> Client for L {
    async fn connect(server: SocketAddr, _: Workload) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        <Self as TcpLink>::connect(stream).await
    }

    async fn request(&mut self, request: Sample) -> Result<()> {
        Link::send(self, request).await
    }

    async fn answer(&mut self) -> Result<Sample> {
        Client::receive(self).await
    }

    async fn send(&mut self, message: Sample) -> Result<()> {
        Link::send(self, message).await
    }

    async fn receive(&mut self) -> Result<Sample> {
        Ok(Link::receive(self).await?.ok_or("the server has disconnected")?)
    }

    async fn close(self) -> Result<()> {
        TcpLink::close(self).await
    }
}
