/// The traffic of one measurement, which is one row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Workload {
    /// The name in the table and on the command line.
    pub(crate) name: &'static str,
    pub(crate) traffic: Traffic,
    /// The API of simplenet that the applications use.
    pub(crate) api: Api,
    /// The number of characters in the name of each sample. The other fields of an encoded sample
    /// take 14 to 24 bytes.
    pub(crate) name_length: usize,
    /// The number of operations in one round, see [`Traffic`]. A round takes about half a second.
    pub(crate) count: u64,
}

/// The connections of a workload, and its operations, whose cost is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Traffic {
    /// Requests over one connection, one after another. An operation is a request with its answer.
    Sequential,
    /// Requests over several connections, each of which has `in_flight` requests in flight. An
    /// operation is a request with its answer.
    Requests { connections: usize, in_flight: u64 },
    /// One-shot messages from a client to the server. An operation is a message.
    ToServer,
    /// One-shot messages from the server to a client. An operation is a message.
    ToClient,
    /// Broadcasts to all clients. When every client has received `burst` broadcasts, the server
    /// sends the next ones. An operation is the delivery of a broadcast to one client.
    Broadcast { clients: usize, burst: u64 },
    /// New connections, several at a time. An operation is the sequence of connect, handshake,
    /// request and close.
    Connect { concurrent: usize },
}

/// The API of simplenet that the applications of both sides use. The other implementations have one
/// API only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    /// Events on both sides.
    Events,
    /// The client awaits a `call` for each request. The server receives events.
    Call,
    /// The client receives events. The server has a service.
    Service,
}

/// The number of one-shot messages that the sender may send for each grant. A grant is a message of
/// the receiver. Two grants are outstanding at a time, so that the sender does not wait for a grant
/// in transit.
pub(crate) const GRANT: u64 = 1024;

/// The length of a name for samples of about 40 bytes.
const SMALL: usize = 16;

const SEQUENTIAL: Workload = Workload {
    name: "request-sequential-events",
    traffic: Traffic::Sequential,
    api: Api::Events,
    name_length: SMALL,
    count: 6_000,
};

const WINDOW: Workload = Workload {
    name: "request-256-events",
    traffic: Traffic::Requests { connections: 1, in_flight: 256 },
    count: 400_000,
    ..SEQUENTIAL
};

const CONNECTIONS: Workload = Workload {
    name: "request-32x16-events",
    traffic: Traffic::Requests { connections: 32, in_flight: 16 },
    count: 256_000,
    ..SEQUENTIAL
};

const TO_SERVER: Workload = Workload {
    name: "message-to-server",
    traffic: Traffic::ToServer,
    count: 800 * GRANT,
    ..SEQUENTIAL
};

const BURST: Workload = Workload {
    name: "broadcast-200-burst",
    traffic: Traffic::Broadcast { clients: 200, burst: 500 },
    count: 1_000_000,
    ..SEQUENTIAL
};

pub(crate) const WORKLOADS: [Workload; 14] = [
    SEQUENTIAL,
    Workload { name: "request-sequential-call", api: Api::Call, ..SEQUENTIAL },
    WINDOW,
    Workload { name: "request-256-call", api: Api::Call, ..WINDOW },
    Workload { name: "request-256-service", api: Api::Service, ..WINDOW },
    CONNECTIONS,
    Workload { name: "request-32x16-call", api: Api::Call, ..CONNECTIONS },
    Workload {
        name: "request-64-1KiB",
        traffic: Traffic::Requests { connections: 1, in_flight: 64 },
        name_length: 1024 - 20,
        count: 120_000,
        ..SEQUENTIAL
    },
    // The requests in flight fit into the buffers of the sockets. With more of them, both sides
    // of a bare connection might block in a write.
    Workload {
        name: "request-8-64KiB",
        traffic: Traffic::Requests { connections: 1, in_flight: 8 },
        name_length: 64 * 1024 - 20,
        count: 5_000,
        ..SEQUENTIAL
    },
    TO_SERVER,
    Workload { name: "message-to-client", traffic: Traffic::ToClient, ..TO_SERVER },
    BURST,
    Workload {
        name: "broadcast-200-lockstep",
        traffic: Traffic::Broadcast { clients: 200, burst: 1 },
        count: 40_000,
        ..BURST
    },
    Workload {
        name: "connect",
        traffic: Traffic::Connect { concurrent: 4 },
        count: 2_000,
        ..SEQUENTIAL
    },
];

impl Workload {
    /// Returns the workload with this name.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let found = WORKLOADS.into_iter().find(|workload| workload.name == name);
        found.ok_or_else(|| format!("there is no workload `{name}`"))
    }

    /// Returns the number of operations of the warm-up.
    pub(crate) fn warm_up(self) -> u64 {
        self.count / 10
    }
}

impl Traffic {
    /// Returns the number of connections that last for the whole measurement.
    pub(crate) fn connections(self) -> usize {
        match self {
            Self::Sequential | Self::ToServer | Self::ToClient => 1,
            Self::Requests { connections, .. } => connections,
            Self::Broadcast { clients, .. } => clients,
            Self::Connect { .. } => 0,
        }
    }

    /// Returns true if the time of each operation is measured.
    pub(crate) fn is_timed(self) -> bool {
        matches!(self, Self::Sequential | Self::Connect { .. })
    }

    /// Returns the number of operations that belong together. The number of operations in a round
    /// and in a warm-up is a multiple of it.
    #[cfg(test)]
    fn unit(self) -> u64 {
        match self {
            Self::Sequential => 1,
            Self::Requests { connections, .. } => connections as u64,
            Self::ToServer | Self::ToClient => GRANT,
            Self::Broadcast { clients, burst } => clients as u64 * burst,
            Self::Connect { concurrent } => concurrent as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workload_is_found_by_its_unique_name() {
        for workload in WORKLOADS {
            assert_eq!(Workload::named(workload.name), Ok(workload));
        }
        assert!(Workload::named("request").is_err());
    }

    #[test]
    fn counts_are_multiples_of_the_unit() {
        for workload in WORKLOADS {
            let unit = workload.traffic.unit();
            assert_eq!(workload.count % unit, 0, "{}", workload.name);
            assert_eq!(workload.warm_up() % unit, 0, "{}", workload.name);
            assert_ne!(workload.warm_up(), 0, "{}", workload.name);
        }
    }
}
