use std::net::SocketAddr;

use tonic::{Request, client::Grpc, codegen::http::uri::PathAndQuery, transport::Endpoint};
use tonic_prost::ProstCodec;

use super::{
    GrpcSample, PATH,
    stream::{GrpcStream, queue},
};
use crate::{Result, bench::Sample, link::Link, peer::Client, workload::Workload};

/// A client with a channel of its own.
pub(crate) struct GrpcClient(GrpcStream);

impl Client for GrpcClient {
    async fn connect(server: SocketAddr, _: Workload) -> Result<Self> {
        let channel = Endpoint::from_shared(format!("http://{server}"))?.connect().await?;
        let mut grpc = Grpc::new(channel);
        grpc.ready().await?;
        let (outgoing, samples) = queue();
        let codec = ProstCodec::<GrpcSample, GrpcSample>::default();
        let path = PathAndQuery::from_static(PATH);
        let response = grpc.streaming(Request::new(samples), path, codec).await?;
        Ok(Self(GrpcStream::new(outgoing, response.into_inner())))
    }

    async fn request(&mut self, request: Sample) -> Result<()> {
        self.0.send(request).await
    }

    async fn answer(&mut self) -> Result<Sample> {
        self.receive().await
    }

    async fn send(&mut self, message: Sample) -> Result<()> {
        self.0.send(message).await
    }

    async fn receive(&mut self) -> Result<Sample> {
        Ok(self.0.receive().await?.ok_or("the server has ended the stream")?)
    }

    async fn close(self) -> Result<()> {
        self.0.finish().await
    }
}
