use futures_util::{Stream, stream};
use tokio::sync::mpsc;
use tonic::Streaming;

use super::{GrpcSample, QUEUE};
use crate::{Result, bench::Sample, link::Link};

/// One end of a bidirectional stream.
pub(crate) struct GrpcStream {
    outgoing: mpsc::Sender<GrpcSample>,
    incoming: Streaming<GrpcSample>,
}

impl GrpcStream {
    pub(super) fn new(outgoing: mpsc::Sender<GrpcSample>, incoming: Streaming<GrpcSample>) -> Self {
        Self { outgoing, incoming }
    }

    /// Ends the outgoing stream, and returns when the peer has ended the other one.
    pub(super) async fn finish(mut self) -> Result<()> {
        drop(self.outgoing);
        while self.incoming.message().await?.is_some() {}
        Ok(())
    }
}

/// Creates the queue of outgoing samples, and the stream from which tonic takes them.
pub(super) fn queue() -> (mpsc::Sender<GrpcSample>, impl Stream<Item = GrpcSample> + Send) {
    let (sender, mut receiver) = mpsc::channel(QUEUE);
    (sender, stream::poll_fn(move |context| receiver.poll_recv(context)))
}

impl Link for GrpcStream {
    async fn send(&mut self, sample: Sample) -> Result<()> {
        Ok(self.outgoing.send(sample.into()).await?)
    }

    async fn receive(&mut self) -> Result<Option<Sample>> {
        self.incoming.message().await?.map(Sample::try_from).transpose()
    }
}
