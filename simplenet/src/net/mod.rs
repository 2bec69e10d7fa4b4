//! The source of native byte streams: TCP by default, a simulated network in tests.

#![cfg(not(target_arch = "wasm32"))]

mod io_text;
mod meter;

use std::{future::Future, io, net::SocketAddr};

pub(crate) use io_text::io_text;
pub(crate) use meter::{Metered, OverAllowance};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};

/// Accepts byte streams for a server.
pub trait Listen: Send + 'static {
    /// The accepted stream.
    type Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// Accepts the next stream, and returns it with its remote address. This method is cancel-safe.
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Stream, SocketAddr)>> + Send;

    /// Returns the local address.
    fn local_addr(&self) -> io::Result<SocketAddr>;
}

/// Opens byte streams for a client.
pub trait Dial: Send + Sync + 'static {
    /// The opened stream.
    type Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// Opens a stream to `host`, which is a name or an IP address.
    fn dial(&self, host: &str, port: u16) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

impl Listen for TcpListener {
    type Stream = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, address) = TcpListener::accept(self).await?;
        // An error means that the peer has disconnected. The next read reports it.
        let _ = stream.set_nodelay(true);
        Ok((stream, address))
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        TcpListener::local_addr(self)
    }
}

/// Opens TCP connections.
#[cfg(feature = "client")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tcp;

#[cfg(feature = "client")]
impl Dial for Tcp {
    type Stream = TcpStream;

    async fn dial(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        let stream = TcpStream::connect((host, port)).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}
