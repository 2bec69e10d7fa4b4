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
            Workload::MessageToServer => take(&mut connection).await,
            Workload::MessageToClient => give(&mut connection).await,
        }
    }
}

async fn echo(connection: &mut Connection) -> Result<()> {
    while let Some(asked) = connection.receive().await? {
        connection.send(&asked).await?;
    }
    Ok(())
}

/// Receives samples, and grants as many again.
async fn take(connection: &mut Connection) -> Result<()> {
    let mut taken = 0;
    while let Some(sample) = connection.receive().await? {
        taken += 1;
        if taken % GRANT == 0 {
            connection.send(&sample).await?;
        }
    }
    Ok(())
}

/// Sends the granted samples.
async fn give(connection: &mut Connection) -> Result<()> {
    while connection.receive().await?.is_some() {
        for id in 0..GRANT {
            connection.send(&sample(id)).await?;
        }
    }
    Ok(())
}
