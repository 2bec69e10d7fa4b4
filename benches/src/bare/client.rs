use std::time::Duration;

use url::Url;

use super::connection::Connection;
use crate::{
    Result,
    bench::Sample,
    peer::{Client, sequential_round_trips},
    sample::sample,
    workload::{GRANT, WINDOW, Workload},
};

/// The client's side of every workload, without simplenet. Answers arrive in the order of the
/// requests.
pub(crate) struct BareClient(Connection);

impl Client for BareClient {
    async fn connect(url: &Url) -> Result<Self> {
        Ok(Self(Connection::connect(url).await?))
    }

    async fn exchange(
        &mut self,
        workload: Workload,
        count: u64,
        round_trips: &mut Vec<Duration>,
    ) -> Result<()> {
        match workload {
            Workload::RequestSequentialEvents | Workload::RequestSequentialCall => {
                sequential_round_trips(count, round_trips, async |id| {
                    self.0.send(&sample(id)).await?;
                    self.receive().await?;
                    Ok(())
                })
                .await
            }
            Workload::RequestWindowEvents | Workload::RequestWindowCall => {
                self.request_window(count).await
            }
            Workload::MessageToServer => self.send_messages(count).await,
            Workload::MessageToClient => self.receive_messages(count).await,
        }
    }
}

impl BareClient {
    async fn receive(&mut self) -> Result<Sample> {
        Ok(self.0.receive().await?.ok_or("the server has disconnected")?)
    }

    async fn request_window(&mut self, count: u64) -> Result<()> {
        for id in 0..WINDOW {
            self.0.send(&sample(id)).await?;
        }
        for id in WINDOW..count {
            self.receive().await?;
            self.0.send(&sample(id)).await?;
        }
        for _ in 0..WINDOW {
            self.receive().await?;
        }
        Ok(())
    }

    async fn send_messages(&mut self, count: u64) -> Result<()> {
        for id in 0..count {
            if id >= 2 * GRANT && id % GRANT == 0 {
                self.receive().await?;
            }
            self.0.send(&sample(id)).await?;
        }
        for _ in 0..2 {
            self.receive().await?;
        }
        Ok(())
    }

    async fn receive_messages(&mut self, count: u64) -> Result<()> {
        let mut grants = count / GRANT;
        for _ in 0..2 {
            self.0.send(&sample(grants)).await?;
            grants -= 1;
        }
        for received in 1..=count {
            self.receive().await?;
            if received % GRANT == 0 && grants > 0 {
                self.0.send(&sample(grants)).await?;
                grants -= 1;
            }
        }
        Ok(())
    }
}
