use std::{collections::BTreeMap, time::Duration};

use simplenet::{MessageStatus, RequestStatus};

use super::{
    Violations,
    history::{History, Item, Kind},
};
use crate::{
    log::{ClientEntry, Entry, Record},
    plan::{MAX_STALL, NEVER_FULL},
};

pub(super) fn c1_connected_follows_the_welcome(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for (&number, process) in &history.processes {
        let accepted =
            history.sessions.values().filter(|session| session.process == number).count();
        let index = process.sessions.last().map_or(0, |session| session.connected);
        if process.sessions.len() > accepted {
            let description =
                format!("{} sessions, but only {accepted} accepted", process.sessions.len());
            violations.add("C1", index, description);
        }
        if process.wrong_secret && accepted > 0 {
            violations.add("C1", index, "accepted with a wrong secret");
        }
        for session in &process.sessions {
            let Some(server_session) = session.server_session else { continue };
            let server_session = history.sessions.get(&server_session);
            if server_session.is_none_or(|server_session| server_session.process != number) {
                violations.add(
                    "C1",
                    session.connected,
                    "the first message is of another client's session",
                );
            }
        }
    }
}

pub(super) fn c2_every_request_has_one_outcome(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for process in history.processes.values() {
        for (number, outgoing) in &process.outgoing {
            match &outgoing.kind {
                Kind::Message(statuses) => {
                    if !process.killed && statuses.last() == Some(&MessageStatus::Sending) {
                        violations.add(
                            "C2",
                            outgoing.index,
                            format!("message {number} never leaves Sending"),
                        );
                    }
                }
                Kind::Call { results } => {
                    if !outgoing.events.is_empty() {
                        violations.add(
                            "C2",
                            outgoing.index,
                            format!("call {number} caused an event"),
                        );
                    }
                    if results.len() != 1 && !process.killed {
                        let description = format!("call {number} ended {} times", results.len());
                        violations.add("C2", outgoing.index, description);
                    }
                }
                Kind::Request(statuses) => {
                    // If the client is dead or its event queue is full, a request that fails at
                    // once has only a status.
                    let may_lack_event = outgoing.failed_at_once() && process.inbox < NEVER_FULL;
                    let min =
                        usize::from(!outgoing.after_death && !may_lack_event && !process.killed);
                    let max = usize::from(!outgoing.after_death);
                    let count = outgoing.events.len();
                    if count < min || count > max {
                        let description = format!("request {number} ended {count} times");
                        violations.add("C2", outgoing.index, description);
                    }
                    let last = statuses.last();
                    let is_open = matches!(
                        last,
                        None | Some(RequestStatus::Sending | RequestStatus::Waiting)
                    );
                    if is_open && !process.killed {
                        violations.add(
                            "C2",
                            outgoing.index,
                            format!("request {number} stays {last:?}"),
                        );
                    }
                    if let Some((index, end)) = outgoing.events.first()
                        && !process.killed
                        && last != Some(end)
                    {
                        violations.add(
                            "C2",
                            *index,
                            format!("the event is {end:?}, the status {last:?}"),
                        );
                    }
                }
            }
        }
    }
}

pub(super) fn c3_requests_end_before_the_next_session(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for process in history.processes.values() {
        let starts = process.sessions.iter().map(|session| session.connected);
        for index in starts.chain(process.dead) {
            for (number, outgoing) in &process.outgoing {
                let is_request =
                    matches!(outgoing.kind, Kind::Request(_)) && !outgoing.failed_at_once();
                let ended = outgoing.events.iter().any(|(end, _)| *end < index);
                if is_request && outgoing.index < index && !ended {
                    violations.add("C3", index, format!("request {number} has not ended"));
                }
            }
        }
    }
}

