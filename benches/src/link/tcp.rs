use std::io::ErrorKind;

use bytes::{Buf, Bytes, BytesMut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    Link, READ_BUFFER, TcpLink, WRITE_BUFFER,
    encoding::{decode, encode},
};
use crate::{Result, bench::Sample};

/// A TCP connection. Each sample has its length before it, in four bytes. It shows how little the
/// work can cost.
pub(crate) struct Tcp {
    stream: TcpStream,
    input: BytesMut,
    output: Vec<u8>,
}

/// The size of the length before a sample, in bytes.
const PREFIX: usize = size_of::<u32>();

impl Tcp {
    fn new(stream: TcpStream) -> Self {
        Self { stream, input: BytesMut::new(), output: Vec::new() }
    }

    /// Takes a whole sample from the input. Otherwise, makes room for the rest of it.
    fn next_sample(&mut self) -> Result<Option<Sample>> {
        let mut missing = READ_BUFFER;
        if let Some(prefix) = self.input.first_chunk::<PREFIX>() {
            let size = PREFIX + usize::try_from(u32::from_le_bytes(*prefix))?;
            if let Some(bytes) = self.input.get(PREFIX..size) {
                let sample = decode(bytes)?;
                self.input.advance(size);
                return Ok(Some(sample));
            }
            missing = missing.max(size - self.input.len());
        }
        self.input.reserve(missing);
        Ok(None)
    }

    async fn write_if_full(&mut self) -> Result<()> {
        if self.output.len() >= WRITE_BUFFER { self.flush().await } else { Ok(()) }
    }
}

impl Link for Tcp {
    async fn send(&mut self, sample: Sample) -> Result<()> {
        let start = self.output.len();
        self.output.extend([0; PREFIX]);
        encode(&sample, &mut self.output)?;
        let size = u32::try_from(self.output.len() - start - PREFIX)?;
        self.output[start..start + PREFIX].copy_from_slice(&size.to_le_bytes());
        self.write_if_full().await
    }

    async fn receive(&mut self) -> Result<Option<Sample>> {
        loop {
            if let Some(sample) = self.next_sample()? {
                return Ok(Some(sample));
            }
            match self.stream.try_read_buf(&mut self.input) {
                Ok(0) => return Ok(None),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.flush().await?;
                    self.stream.readable().await?;
                }
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl TcpLink for Tcp {
    async fn accept(stream: TcpStream) -> Result<Self> {
        Ok(Self::new(stream))
    }

    async fn connect(stream: TcpStream) -> Result<Self> {
        Ok(Self::new(stream))
    }

    async fn close(mut self) -> Result<()> {
        self.flush().await?;
        self.stream.shutdown().await?;
        while self.stream.read_buf(&mut self.input).await? > 0 {}
        Ok(())
    }

    async fn send_encoded(&mut self, sample: &Bytes) -> Result<()> {
        self.output.extend(u32::try_from(sample.len())?.to_le_bytes());
        self.output.extend_from_slice(sample);
        self.write_if_full().await
    }

    async fn flush(&mut self) -> Result<()> {
        if !self.output.is_empty() {
            self.stream.write_all(&self.output).await?;
            self.output.clear();
        }
        Ok(())
    }
}
