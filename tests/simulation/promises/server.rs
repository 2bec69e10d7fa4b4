use std::collections::{BTreeMap, BTreeSet};

use simplenet::SendOutcome;

use super::{
    Violations,
    history::{ClientSession, History, Item, Kind, Process, Sent, ServerSession},
};
use crate::log::{Answer, CallResult, ClientEntry, End, Entry, Record, ServerEntry};

pub(super) fn s1_events_lie_between_connected_and_disconnected(
    records: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    let mut open: BTreeMap<u32, BTreeSet<u128>> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        let Entry::Server(start, entry) = &record.entry else { continue };
        let open = open.entry(*start).or_default();
        match entry {
            ServerEntry::Connected { id, .. } => {
                open.insert(*id);
            }
            ServerEntry::Disconnected { id, session, .. } => {
                if session.is_none() {
                    violations.add("S1", index, format!("{id} disconnected without a session"));
                }
                open.remove(id);
            }
            ServerEntry::Received { session, number, .. } => {
                let session = session.and_then(|session| history.sessions.get(&session));
                match session {
                    None => {
                        violations.add("S1", index, format!("{number} arrived outside a session"));
                    }
                    Some(session) if history.senders.get(number) != Some(&session.process) => {
                        violations.add("S1", index, format!("{number} was sent by another client"));
                    }
                    Some(_) => {}
                }
            }
            ServerEntry::ShutDown { cut: 0, .. } if !open.is_empty() => {
                violations.add("S1", index, format!("no Disconnected of {open:?} before the end"));
            }
            _ => {}
        }
    }
}

/// Checks that the messages of a session arrive in order and without gaps, beginning with the
/// first.
pub(super) fn s2_messages_and_requests_arrive_in_order(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    let mut of_client: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for (&number, session) in &history.sessions {
        let Some(process) = history.processes.get(&session.process) else { continue };
        let mut accepted: Option<std::vec::IntoIter<u64>> = None;
        let mut client_session = None;
        for received in &session.received {
            let Some(outgoing) = process.outgoing.get(&received.number) else { continue };
            if outgoing.is_call() {
                // A call may wait for a session, so calls do not keep the order of their creation.
                continue;
            }
            let from = *client_session.get_or_insert(received.from);
            if from != received.from || outgoing.session != from {
                let description = format!("{} was sent in another session", received.number);
                violations.add("S2", received.index, description);
                continue;
            }
            let accepted = accepted.get_or_insert_with(|| accepted_in(process, from).into_iter());
            // A draining server rejects requests itself, so the application may not receive them.
            let may_be_missing = |number: &u64| {
                history.draining.get(&session.start).is_some_and(|&began| began < received.index)
                    && process
                        .outgoing
                        .get(number)
                        .is_some_and(|outgoing| matches!(outgoing.kind, Kind::Request(_)))
            };
            if accepted.find(|&next| next == received.number || !may_be_missing(&next))
                != Some(received.number)
            {
                let description =
                    format!("{} arrived out of order, or after a gap", received.number);
                violations.add("S2", received.index, description);
                break;
            }
        }
        let Some(from) = client_session else { continue };
        if let Some(other) = of_client.insert((session.process, from), number) {
            let index = session.received.first().map_or(0, |received| received.index);
            violations.add(
                "S2",
                index,
                format!("sessions {other} and {number} are one session of the client"),
            );
        }
        let server_session =
            process.sessions.get(from as usize - 1).and_then(|session| session.server_session);
        if server_session.is_some_and(|server_session| server_session != number) {
            let index = session.received.first().map_or(0, |received| received.index);
            let description = format!("session {number} received messages of {server_session:?}");
            violations.add("S2", index, description);
        }
    }
}

/// Returns the messages and requests that the application sent in a session and that did not fail
/// at once. Calls are excluded.
fn accepted_in(process: &Process, session: u32) -> Vec<u64> {
    process
        .outgoing
        .iter()
        .filter(|(_, outgoing)| {
            outgoing.session == session && !outgoing.is_call() && !outgoing.failed_at_once()
        })
        .map(|(&number, _)| number)
        .collect()
}