pub(super) fn c4_disconnected_client_sends_nothing(
    records: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for process in history.processes.values() {
        for (number, outgoing) in &process.outgoing {
            if !outgoing.open && !outgoing.is_call() && !outgoing.failed_at_once() {
                violations.add(
                    "C4",
                    outgoing.index,
                    format!("{number} was accepted while disconnected"),
                );
            }
        }
    }
    // A call waits at most until its deadline.
    let mut limits: BTreeMap<u64, (Duration, Duration)> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        match &record.entry {
            Entry::Client(_, ClientEntry::Called { number, limit, .. }) => {
                limits.insert(*number, (record.at, *limit));
            }
            Entry::Client(_, ClientEntry::CallEnded { number, .. }) => {
                // The clock may have jumped during the call.
                let slack = Duration::from_millis(MAX_STALL + 10);
                if let Some((called_at, limit)) = limits.get(number)
                    && record.at - *called_at > *limit + slack
                {
                    violations.add("C4", index, format!("call {number} outlived its deadline"));
                }
            }
            _ => {}
        }
    }
}

pub(super) fn c5_events_of_a_client_form_consecutive_sessions(
    records: &[Record],
    _: &History,
    violations: &mut Violations,
) {
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum State {
        Never,
        Connected,
        Ended,
        Dead,
    }
    let mut states: BTreeMap<u32, State> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        let Entry::Client(process, entry) = &record.entry else { continue };
        let state = states.entry(*process).or_insert(State::Never);
        let (allowed, next): (&[State], _) = match entry {
            ClientEntry::Connected => (&[State::Never, State::Ended], State::Connected),
            ClientEntry::Ended { .. } => (&[State::Connected], State::Ended),
            ClientEntry::Dead { .. } => (&[State::Never, State::Ended], State::Dead),
            ClientEntry::Retrying { .. } => (&[State::Never, State::Ended], *state),
            ClientEntry::FirstMessage { .. }
            | ClientEntry::News { .. }
            | ClientEntry::Response { .. } => (&[State::Connected], State::Connected),
            ClientEntry::RequestEnded { end, .. } => match end {
                RequestStatus::SendFailed(_) => {
                    (&[State::Never, State::Connected, State::Ended], *state)
                }
                RequestStatus::ResponseLost => (&[State::Ended], State::Ended),
                _ => (&[State::Connected], State::Connected),
            },
            _ => continue,
        };
        if !allowed.contains(state) {
            violations.add("C5", index, format!("{entry:?} in the state {state:?}"));
        }
        *state = next;
    }
}

pub(super) fn c6_failed_messages_were_not_processed(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for process in history.processes.values() {
        for (number, outgoing) in &process.outgoing {
            if let Some(received) = history.received.get(number)
                && outgoing.is_failed()
            {
                violations.add(
                    "C6",
                    *received,
                    format!("{number} arrived, but its outcome is a failure"),
                );
            }
        }
    }
}

pub(super) fn c7_statuses_only_move_forward(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for process in history.processes.values() {
        for (number, outgoing) in &process.outgoing {
            let forward = match &outgoing.kind {
                Kind::Message(statuses) => {
                    statuses.windows(2).all(|pair| pair[0] == MessageStatus::Sending)
                }
                Kind::Request(statuses) => statuses.windows(2).all(|pair| {
                    pair[0] == RequestStatus::Sending
                        || pair[0] == RequestStatus::Waiting && pair[1] != RequestStatus::Sending
                }),
                Kind::Call { .. } => true,
            };
            if !forward {
                violations.add(
                    "C7",
                    outgoing.index,
                    format!("{number} has the statuses {:?}", outgoing.kind),
                );
            }
        }
    }
}

pub(super) fn c8_first_message_arrives_first(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for process in history.processes.values() {
        for session in &process.sessions {
            for (position, (index, item)) in session.received.iter().enumerate() {
                let is_first_message = matches!(item, Item::FirstMessage(_));
                if is_first_message != (position == 0) {
                    violations.add("C8", *index, format!("{item:?} at position {position}"));
                }
            }
        }
    }
}
