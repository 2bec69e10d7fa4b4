use std::{marker::PhantomData, net::SocketAddr};

use bytes::Bytes;
use tokio::{
    net::{TcpListener, TcpStream},
    task::spawn_local,
};

use super::{Link, TcpLink, encoding::encode};
use crate::{
    Result,
    peer::Server,
    sample::sample,
    workload::{GRANT, Traffic, Workload},
};

/// A server of links.
pub(crate) struct LinkServer<L> {
    listener: TcpListener,
    link: PhantomData<L>,
}

impl<L: TcpLink> Server for LinkServer<L> {
    async fn bind(_: Workload) -> Result<Self> {
        Ok(Self { listener: TcpListener::bind("127.0.0.1:0").await?, link: PhantomData })
    }

    fn address(&self) -> Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    async fn serve(self, workload: Workload) -> Result<()> {
        if let Traffic::Broadcast { clients, burst } = workload.traffic {
            return self.broadcast(clients, burst, workload.name_length).await;
        }
        loop {
            let stream = self.accept().await?;
            spawn_local(async move {
                let mut link = L::accept(stream).await?;
                serve_connection(&mut link, workload).await
            });
        }
    }
}

impl<L: TcpLink> LinkServer<L> {
    async fn accept(&self) -> Result<TcpStream> {
        let (stream, _) = self.listener.accept().await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// Sends `burst` broadcasts for each grant of the first client. Writes to one client after
    /// another, so that no queue is needed. A client that does not read would block the others.
    async fn broadcast(self, clients: usize, burst: u64, name_length: usize) -> Result<()> {
        let mut links = Vec::new();
        for _ in 0..clients {
            links.push(L::accept(self.accept().await?).await?);
        }
        while let Some(first) = links.first_mut()
            && first.receive().await?.is_some()
        {
            for id in 0..burst {
                let mut encoded = Vec::new();
                encode(&sample(id, name_length), &mut encoded)?;
                let encoded = Bytes::from(encoded);
                for link in &mut links {
                    link.send_encoded(&encoded).await?;
                }
            }
            for link in &mut links {
                link.flush().await?;
            }
        }
        Ok(())
    }
}

/// Executes the server's part of a workload on one connection, until the client disconnects.
pub(crate) async fn serve_connection<L: Link>(link: &mut L, workload: Workload) -> Result<()> {
    match workload.traffic {
        Traffic::Sequential | Traffic::Requests { .. } | Traffic::Connect { .. } => {
            echo(link).await
        }
        Traffic::ToServer => receive_messages(link).await,
        Traffic::ToClient => send_messages(link, workload.name_length).await,
        Traffic::Broadcast { .. } => Err("a broadcast has several connections".into()),
    }
}

/// Answers each request with its own content.
async fn echo<L: Link>(link: &mut L) -> Result<()> {
    while let Some(request) = link.receive().await? {
        link.send(request).await?;
    }
    Ok(())
}

/// Receives messages, and sends a grant after every [`GRANT`] messages.
async fn receive_messages<L: Link>(link: &mut L) -> Result<()> {
    let mut count = 0;
    while let Some(sample) = link.receive().await? {
        count += 1;
        if count % GRANT == 0 {
            link.send(sample).await?;
        }
    }
    Ok(())
}

/// Sends [`GRANT`] messages for each grant.
async fn send_messages<L: Link>(link: &mut L, name_length: usize) -> Result<()> {
    while link.receive().await?.is_some() {
        for id in 0..GRANT {
            link.send(sample(id, name_length)).await?;
        }
    }
    Ok(())
}
