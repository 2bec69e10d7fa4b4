use clap::ValueEnum;

use crate::process::value_name;

/// The traffic of one measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Workload {
    /// Sequential requests, whose answers are events.
    RequestSequentialEvents,
    /// Sequential requests by `call`.
    RequestSequentialCall,
    /// [`WINDOW`] concurrent requests, whose answers are events.
    #[value(name = "request-256-events")]
    RequestWindowEvents,
    /// [`WINDOW`] concurrent requests by `call`.
    #[value(name = "request-256-call")]
    RequestWindowCall,
    /// One-shot messages from the client to the server.
    MessageToServer,
    /// One-shot messages from the server to the client.
    MessageToClient,
}

/// The number of requests in flight.
pub(crate) const WINDOW: u64 = 256;

/// The number of one-shot messages that the sender may send for each grant. A grant is a message of
/// the receiver. Two grants are outstanding at a time, so that the sender does not wait for a grant
/// in transit.
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

    /// Returns the name in the table and on the command line.
    pub(crate) fn name(self) -> String {
        value_name(self)
    }

    /// Returns the number of messages, or of requests with their answers, in one round. A round
    /// takes about half a second.
    pub(crate) fn count(self) -> u64 {
        match self {
            Self::RequestSequentialEvents | Self::RequestSequentialCall => 10_000,
            Self::RequestWindowEvents | Self::RequestWindowCall => 400_000,
            Self::MessageToServer | Self::MessageToClient => 800 * GRANT,
        }
    }

    /// Returns the number of messages of the warm-up.
    pub(crate) fn warm_up(self) -> u64 {
        self.count() / 10
    }

    /// Returns true if each round trip is timed.
    pub(crate) fn is_sequential(self) -> bool {
        matches!(self, Self::RequestSequentialEvents | Self::RequestSequentialCall)
    }
}