pub(super) fn s3_new_session_begins_after_the_end_of_the_old_one(
    records: &[Record],
    _: &History,
    violations: &mut Violations,
) {
    let mut open: BTreeSet<(u32, u128)> = BTreeSet::new();
    for (index, record) in records.iter().enumerate() {
        match &record.entry {
            Entry::Server(start, ServerEntry::Connected { id, .. })
                if !open.insert((*start, *id)) =>
            {
                violations.add("S3", index, format!("{id} connected before its Disconnected"));
            }
            Entry::Server(start, ServerEntry::Disconnected { id, .. }) => {
                open.remove(&(*start, *id));
            }
            _ => {}
        }
    }
}

pub(super) fn s4_send_addresses_the_session_whose_connected_was_received(
    records: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    let mut closed: BTreeSet<u32> = BTreeSet::new();
    for (index, record) in records.iter().enumerate() {
        let Entry::Server(_, entry) = &record.entry else { continue };
        match entry {
            ServerEntry::Sent { session, outcome, .. } => {
                let ended = session.is_none_or(|session| closed.contains(&session));
                if ended && *outcome != SendOutcome::NotConnected {
                    violations.add("S4", index, format!("{outcome:?} without a session"));
                }
            }
            ServerEntry::Disconnecting { session, outcome, .. } => {
                let ended = session.is_none_or(|session| closed.contains(&session));
                if ended && *outcome != SendOutcome::NotConnected {
                    violations.add("S4", index, format!("{outcome:?} without a session"));
                }
                closed.extend(session.filter(|_| outcome.is_queued()));
            }
            ServerEntry::Broadcast { sessions, queued, overflowed, .. } => {
                let open = sessions.iter().filter(|session| !closed.contains(session)).count();
                if queued + overflowed > open {
                    violations.add("S4", index, format!("{queued} queued for {open} sessions"));
                }
            }
            ServerEntry::Listed { ids, known } => {
                if let Some(unknown) = ids.iter().find(|id| !known.contains(id)) {
                    violations.add(
                        "S4",
                        index,
                        format!("{unknown} is listed before its Connected"),
                    );
                }
            }
            _ => {}
        }
    }
    for (index, item, session) in received_items(history) {
        if matches!(item, Item::News(_)) && !session.sent.iter().any(|sent| sent.item == item) {
            violations.add("S4", index, format!("{item:?} was not sent to this session"));
        }
    }
}

/// Returns each item that a client received, with the server's record of the session.
fn received_items(history: &History) -> impl Iterator<Item = (usize, Item, &ServerSession)> {
    matched_sessions(history).flat_map(|(_, client, server)| {
        client.received.iter().map(move |&(index, item)| (index, item, server))
    })
}

/// Returns the sessions that the logs of both sides contain.
pub(super) fn matched_sessions(
    history: &History,
) -> impl Iterator<Item = (&Process, &ClientSession, &ServerSession)> {
    history.processes.values().flat_map(move |process| {
        process.sessions.iter().filter_map(move |session| {
            Some((process, session, history.sessions.get(&session.server_session?)?))
        })
    })
}

/// Checks that a client receives the items of its session in order and without gaps, beginning with
/// the first. If the application closes the session, all earlier items must arrive before the
/// close.
pub(super) fn s5_messages_answers_and_close_arrive_in_the_order_of_the_calls(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for (process, client, server) in matched_sessions(history) {
        let calls = process.calls();
        let mut queued = without_calls(server, &calls);
        for &(index, item) in &client.received {
            if is_rejection_by_draining_server(history, server, index, item) {
                continue;
            }
            match skip_to(&mut queued, item) {
                Some(skipped) => {
                    if let Some(skipped) = skipped.iter().find(|sent| sent.certain) {
                        let promise = if skipped.by_drop { "S7" } else { "S5" };
                        let description =
                            format!("{item:?} arrived, but not {:?} before it", skipped.item);
                        violations.add(promise, index, description);
                    }
                }
                None => {
                    violations.add(
                        "S5",
                        index,
                        format!("{item:?} arrived out of order, or was never sent"),
                    );
                }
            }
        }
        if let Some((index, End::ClosedByServer(Some(code)))) = client.ended {
            match server.disconnect {
                Some((closed, chosen)) if chosen == code => {
                    let missing = queued.find(|sent| sent.certain && sent.index < closed);
                    if let Some(missing) = missing {
                        let description =
                            format!("the close arrived, but not {:?} before it", missing.item);
                        violations.add("S5", index, description);
                    }
                }
                _ => violations.add("S5", index, "the application did not send this close"),
            }
        }
    }
}

