use std::{collections::BTreeMap, time::Duration};

use simplenet::{MessageStatus, RequestStatus};

use super::{
    Violations,
    history::{History, Item, Kind},
};
use crate::{
    log::{ClientEntry, Entry, Record},
    plan::{ENDLESS, LONGEST_STALL},
};

pub(super) fn c1_connected_comes_after_the_welcome(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for (&number, process) in &history.processes {
        let accepted =
            history.sessions.values().filter(|session| session.process == number).count();
        let index = process.sessions.last().map_or(0, |session| session.connected);
        if process.sessions.len() > accepted {
            let what = format!("{} sessions, {accepted} accepted", process.sessions.len());
            violations.add("C1", index, what);
        }
        if process.impostor && accepted > 0 {
            violations.add("C1", index, "accepted without the secret");
        }
        for session in &process.sessions {
            let greeting = session.greeting.and_then(|greeting| history.sessions.get(&greeting));
            if session.greeting.is_some() && greeting.is_none_or(|server| server.process != number)
            {
                violations.add("C1", session.connected, "the greeting is for another client");
            }
        }
    }
}

pub(super) fn c2_every_request_ends_once(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for process in history.processes.values() {
        for (number, said) in &process.said {
            match &said.kind {
                Kind::Message(statuses) => {
                    if !process.killed && statuses.last() == Some(&MessageStatus::Sending) {
                        violations.add("C2", said.index, format!("{number} is sending for good"));
                    }
                }
                Kind::Call { results } => {
                    if !said.events.is_empty() {
                        violations.add("C2", said.index, format!("call {number} had an event"));
                    }
                    if results.len() != 1 && !process.killed {
                        let what = format!("call {number} ended {} times", results.len());
                        violations.add("C2", said.index, what);
                    }
                }
                Kind::Request(statuses) => {
                    // If the event queue is full, a request that fails at once has only a status. The same holds for a
                    // dead client.
                    let untold = said.failed_at_once() && process.inbox < ENDLESS;
                    let least = usize::from(!said.after_death && !untold && !process.killed);
                    let most = usize::from(!said.after_death);
                    let count = said.events.len();
                    if count < least || count > most {
                        let what = format!("request {number} ended {count} times");
                        violations.add("C2", said.index, what);
                    }
                    let last = statuses.last();
                    let is_open = matches!(
                        last,
                        None | Some(RequestStatus::Sending | RequestStatus::Waiting)
                    );
                    if is_open && !process.killed {
                        violations.add("C2", said.index, format!("{number} stays {last:?}"));
                    }
                    if let Some((index, end)) = said.events.first()
                        && !process.killed
                        && last != Some(end)
                    {
                        violations.add("C2", *index, format!("{end:?} beside {last:?}"));
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
        let begins = process.sessions.iter().map(|session| session.connected);
        for index in begins.chain(process.dead) {
            for (number, said) in &process.said {
                let is_request = matches!(said.kind, Kind::Request(_)) && !said.failed_at_once();
                let ended = said.events.iter().any(|(end, _)| *end < index);
                if is_request && said.index < index && !ended {
                    violations.add("C3", index, format!("request {number} has not ended"));
                }
            }
        }
    }
}

pub(super) fn c4_nothing_is_sent_while_disconnected(
    records: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for process in history.processes.values() {
        for (number, said) in &process.said {
            if !said.open && !said.is_call() && !said.failed_at_once() {
                violations.add("C4", said.index, format!("{number} was taken while disconnected"));
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
                // The clock may have jumped meanwhile.
                let slack = Duration::from_millis(LONGEST_STALL + 10);
                if let Some((made, limit)) = limits.get(number)
                    && record.at - *made > *limit + slack
                {
                    violations.add("C4", index, format!("call {number} outlived its deadline"));
                }
            }
            _ => {}
        }
    }
}

pub(super) fn c5_events_are_sessions_one_after_the_other(
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
            ClientEntry::Greeting { .. }
            | ClientEntry::News { .. }
            | ClientEntry::Response { .. } => (&[State::Connected], State::Connected),
            ClientEntry::RequestEnded { end, .. } => match end {
                RequestStatus::SendFailed => {
                    (&[State::Never, State::Connected, State::Ended], *state)
                }
                RequestStatus::ResponseLost => (&[State::Ended], State::Ended),
                _ => (&[State::Connected], State::Connected),
            },
            _ => continue,
        };
        if !allowed.contains(state) {
            violations.add("C5", index, format!("{entry:?} while {state:?}"));
        }
        *state = next;
    }
}

pub(super) fn c6_what_failed_was_not_processed(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for process in history.processes.values() {
        for (number, said) in &process.said {
            if let Some(received) = history.received.get(number)
                && said.is_failed()
            {
                violations.add("C6", *received, format!("{number} arrived, yet failed"));
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
        for (number, said) in &process.said {
            let forward = match &said.kind {
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
                violations.add("C7", said.index, format!("{number} went {:?}", said.kind));
            }
        }
    }
}

pub(super) fn c8_the_greeting_is_the_first_thing(
    _: &[Record],
    history: &History,
    violations: &mut Violations,
) {
    for process in history.processes.values() {
        for session in &process.sessions {
            for (place, (index, item)) in session.heard.iter().enumerate() {
                let is_greeting = matches!(item, Item::Greeting(_));
                if is_greeting != (place == 0) {
                    violations.add("C8", *index, format!("{item:?} as number {place}"));
                }
            }
        }
    }
}
