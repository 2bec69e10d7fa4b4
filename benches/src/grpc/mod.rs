//! The workloads with tonic, as one bidirectional stream per connection.

mod client;
mod server;
mod stream;

pub(crate) use client::GrpcClient;
pub(crate) use server::GrpcServer;

use prost::Message;

use crate::{Result, bench::Sample};

/// The path of the only method.
const PATH: &str = "/bench.Bench/Exchange";

/// The number of messages that wait to be written. `send` waits while there are more.
const QUEUE: usize = 256;

/// A sample in the encoding of gRPC.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct GrpcSample {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(float, repeated, tag = "3")]
    pos: Vec<f32>,
}

impl From<Sample> for GrpcSample {
    fn from(Sample { id, name, pos }: Sample) -> Self {
        Self { id, name, pos: pos.into() }
    }
}

impl TryFrom<GrpcSample> for Sample {
    type Error = crate::Error;

    fn try_from(GrpcSample { id, name, pos }: GrpcSample) -> Result<Self> {
        let pos = pos.try_into().map_err(|_| "a position has three coordinates")?;
        Ok(Self { id, name, pos })
    }
}
