use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use simplenet::ClientReport;
use url::Url;

use crate::{
    Result,
    bench::{self, Ask, ClientEvent},
    peer::{Client, one_at_a_time},
    sample::sample,
    workload::{GRANT, WINDOW, Workload},
};

/// The client's side of every workload.
pub(crate) struct TypedClient(bench::Client);

impl Client for TypedClient {
    async fn connect(url: &Url) -> Result<Self> {
        let mut client = bench::Client::builder(url.clone()).connect(());
        match client.recv().await {
            Some(ClientEvent::Report(ClientReport::Connected)) => Ok(Self(client)),
            other => Err(format!("not connected: {other:?}").into()),
        }
    }

    async fn exchange(
        &mut self,
        workload: Workload,
        count: u64,
        round_trips: &mut Vec<Duration>,
    ) -> Result<()> {
        match workload {
            Workload::RequestSequentialEvents => {
                one_at_a_time(count, round_trips, async |id| {
                    self.0.request(Ask(sample(id)));
                    self.receive_response().await
                })
                .await
            }
            Workload::RequestSequentialCall => {
                one_at_a_time(count, round_trips, async |id| {
                    self.0.call(Ask(sample(id))).await?;
                    Ok(())
                })
                .await
            }
            Workload::RequestWindowEvents => self.request_window(count).await,
            Workload::RequestWindowCall => self.call_window(count).await,
            Workload::MessageToServer => self.give(count).await,
            Workload::MessageToClient => self.take(count).await,
        }
    }
}

impl TypedClient {
    async fn receive_response(&mut self) -> Result<()> {
        match self.0.recv().await {
            Some(ClientEvent::Response(..)) => Ok(()),
            other => Err(format!("no response: {other:?}").into()),
        }
    }

    async fn receive_message(&mut self) -> Result<()> {
        match self.0.recv().await {
            Some(ClientEvent::Msg(_)) => Ok(()),
            other => Err(format!("no message: {other:?}").into()),
        }
    }

    async fn request_window(&mut self, count: u64) -> Result<()> {
        for id in 0..WINDOW {
            self.0.request(Ask(sample(id)));
        }
        for id in WINDOW..count {
            self.receive_response().await?;
            self.0.request(Ask(sample(id)));
        }
        for _ in 0..WINDOW {
            self.receive_response().await?;
        }
        Ok(())
    }

    async fn call_window(&mut self, count: u64) -> Result<()> {
        stream::iter(0..count)
            .map(|id| self.0.call(Ask(sample(id))))
            .buffer_unordered(usize::try_from(WINDOW)?)
            .try_for_each(async |_| Ok(()))
            .await?;
        Ok(())
    }

    async fn give(&mut self, count: u64) -> Result<()> {
        for id in 0..count {
            if id >= 2 * GRANT && id % GRANT == 0 {
                self.receive_message().await?;
            }
            self.0.send(sample(id));
        }
        for _ in 0..2 {
            self.receive_message().await?;
        }
        Ok(())
    }

    async fn take(&mut self, count: u64) -> Result<()> {
        let mut grants = count / GRANT;
        for _ in 0..2 {
            self.0.send(sample(grants));
            grants -= 1;
        }
        for taken in 1..=count {
            self.receive_message().await?;
            if taken % GRANT == 0 && grants > 0 {
                self.0.send(sample(grants));
                grants -= 1;
            }
        }
        Ok(())
    }
}
