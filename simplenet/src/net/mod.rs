//! The seam under native connections: where byte streams come from. TCP by default; a simulated network in tests.

#![cfg(not(target_arch = "wasm32"))]

mod meter;

use std::{future::Future, io, net::SocketAddr};

pub(crate) use meter::{Metered, OverAllowance};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};

/// Accepts byte streams for a server.
pub trait Listen: Send + 'static {
    /// What is accepted.
    type Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// The next stream and where it comes from. Cancel-safe.
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Stream, SocketAddr)>> + Send;

    /// Where it listens.
    fn local_addr(&self) -> io::Result<SocketAddr>;
}

/// Opens byte streams for a client.
pub trait Dial: Send + Sync + 'static {
    /// What is opened.
    type Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// A new stream to the host, which is a name or an address.
    fn dial(&self, host: &str, port: u16) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

impl Listen for TcpListener {
    type Stream = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, address) = TcpListener::accept(self).await?;
        // Fails where the peer is gone already, which reading will tell.
        let _ = stream.set_nodelay(true);
        Ok((stream, address))
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        TcpListener::local_addr(self)
    }
}

/// Dials by TCP.
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
