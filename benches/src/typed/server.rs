use std::net::SocketAddr;

use simplenet::ServerReport;

use crate::{
    Result,
    bench::{self, ClientMsg, IncomingRequest, ServerEvent},
    peer::Server,
    sample::sample,
    workload::{GRANT, Workload},
};

/// The server's side of every workload, with simplenet.
pub(crate) struct TypedServer(bench::Server);

impl Server for TypedServer {
    async fn bind() -> Result<Self> {
        Ok(Self(bench::Server::builder().bind("127.0.0.1:0")?))
    }

    fn address(&self) -> Result<SocketAddr> {
        let addresses = self.0.url().socket_addrs(|| None)?;
        Ok(*addresses.first().ok_or("the URL has no address")?)
    }

    async fn serve(self, workload: Workload) -> Result<()> {
        let Self(mut server) = self;
        let mut count = 0;
        while let Some((client, event)) = server.recv().await {
            match event {
                ServerEvent::Request(IncomingRequest::Ask(request, token)) => {
                    server.respond(token, request.0);
                }
                ServerEvent::Msg(ClientMsg::Sample(received)) => {
                    if workload == Workload::MessageToClient {
                        for id in 0..GRANT {
                            server.send(client, sample(id));
                        }
                    } else {
                        count += 1;
                        if count % GRANT == 0 {
                            server.send(client, received);
                        }
                    }
                }
                ServerEvent::Report(ServerReport::Connected(..)) => {}
                ServerEvent::Report(ServerReport::Disconnected(_)) => break,
            }
        }
        Ok(())
    }
}
