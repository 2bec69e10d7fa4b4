use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{Stream, StreamExt, future::Ready, future::ready};
use tokio::task::spawn_local;
use tonic::{
    Request, Response, Status, Streaming,
    body::Body,
    codegen::{BoxFuture, Service, http},
    server::{Grpc, StreamingService},
    transport::{Server as Transport, server::TcpIncoming},
};
use tonic_prost::ProstCodec;

use super::{
    GrpcSample,
    stream::{GrpcStream, queue},
};
use crate::{Result, link::serve_connection, peer::Server, workload::Workload};

/// A server with one method, whose streams are the connections.
pub(crate) struct GrpcServer(TcpIncoming);

impl Server for GrpcServer {
    async fn bind(_: Workload) -> Result<Self> {
        Ok(Self(TcpIncoming::bind(([127, 0, 0, 1], 0).into())?.with_nodelay(Some(true))))
    }

    fn address(&self) -> Result<SocketAddr> {
        Ok(self.0.local_addr()?)
    }

    async fn serve(self, workload: Workload) -> Result<()> {
        Ok(Transport::builder().serve_with_incoming(Calls(workload), self.0).await?)
    }
}

/// Every call, whatever its path.
#[derive(Clone, Copy)]
struct Calls(Workload);

impl Service<http::Request<Body>> for Calls {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let calls = *self;
        Box::pin(
            async move { Ok(Grpc::new(ProstCodec::default()).streaming(calls, request).await) },
        )
    }
}

impl StreamingService<GrpcSample> for Calls {
    type Response = GrpcSample;
    type ResponseStream = Pin<Box<dyn Stream<Item = Result<GrpcSample, Status>> + Send>>;
    type Future = Ready<Result<Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, request: Request<Streaming<GrpcSample>>) -> Self::Future {
        let (outgoing, samples) = queue();
        let mut stream = GrpcStream::new(outgoing, request.into_inner());
        let workload = self.0;
        spawn_local(async move { serve_connection(&mut stream, workload).await });
        let samples: Self::ResponseStream = Box::pin(samples.map(Ok));
        ready(Ok(Response::new(samples)))
    }
}
