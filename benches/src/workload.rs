use clap::ValueEnum;

use crate::process::value_name;

/// What client and server say to each other in one measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Workload {
    /// Requests, each made when the one before is answered; answers come as events.
    RequestSequentialEvents,
    /// The same, each a `call` that is awaited.
    RequestSequentialCall,
    /// [`WINDOW`] requests in flight; answers come as events.
    #[value(name = "request-256-events")]
    RequestWindowEvents,
    /// [`WINDOW`] callers at a time, each awaits its `call`.
    #[value(name = "request-256-call")]
    RequestWindowCall,
    /// One-shot messages from the client to the server.
    MessageToServer,
    /// One-shot messages from the server to the client.
    MessageToClient,
}

/// Requests in flight.
pub(crate) const WINDOW: u64 = 256;

/// One-shot messages that their receiver allows with one message of its own. Two grants are always out, so that the
/// sender need not wait while one is on its way.
pub(crate) const GRANT: u64 = 1024;

impl Workload {
    pub(crate) const ALL: [Self; 6] = [
        Self::RequestSequentialEvents,
        Self::RequestSequentialCall,
        Self::RequestWindowEvents,
        Self::RequestWindowCall,
        Self::MessageToServer,
        Self::MessageToClient,
    ];

    /// As the table and the command line call it.
    pub(crate) fn name(self) -> String {
        value_name(self)
    }

    /// Messages, or requests with their answers, in one round: about half a second.
    pub(crate) fn count(self) -> u64 {
        match self {
            Self::RequestSequentialEvents | Self::RequestSequentialCall => 10_000,
            Self::RequestWindowEvents | Self::RequestWindowCall => 400_000,
            Self::MessageToServer | Self::MessageToClient => 800 * GRANT,
        }
    }

    /// How many go ahead of them, unmeasured.
    pub(crate) fn warm_up(self) -> u64 {
        self.count() / 10
    }

    /// Whether the time of each round trip is worth knowing.
    pub(crate) fn is_sequential(self) -> bool {
        matches!(self, Self::RequestSequentialEvents | Self::RequestSequentialCall)
    }
}