fn without_calls<'a>(
    server: &'a ServerSession,
    calls: &'a BTreeSet<u64>,
) -> impl Iterator<Item = Sent> + Clone + 'a {
    server.sent.iter().copied().filter(|sent| match sent.item {
        Item::Response { request, .. }
        | Item::Acknowledgement(request)
        | Item::Rejection(request) => !calls.contains(&request),
        Item::FirstMessage(_) | Item::News(_) => true,
    })
}

/// Advances past the item and returns the skipped items, or `None` if the item is missing.
fn skip_to(queued: &mut (impl Iterator<Item = Sent> + Clone), item: Item) -> Option<Vec<Sent>> {
    let mut ahead = queued.clone();
    let mut skipped = Vec::new();
    for sent in ahead.by_ref() {
        if sent.item == item {
            *queued = ahead;
            return Some(skipped);
        }
        skipped.push(sent);
    }
    None
}

/// Returns true if the item is a rejection by the draining server, not by the application.
fn is_rejection_by_draining_server(
    history: &History,
    server: &ServerSession,
    index: usize,
    item: Item,
) -> bool {
    matches!(item, Item::Rejection(_))
        && history.draining.get(&server.start).is_some_and(|&began| began < index)
        && !server.sent.iter().any(|sent| sent.item == item)
}

pub(super) fn s6_answer_reaches_only_the_session_of_the_request(
    records: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    // For each response that was sent, the session and the id of its request.
    let mut responses: BTreeMap<u64, (u32, u64)> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        let Entry::Server(_, ServerEntry::Answered { session, request, answer, stale, outcome }) =
            &record.entry
        else {
            continue;
        };
        let ended = history
            .sessions
            .get(session)
            .is_none_or(|session| session.ended.is_some_and(|end| end < index));
        if ended && (!stale || outcome.is_some_and(|outcome| outcome != SendOutcome::NotConnected))
        {
            violations.add(
                "S6",
                index,
                format!("{outcome:?} after the session ended, stale: {stale}"),
            );
        }
        if *stale && outcome.is_some_and(SendOutcome::is_queued) {
            violations.add("S6", index, "a stale token was answered");
        }
        if let Answer::Respond(number) = answer
            && outcome.is_some_and(SendOutcome::is_queued)
        {
            responses.insert(*number, (*session, *request));
        }
    }
    let mut received: BTreeSet<u64> = BTreeSet::new();
    for (index, record) in records.iter().enumerate() {
        let Entry::Client(process, entry) = &record.entry else { continue };
        let (number, to, request) = match entry {
            ClientEntry::Response { request, number, to } => (*number, *to, Some(*request)),
            ClientEntry::CallEnded {
                number: asked,
                result: CallResult::Response { number, to },
            } => {
                if asked != to {
                    violations.add("S6", index, format!("the response to {to} reached {asked}"));
                }
                (*number, *to, None)
            }
            _ => continue,
        };
        let asked = history.processes.get(process).and_then(|process| {
            request.map_or(Some(to), |request| process.requests.get(&request).copied())
        });
        if asked != Some(to) {
            violations.add("S6", index, format!("the response to {to} reached {asked:?}"));
        }
        let session = responses.get(&number).and_then(|(session, _)| history.sessions.get(session));
        if session.is_none_or(|session| session.process != *process) {
            violations.add("S6", index, format!("response {number} was not sent to this client"));
        }
        if !received.insert(number) {
            violations.add("S6", index, format!("response {number} arrived twice"));
        }
    }
}

/// Checks that a request whose token was dropped is rejected, or ends with its session.
pub(super) fn s7_dropped_token_rejects_its_request(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for session in history.sessions.values() {
        let Some(process) = history.processes.get(&session.process) else { continue };
        for sent in session.sent.iter().filter(|sent| sent.by_drop) {
            let Item::Rejection(request) = sent.item else { continue };
            let outgoing =
                process.requests.get(&request).and_then(|number| process.outgoing.get(number));
            let Some(outgoing) = outgoing else { continue };
            for &(index, end) in &outgoing.events {
                use simplenet::RequestStatus::{Rejected, ResponseLost};
                if !matches!(end, Rejected | ResponseLost) {
                    violations.add(
                        "S7",
                        index,
                        format!("the token was dropped, but the outcome is {end:?}"),
                    );
                }
            }
        }
    }
}
