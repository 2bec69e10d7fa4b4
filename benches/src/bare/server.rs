use std::net::SocketAddr;

use tokio::net::TcpListener;

use super::connection::Connection;
use crate::{
    Result,
    peer::Server,
    sample::sample,
    workload::{GRANT, Workload},
};

/// The server's side of every workload, without simplenet.
pub(crate) struct BareServer(TcpListener);

impl Server for BareServer {
    async fn bind() -> Result<Self> {
        Ok(Self(TcpListener::bind("127.0.0.1:0").await?))
    }

    fn address(&self) -> Result<SocketAddr> {
        Ok(self.0.local_addr()?)
    }

    async fn serve(self, workload: Workload) -> Result<()> {
        let (stream, _) = self.0.accept().await?;
        let mut connection = Connection::accept(stream).await?;
        match workload {
            Workload::RequestSequentialEvents
            | Workload::RequestSequentialCall
            | Workload::RequestWindowEvents
            | Workload::RequestWindowCall => echo(&mut connection).await,
            Workload::MessageToServer => receive_messages(&mut connection).await,
            Workload::MessageToClient => send_messages(&mut connection).await,
        }
    }
}

/// Answers each request with its own content.
async fn echo(connection: &mut Connection) -> Result<()> {
    while let Some(request) = connection.receive().await? {
        connection.send(&request).await?;
    }
    Ok(())
}

/// Receives messages, and sends a grant after every [`GRANT`] messages.
async fn receive_messages(connection: &mut Connection) -> Result<()> {
    let mut count = 0;
    while let Some(sample) = connection.receive().await? {
        count += 1;
        if count % GRANT == 0 {
            connection.send(&sample).await?;
        }
    }
    Ok(())
}

/// Sends [`GRANT`] messages for each grant.
async fn send_messages(connection: &mut Connection) -> Result<()> {
    while connection.receive().await?.is_some() {
        for id in 0..GRANT {
            connection.send(&sample(id)).await?;
        }
    }
    Ok(())
}
