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
                let by = session.and_then(|session| history.sessions.get(&session));
                match by {
                    None => violations.add("S1", index, format!("{number} came outside a session")),
                    Some(by) if history.speakers.get(number) != Some(&by.process) => {
                        violations.add("S1", index, format!("{number} is of another client"));
                    }
                    Some(_) => {}
                }
            }
            ServerEntry::ShutDown { cut: 0, .. } if !open.is_empty() => {
                violations.add("S1", index, format!("no Disconnected of {open:?} at the end"));
            }
            _ => {}
        }
    }
}

/// Checks that the messages of a session arrive in order, from the first on, without gaps.
pub(super) fn s2_messages_and_requests_arrive_in_order(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    let mut of_client: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for (&number, session) in &history.sessions {
        let Some(process) = history.processes.get(&session.process) else { continue };
        let mut accepted: Option<std::vec::IntoIter<u64>> = None;
        let mut which = None;
        for received in &session.received {
            let Some(said) = process.said.get(&received.number) else { continue };
            if said.is_call() {
                // A call is sent when a session accepts it, so not always in the order of the calls.
                continue;
            }
            let from = *which.get_or_insert(received.from);
            if from != received.from || said.session != from {
                let what = format!("{} is of another session", received.number);
                violations.add("S2", received.index, what);
                continue;
            }
            let accepted = accepted.get_or_insert_with(|| accepted_in(process, from).into_iter());
            // A draining server rejects later requests by itself.
            let may_be_missing = |number: &u64| {
                history.draining.get(&session.start).is_some_and(|&began| began < received.index)
                    && process
                        .said
                        .get(number)
                        .is_some_and(|said| matches!(said.kind, Kind::Request(_)))
            };
            if accepted.find(|&next| next == received.number || !may_be_missing(&next))
                != Some(received.number)
            {
                let what = format!("{} came out of order, or after a gap", received.number);
                violations.add("S2", received.index, what);
                break;
            }
        }
        let Some(from) = which else { continue };
        if let Some(other) = of_client.insert((session.process, from), number) {
            let index = session.received.first().map_or(0, |received| received.index);
            violations.add(
                "S2",
                index,
                format!("sessions {other} and {number} are one to the client"),
            );
        }
        let greeting = process.sessions.get(from as usize - 1).and_then(|session| session.greeting);
        if greeting.is_some_and(|greeting| greeting != number) {
            let index = session.received.first().map_or(0, |received| received.index);
            let what = format!("session {number} got what was said in {greeting:?}");
            violations.add("S2", index, what);
        }
    }
}

/// Returns the messages and requests that a client's session accepted, without calls.
fn accepted_in(process: &Process, session: u32) -> Vec<u64> {
    process
        .said
        .iter()
        .filter(|(_, said)| said.session == session && !said.is_call() && !said.failed_at_once())
        .map(|(&number, _)| number)
        .collect()
}

