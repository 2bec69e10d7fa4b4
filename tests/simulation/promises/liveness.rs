use std::collections::{BTreeMap, BTreeSet};

use simplenet::RequestStatus;

use super::{
    Violations,
    history::{History, Kind, Outgoing},
    server::matched_sessions,
};
use crate::log::{CallResult, ClientEntry, End, Entry, Record, RunEntry, ServerEntry};

/// Checks that every client reconnects after the faults, unless it is closed or dead.
///
/// If two clients share an id, one of them may wait until the other disconnects. With take-over,
/// the replaced client does not reconnect, and all other clients must be connected.
pub(super) fn clients_reconnect_after_faults(
    records: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    let mut clients: BTreeMap<u128, (usize, bool)> = BTreeMap::new();
    for (index, process, connected) in connection_states(records) {
        if let Some(process) = history.processes.get(&process) {
            let (_, is_connected) = clients.entry(process.id).or_insert((index, history.take_over));
            *is_connected = if history.take_over {
                *is_connected && connected
            } else {
                *is_connected || connected
            };
        }
    }
    for (id, (index, connected)) in clients {
        if !connected {
            violations.add("liveness", index, format!("client {id} did not reconnect"));
        }
    }
}

/// Returns every process whose client should be connected, and whether that client is connected.
fn connection_states(records: &[Record]) -> impl Iterator<Item = (usize, u32, bool)> {
    records.iter().enumerate().filter_map(|(index, record)| match record.entry {
        Entry::Client(process, ClientEntry::ConnectionState { connected, wanted: true }) => {
            Some((index, process, connected))
        }
        _ => None,
    })
}

pub(super) fn messages_after_faults_arrive(
    records: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    let Some(deadline) = records.iter().position(is_deadline) else { return };
    let connected: BTreeSet<u32> = connection_states(records)
        .filter(|(_, _, connected)| *connected)
        .map(|(_, process, _)| process)
        .collect();
    let broadcast = records.iter().rev().find_map(|record| match &record.entry {
        Entry::Server(_, ServerEntry::Broadcast { number, .. }) => Some(*number),
        _ => None,
    });
    for number in connected {
        let Some(process) = history.processes.get(&number) else { continue };
        let end = process.dead.unwrap_or(usize::MAX);
        let sent_after_faults =
            |outgoing: &Outgoing| outgoing.open && (deadline..end).contains(&outgoing.index);
        for (number, outgoing) in
            process.outgoing.iter().filter(|(_, outgoing)| sent_after_faults(outgoing))
        {
            let arrived = match &outgoing.kind {
                Kind::Message(_) => history.received.contains_key(number),
                Kind::Request(statuses) => statuses.last() == Some(&RequestStatus::Responded),
                Kind::Call { results } => {
                    matches!(results[..], [(_, Some(CallResult::Response { .. }))])
                }
            };
            if !arrived {
                violations.add("liveness", outgoing.index, format!("{number} did not arrive"));
            }
        }
        let has_broadcast = process.sessions.last().is_some_and(|session| {
            session.received.iter().any(|(_, item)| match item {
                super::history::Item::News(number) => Some(*number) == broadcast,
                _ => false,
            })
        });
        if !has_broadcast {
            let description = format!("process {number} did not receive the last broadcast");
            violations.add("liveness", deadline, description);
        }
    }
}

fn is_deadline(record: &Record) -> bool {
    matches!(record.entry, Entry::Run(RunEntry::ReconnectDeadline(_)))
}

/// Checks that a close in the quiet phase delivers every accepted message.
pub(super) fn close_delivers_accepted_messages(
    records: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    let Some(deadline) = records.iter().position(is_deadline) else { return };
    for (process, client, server) in matched_sessions(history) {
        let Some((index, End::ClosedBySelf)) = client.ended else { continue };
        if index < deadline {
            continue;
        }
        let received: BTreeSet<u64> =
            server.received.iter().map(|received| received.number).collect();
        for (number, outgoing) in &process.outgoing {
            let of_session = client.connected < outgoing.index && outgoing.index < index;
            if of_session
                && !outgoing.is_call()
                && !outgoing.failed_at_once()
                && !received.contains(number)
            {
                violations.add(
                    "close",
                    index,
                    format!("{number} was accepted, but did not arrive"),
                );
            }
        }
    }
}

/// Checks that all processes end on command, and that a shutdown without faults cuts no session.
pub(super) fn every_process_ends(records: &[Record], _: &History, violations: &mut Violations) {
    let deadline = records.iter().position(is_deadline);
    for (index, record) in records.iter().enumerate() {
        match &record.entry {
            Entry::Run(RunEntry::Failed(description)) => violations.add("end", index, description),
            Entry::Server(_, ServerEntry::ShutDown { cut, .. })
                if *cut > 0 && deadline.is_some_and(|deadline| deadline < index) =>
            {
                violations.add("end", index, format!("the shutdown cut {cut} sessions"));
            }
            _ => {}
        }
    }
}
