use std::collections::{BTreeMap, BTreeSet};

use simplenet::RequestStatus;

use super::{
    Violations,
    history::{History, Kind, Said},
    server::greeted,
};
use crate::log::{CallResult, ClientEntry, End, Entry, Record, ServerEntry, World};

/// Checks that all clients which should be connected are, after the end of the faults. Programs with a shared id may wait
/// for the connected one. With take-over none waits, and the former holder does not reconnect.
pub(super) fn everybody_is_back(
    records: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    let mut wanted: BTreeMap<u128, (usize, bool)> = BTreeMap::new();
    for (index, process, connected) in census(records) {
        if let Some(process) = history.processes.get(&process) {
            let (_, good) = wanted.entry(process.id).or_insert((index, history.take_over));
            *good = if history.take_over { *good && connected } else { *good || connected };
        }
    }
    for (id, (index, connected)) in wanted {
        if !connected {
            violations.add("liveness", index, format!("client {id} is not back"));
        }
    }
}

/// Returns every program that should be connected, and whether it is.
fn census(records: &[Record]) -> impl Iterator<Item = (usize, u32, bool)> {
    records.iter().enumerate().filter_map(|(index, record)| match record.entry {
        Entry::Client(process, ClientEntry::Census { connected, wanted: true }) => {
            Some((index, process, connected))
        }
        _ => None,
    })
}

pub(super) fn what_is_said_is_heard(
    records: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    let Some(census_taken) = records.iter().position(is_census) else { return };
    let connected: BTreeSet<u32> = census(records)
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
        let since = |said: &Said| said.open && (census_taken..end).contains(&said.index);
        for (number, said) in process.said.iter().filter(|(_, said)| since(said)) {
            let heard = match &said.kind {
                Kind::Message(_) => history.received.contains_key(number),
                Kind::Request(statuses) => statuses.last() == Some(&RequestStatus::Responded),
                Kind::Call { results } => {
                    matches!(results[..], [(_, Some(CallResult::Response { .. }))])
                }
            };
            if !heard {
                violations.add("liveness", said.index, format!("{number} was not heard"));
            }
        }
        let news = process.sessions.last().is_some_and(|session| {
            session.heard.iter().any(|(_, item)| match item {
                super::history::Item::News(number) => Some(*number) == broadcast,
                _ => false,
            })
        });
        if !news {
            let what = format!("program {number} did not hear the last broadcast");
            violations.add("liveness", census_taken, what);
        }
    }
}

fn is_census(record: &Record) -> bool {
    matches!(record.entry, Entry::World(World::Census(_)))
}

/// Checks that a client closed in a quiet run delivers every accepted message.
pub(super) fn a_close_writes_what_was_accepted(
    records: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    let Some(census_taken) = records.iter().position(is_census) else { return };
    for (process, client, server) in greeted(history) {
        let Some((index, End::ClosedBySelf)) = client.ended else { continue };
        if index < census_taken {
            continue;
        }
        let received: BTreeSet<u64> =
            server.received.iter().map(|received| received.number).collect();
        for (number, said) in &process.said {
            let of_session = client.connected < said.index && said.index < index;
            if of_session && !said.is_call() && !said.failed_at_once() && !received.contains(number)
            {
                violations.add("close", index, format!("{number} was accepted, and not written"));
            }
        }
    }
}

/// Checks that every program ends on command, and that a shutdown in a quiet run cuts no client off.
pub(super) fn the_run_ends(records: &[Record], _: &History, violations: &mut Violations) {
    let census_taken = records.iter().position(is_census);
    for (index, record) in records.iter().enumerate() {
        match &record.entry {
            Entry::World(World::Broken(what)) => violations.add("end", index, what),
            Entry::Server(_, ServerEntry::ShutDown { cut, .. })
                if *cut > 0 && census_taken.is_some_and(|census| census < index) =>
            {
                violations.add("end", index, format!("{cut} sessions were cut off"));
            }
            _ => {}
        }
    }
}
