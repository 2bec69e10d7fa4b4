use std::net::SocketAddr;

use futures_util::{StreamExt, stream::FuturesUnordered};
use simplenet::{Call, ClientReport};

use crate::{
    Result,
    bench::{self, Ask, Bench, ClientEvent, Sample, ServerMsg, ServerResponse},
    peer::Client,
    workload::{Api, Workload},
};

/// A client with simplenet. Receives the answers as events, or awaits calls.
pub(crate) struct TypedClient {
    client: bench::Client,
    api: Api,
    calls: FuturesUnordered<Call<Bench, Ask>>,
}

impl Client for TypedClient {
    async fn connect(server: SocketAddr, workload: Workload) -> Result<Self> {
        let url = format!("ws://{server}/");
        let mut client = bench::Client::builder(url).connect(());
        match client.recv().await {
            Some(ClientEvent::Report(ClientReport::Connected)) => {
                Ok(Self { client, api: workload.api, calls: FuturesUnordered::new() })
            }
            other => Err(format!("expected `Connected`, received {other:?}").into()),
        }
    }

    async fn request(&mut self, request: Sample) -> Result<()> {
        match self.api {
            Api::Call => self.calls.push(self.client.call(Ask(request))),
            Api::Events | Api::Service => drop(self.client.request(Ask(request))),
        }
        Ok(())
    }

    async fn answer(&mut self) -> Result<Sample> {
        if self.api == Api::Call {
            return Ok(self.calls.next().await.ok_or("there is no request in flight")??);
        }
        match self.client.recv().await {
            Some(ClientEvent::Response(ServerResponse::Ask(answer), _)) => Ok(answer),
            other => Err(format!("expected a response, received {other:?}").into()),
        }
    }

    async fn send(&mut self, message: Sample) -> Result<()> {
        self.client.send(message);
        Ok(())
    }

    async fn receive(&mut self) -> Result<Sample> {
        match self.client.recv().await {
            Some(ClientEvent::Msg(ServerMsg::Sample(message))) => Ok(message),
            other => Err(format!("expected a message, received {other:?}").into()),
        }
    }

    async fn close(mut self) -> Result<()> {
        self.client.close();
        while self.client.recv().await.is_some() {}
        Ok(())
    }
}
