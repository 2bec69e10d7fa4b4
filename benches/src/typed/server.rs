use std::net::SocketAddr;

use simplenet::{Reply, ServerReport, Serving};

use crate::{
    Result,
    bench::{self, Ask, Bench, ClientMsg, IncomingRequest, Sample, ServerEvent, ServiceContext},
    peer::Server,
    sample::sample,
    workload::{Api, GRANT, Traffic, Workload},
};

/// A server with simplenet.
pub(crate) enum TypedServer {
    Events(bench::Server),
    Service(Serving<Bench>),
}

impl Server for TypedServer {
    async fn bind(workload: Workload) -> Result<Self> {
        let builder = bench::Server::builder();
        let address = "127.0.0.1:0";
        Ok(match workload.api {
            Api::Events | Api::Call => Self::Events(builder.bind(address)?),
            Api::Service => Self::Service(builder.service(Echo).bind(address)?),
        })
    }

    fn address(&self) -> Result<SocketAddr> {
        let url = match self {
            Self::Events(server) => server.url(),
            Self::Service(serving) => serving.url(),
        };
        Ok(*url.socket_addrs(|| None)?.first().ok_or("the URL has no address")?)
    }

    async fn serve(self, workload: Workload) -> Result<()> {
        match self {
            Self::Events(server) => handle_events(server, workload).await,
            Self::Service(serving) => {
                serving.await;
            }
        }
        Ok(())
    }
}

/// The service, which answers each request with its own content.
struct Echo;

impl bench::Service for Echo {
    async fn ask(&self, _: ServiceContext, request: Ask) -> Reply<Sample> {
        request.0.into()
    }

    async fn sample(&self, _: ServiceContext, _: Sample) {}
}

async fn handle_events(mut server: bench::Server, workload: Workload) {
    if let Traffic::Broadcast { clients, burst } = workload.traffic {
        return broadcast(server, clients, burst, workload.name_length).await;
    }
    let mut count = 0;
    while let Some((client, event)) = server.recv().await {
        match event {
            ServerEvent::Request(IncomingRequest::Ask(request, token)) => {
                server.respond(token, request.0);
            }
            ServerEvent::Msg(ClientMsg::Sample(_)) if workload.traffic == Traffic::ToClient => {
                for id in 0..GRANT {
                    server.send(client, sample(id, workload.name_length));
                }
            }
            ServerEvent::Msg(ClientMsg::Sample(received)) => {
                count += 1;
                if count % GRANT == 0 {
                    server.send(client, received);
                }
            }
            ServerEvent::Report(_) => {}
        }
    }
}

/// Sends `burst` broadcasts for each message, as soon as all clients are connected.
async fn broadcast(mut server: bench::Server, clients: usize, burst: u64, name_length: usize) {
    let (mut connected, mut bursts) = (0, 0);
    while let Some((_, event)) = server.recv().await {
        match event {
            ServerEvent::Report(ServerReport::Connected(..)) => connected += 1,
            ServerEvent::Msg(_) => bursts += 1,
            _ => {}
        }
        while connected == clients && bursts > 0 {
            bursts -= 1;
            for id in 0..burst {
                server.broadcast(sample(id, name_length));
            }
        }
    }
}