pub(super) fn s3_a_session_begins_after_the_last_one_has_ended(
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

pub(super) fn s4_what_is_sent_means_the_session_last_taken(
    records: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    let mut closed: BTreeSet<u32> = BTreeSet::new();
    for (index, record) in records.iter().enumerate() {
        let Entry::Server(_, entry) = &record.entry else { continue };
        match entry {
            ServerEntry::Sent { session, outcome, .. } => {
                let gone = session.is_none_or(|session| closed.contains(&session));
                if gone && *outcome != SendOutcome::NotConnected {
                    violations.add("S4", index, format!("{outcome:?} without a session"));
                }
            }
            ServerEntry::Disconnecting { session, outcome, .. } => {
                let gone = session.is_none_or(|session| closed.contains(&session));
                if gone && *outcome != SendOutcome::NotConnected {
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
                if let Some(stranger) = ids.iter().find(|id| !known.contains(id)) {
                    violations.add("S4", index, format!("{stranger} can be sent to, unknown"));
                }
            }
            _ => {}
        }
    }
    for (index, item, session) in heard(history) {
        if matches!(item, Item::News(_)) && !session.sent.iter().any(|sent| sent.item == item) {
            violations.add("S4", index, format!("{item:?} was not sent to this session"));
        }
    }
}

/// Returns the items that a client received in each numbered session.
fn heard(history: &History) -> impl Iterator<Item = (usize, Item, &ServerSession)> {
    greeted(history).flat_map(|(_, client, server)| {
        client.heard.iter().map(move |&(index, item)| (index, item, server))
    })
}

/// Returns the sessions that both sides know by their number.
pub(super) fn greeted(
    history: &History,
) -> impl Iterator<Item = (&Process, &ClientSession, &ServerSession)> {
    history.processes.values().flat_map(move |process| {
        process.sessions.iter().filter_map(move |session| {
            Some((process, session, history.sessions.get(&session.greeting?)?))
        })
    })
}

/// Checks that a client receives the items of its session in order, from the first on, without gaps, and all of them before
/// a close by the application.
pub(super) fn s5_everything_arrives_in_the_order_of_the_calls(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for (process, client, server) in greeted(history) {
        let calls = process.calls();
        let mut queued = visible(server, &calls);
        for &(index, item) in &client.heard {
            if is_rejection_of_draining(history, server, index, item) {
                continue;
            }
            match skip_to(&mut queued, item) {
                Some(skipped) => {
                    if let Some(skipped) = skipped.iter().find(|sent| sent.certain) {
                        let promise = if skipped.by_drop { "S7" } else { "S5" };
                        let what = format!("{item:?} came, but not {:?} before it", skipped.item);
                        violations.add(promise, index, what);
                    }
                }
                None => {
                    violations.add("S5", index, format!("{item:?} came out of order, or unsent"));
                }
            }
        }
        if let Some((index, End::ClosedByServer(Some(code)))) = client.ended {
            match server.disconnect {
                Some((closed, chosen)) if chosen == code => {
                    let missing = queued.find(|sent| sent.certain && sent.index < closed);
                    if let Some(missing) = missing {
                        let what = format!("the close came, but not {:?} before it", missing.item);
                        violations.add("S5", index, what);
                    }
                }
                _ => violations.add("S5", index, "a close that nobody has sent"),
            }
        }
    }
}

fn visible<'a>(
    server: &'a ServerSession,
    calls: &'a BTreeSet<u64>,
) -> impl Iterator<Item = Sent> + Clone + 'a {
    server.sent.iter().copied().filter(|sent| match sent.item {
        Item::Response { request, .. }
        | Item::Acknowledgement(request)
        | Item::Rejection(request) => !calls.contains(&request),
        Item::Greeting(_) | Item::News(_) => true,
    })
}

/// Advances behind the item and returns the skipped items, or returns `None` if the item is missing.
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

/// True if the server may reject the request by itself because it drains.
fn is_rejection_of_draining(
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
    // The request of each response, if it was sent.
    let mut responses: BTreeMap<u64, (u32, u64)> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        let Entry::Server(_, ServerEntry::Answered { session, request, answer, stale, outcome }) =
            &record.entry
        else {
            continue;
        };
        let over = history
            .sessions
            .get(session)
            .is_none_or(|session| session.ended.is_some_and(|ended| ended < index));
        if over && (!stale || outcome.is_some_and(|outcome| outcome != SendOutcome::NotConnected)) {
            violations.add("S6", index, format!("{outcome:?} after the session, stale: {stale}"));
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
    let mut heard: BTreeSet<u64> = BTreeSet::new();
    for (index, record) in records.iter().enumerate() {
        let Entry::Client(process, entry) = &record.entry else { continue };
        let (number, to, request) = match entry {
            ClientEntry::Response { request, number, to } => (*number, *to, Some(*request)),
            ClientEntry::CallEnded {
                number: asked,
                result: CallResult::Response { number, to },
            } => {
                if asked != to {
                    violations.add("S6", index, format!("the answer to {to} came to {asked}"));
                }
                (*number, *to, None)
            }
            _ => continue,
        };
        let asked = history.processes.get(process).and_then(|process| {
            request.map_or(Some(to), |request| process.requests.get(&request).copied())
        });
        if asked != Some(to) {
            violations.add("S6", index, format!("the answer to {to} came to {asked:?}"));
        }
        let session = responses.get(&number).and_then(|(session, _)| history.sessions.get(session));
        if session.is_none_or(|session| session.process != *process) {
            violations.add("S6", index, format!("response {number} was not sent to this client"));
        }
        if !heard.insert(number) {
            violations.add("S6", index, format!("response {number} came twice"));
        }
    }
}

/// Checks that a request whose token was dropped is rejected, or ends with its session.
pub(super) fn s7_a_dropped_token_rejects(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for session in history.sessions.values() {
        let Some(process) = history.processes.get(&session.process) else { continue };
        for sent in session.sent.iter().filter(|sent| sent.by_drop) {
            let Item::Rejection(request) = sent.item else { continue };
            let said = process.requests.get(&request).and_then(|number| process.said.get(number));
            let Some(said) = said else { continue };
            for &(index, end) in &said.events {
                use simplenet::RequestStatus::{Rejected, ResponseLost};
                if !matches!(end, Rejected | ResponseLost) {
                    violations.add("S7", index, format!("a dropped token, but {end:?}"));
                }
            }
        }
    }
}
