//! The source of native byte streams: TCP by default, a simulated network in tests.

#![cfg(not(target_arch = "wasm32"))]

#[cfg(feature = "client")]
mod io_text;
mod meter;
#[cfg(feature = "client")]
mod race;

use std::{future::Future, io, net::SocketAddr};

#[cfg(feature = "client")]
pub(crate) use io_text::io_text;
pub(crate) use meter::{Metered, OverAllowance};
#[cfg(feature = "client")]
pub(crate) use race::race;
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

    /// Returns the addresses of `host`, which is a name or an IP address. The preferred address is
    /// the first one.
    fn look_up(
        &self,
        host: &str,
        port: u16,
    ) -> impl Future<Output = io::Result<Vec<SocketAddr>>> + Send;

    /// Opens a stream to one of the addresses.
    fn open(&self, address: SocketAddr) -> impl Future<Output = io::Result<Self::Stream>> + Send;
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

    async fn look_up(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let found = tokio::net::lookup_host((host, port)).await;
        let addresses: Vec<SocketAddr> = found.map_err(|error| lookup_error(&error))?.collect();
        match addresses.is_empty() {
            true => Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address")),
            false => Ok(addresses),
        }
    }

    async fn open(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let stream =
            TcpStream::connect(address).await.map_err(|error| open_error(error, address))?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// Returns the error of a name lookup, with the way out.
#[cfg(feature = "client")]
fn lookup_error(error: &io::Error) -> io::Error {
    let text = error.to_string();
    // The prefix is that of the standard library.
    let cause = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
    let text = format!("{cause}: check the spelling of the name, and the network");
    io::Error::new(error.kind(), text)
}

/// Returns the error of an attempt, with the way out for an address that lacks its zone.
#[cfg(feature = "client")]
fn open_error(error: io::Error, address: SocketAddr) -> io::Error {
    match address {
        SocketAddr::V6(address)
            if address.ip().is_unicast_link_local() && address.scope_id() == 0 =>
        {
            let host = address.ip();
            let text = format!(
                "a link-local address requires the zone of a network interface, as in `[{host}%eth0]`"
            );
            io::Error::new(io::ErrorKind::InvalidInput, text)
        }
        _ => error,
    }
}
