use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use simplenet::ClientReport;
use url::Url;

use crate::{
    Result,
    bench::{self, Ask, ClientEvent},
    peer::{Client, sequential_round_trips},
    sample::sample,
    workload::{GRANT, WINDOW, Workload},
};

/// The client's side of every workload, with simplenet.
pub(crate) struct TypedClient(bench::Client);

impl Client for TypedClient {
    async fn connect(url: &Url) -> Result<Self> {
        let mut client = bench::Client::builder(url.clone()).connect(());
        match client.recv().await {
            Some(ClientEvent::Report(ClientReport::Connected)) => Ok(Self(client)),
            other => Err(format!("expected `Connected`, received {other:?}").into()),
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
                sequential_round_trips(count, round_trips, async |id| {
                    self.0.request(Ask(sample(id)));
                    self.receive_response().await
                })
                .await
            }
            Workload::RequestSequentialCall => {
                sequential_round_trips(count, round_trips, async |id| {
                    self.0.call(Ask(sample(id))).await?;
                    Ok(())
                })
                .await
            }
            Workload::RequestWindowEvents => self.request_window(count).await,
            Workload::RequestWindowCall => self.call_window(count).await,
            Workload::MessageToServer => self.send_messages(count).await,
            Workload::MessageToClient => self.receive_messages(count).await,
        }
    }
}

impl TypedClient {
    async fn receive_response(&mut self) -> Result<()> {
        match self.0.recv().await {
            Some(ClientEvent::Response(..)) => Ok(()),
            other => Err(format!("expected a response, received {other:?}").into()),
        }
    }

    async fn receive_message(&mut self) -> Result<()> {
        match self.0.recv().await {
            Some(ClientEvent::Msg(_)) => Ok(()),
            other => Err(format!("expected a message, received {other:?}").into()),
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

    async fn send_messages(&mut self, count: u64) -> Result<()> {
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

    async fn receive_messages(&mut self, count: u64) -> Result<()> {
        let mut grants = count / GRANT;
        for _ in 0..2 {
            self.0.send(sample(grants));
            grants -= 1;
        }
        for received in 1..=count {
            self.receive_message().await?;
            if received % GRANT == 0 && grants > 0 {
                self.0.send(sample(grants));
                grants -= 1;
            }
        }
        Ok(())
    }
}
