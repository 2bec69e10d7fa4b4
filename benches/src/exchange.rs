//! The client's part of every workload, over any implementation.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::Semaphore, task::spawn_local};

use crate::{
    Error, Result,
    peer::Client,
    sample::sample,
    workload::{GRANT, Traffic, Workload},
};

/// The connections of a workload.
pub(crate) struct Exchange<C> {
    server: SocketAddr,
    workload: Workload,
    clients: Vec<C>,
}

impl<C: Client> Exchange<C> {
    /// Opens the connections that last for the whole measurement, one after another.
    pub(crate) async fn connect(server: SocketAddr, workload: Workload) -> Result<Self> {
        let mut clients = Vec::new();
        for _ in 0..workload.traffic.connections() {
            clients.push(C::connect(server, workload).await?);
        }
        Ok(Self { server, workload, clients })
    }

    /// Executes `count` operations. Returns the time of each operation if the workload measures it.
    pub(crate) async fn run(&mut self, count: u64) -> Result<Vec<Duration>> {
        match self.workload.traffic {
            Traffic::Broadcast { burst, .. } => {
                self.receive_broadcasts(count, burst).await?;
                Ok(Vec::new())
            }
            Traffic::Connect { concurrent } => self.connect_and_close(count, concurrent).await,
            _ => self.use_each_connection(count).await,
        }
    }

    /// Uses each connection in a task of its own, for its share of the operations.
    async fn use_each_connection(&mut self, count: u64) -> Result<Vec<Duration>> {
        let share = count / self.clients.len() as u64;
        let workload = self.workload;
        let start = |mut client: C| {
            spawn_local(async move {
                let times = use_connection(&mut client, workload, share).await?;
                Ok::<_, Error>((client, times))
            })
        };
        let tasks: Vec<_> = self.clients.drain(..).map(start).collect();
        let mut all_times = Vec::new();
        for task in tasks {
            let (client, times) = task.await??;
            self.clients.push(client);
            all_times.extend(times);
        }
        Ok(all_times)
    }

    /// Grants bursts of broadcasts through the first connection. Grants the next burst when all
    /// clients have received the previous one.
    async fn receive_broadcasts(&mut self, count: u64, burst: u64) -> Result<()> {
        let bursts = count / burst / self.clients.len() as u64;
        let arrived = Arc::new(Semaphore::new(0));
        let mut clients = self.clients.drain(..);
        let mut first = clients.next().ok_or("a broadcast needs clients")?;
        let start = |mut client: C| {
            let arrived = arrived.clone();
            spawn_local(async move {
                for _ in 0..bursts {
                    receive(&mut client, burst).await?;
                    arrived.add_permits(1);
                }
                Ok::<_, Error>(client)
            })
        };
        let tasks: Vec<_> = clients.map(start).collect();
        let others = u32::try_from(tasks.len())?;
        for id in 0..bursts {
            first.send(sample(id, self.workload.name_length)).await?;
            receive(&mut first, burst).await?;
            arrived.acquire_many(others).await?.forget();
        }
        self.clients.push(first);
        for task in tasks {
            self.clients.push(task.await??);
        }
        Ok(())
    }

    /// Opens and closes connections in several tasks. Returns the time of each connection.
    async fn connect_and_close(&self, count: u64, concurrent: usize) -> Result<Vec<Duration>> {
        let (server, workload) = (self.server, self.workload);
        let share = count / concurrent as u64;
        let start = |_| {
            spawn_local(async move {
                timed(share, async |id| {
                    let mut client = C::connect(server, workload).await?;
                    client.request(sample(id, workload.name_length)).await?;
                    client.answer().await?;
                    client.close().await
                })
                .await
            })
        };
        let tasks: Vec<_> = (0..concurrent).map(start).collect();
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await??);
        }
        Ok(times)
    }
}

async fn use_connection<C: Client>(
    client: &mut C,
    workload: Workload,
    count: u64,
) -> Result<Vec<Duration>> {
    let sample = |id| sample(id, workload.name_length);
    match workload.traffic {
        Traffic::Sequential => {
            return timed(count, async |id| {
                client.request(sample(id)).await?;
                client.answer().await?;
                Ok(())
            })
            .await;
        }
        Traffic::Requests { in_flight, .. } => {
            for id in 0..count {
                if id >= in_flight {
                    client.answer().await?;
                }
                client.request(sample(id)).await?;
            }
            for _ in 0..count.min(in_flight) {
                client.answer().await?;
            }
        }
        Traffic::ToServer => {
            let grants = count / GRANT;
            for id in 0..count {
                if id >= 2 * GRANT && id % GRANT == 0 {
                    client.receive().await?;
                }
                client.send(sample(id)).await?;
            }
            receive(client, grants.min(2)).await?;
        }
        Traffic::ToClient => {
            let grants = count / GRANT;
            for id in 0..grants {
                if id >= 2 {
                    receive(client, GRANT).await?;
                }
                client.send(sample(id)).await?;
            }
            receive(client, GRANT * grants.min(2)).await?;
        }
        Traffic::Broadcast { .. } | Traffic::Connect { .. } => {
            return Err("the workload does not use its connections one by one".into());
        }
    }
    Ok(Vec::new())
}

async fn receive<C: Client>(client: &mut C, count: u64) -> Result<()> {
    for _ in 0..count {
        client.receive().await?;
    }
    Ok(())
}

/// Executes operations one after another, and measures the time of each.
async fn timed(
    count: u64,
    mut operation: impl AsyncFnMut(u64) -> Result<()>,
) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for id in 0..count {
        let start = Instant::now();
        operation(id).await?;
        times.push(start.elapsed());
    }
    Ok(times)
}
