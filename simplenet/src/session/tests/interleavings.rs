//! Random interleavings of sends, answers, partial writes and a cut connection, checked against the
//! promises.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::pair::{Limits, Pair, from_server, payload, response};
use crate::{
    client::{Frame, MessageSignal, MessageStatus},
    session::{ClientSessionEvent, RequestEnd, ServerSessionEvent, Session},
    test, wire,
};

#[derive(Clone, Debug)]
enum Step {
    Send,
    Request,
    Cancel(prop::sample::Index),
    Answer(prop::sample::Index, Answer),
    ServerSend,
    HandClient(usize),
    HandClientUnflushed(usize),
    HandServer(usize),
    DeliverToServer(usize),
    DeliverToClient(usize),
    Advance(u64),
}

#[derive(Clone, Copy, Debug)]
enum Answer {
    Respond,
    Ack,
    Reject,
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<prop::sample::Index>;
    let answer = prop_oneof![Just(Answer::Respond), Just(Answer::Ack), Just(Answer::Reject)];
    prop_oneof![
        3 => Just(Step::Send),
        3 => Just(Step::Request),
        1 => index().prop_map(Step::Cancel),
        3 => (index(), answer).prop_map(|(index, answer)| Step::Answer(index, answer)),
        2 => Just(Step::ServerSend),
        2 => (0..4_usize).prop_map(Step::HandClient),
        1 => (0..4_usize).prop_map(Step::HandClientUnflushed),
        2 => (0..4_usize).prop_map(Step::HandServer),
        2 => (0..4_usize).prop_map(Step::DeliverToServer),
        2 => (0..4_usize).prop_map(Step::DeliverToClient),
        1 => (0..2_000_u64).prop_map(Step::Advance),
    ]
}

/// A record of the messages and requests that the applications have sent, and of their outcomes.
#[derive(Default)]
struct Model {
    /// The client's messages and requests in order, such as `m1` and `r2`.
    sent: Vec<String>,
    signals: Vec<(String, MessageSignal, MessageStatus)>,
    /// The number of outcomes of each request that was not cancelled.
    ends: BTreeMap<u64, u32>,
    sent_by_server: Vec<String>,
    next: u64,
}

impl Model {
    fn apply(&mut self, pair: &mut Pair, step: &Step) {
        match step {
            Step::Send => self.send(pair),
            Step::Request => {
                self.next += 1;
                if pair.request(self.next, 0).is_ok() {
                    self.sent.push(format!("r{}", self.next));
                    self.ends.insert(self.next, 0);
                }
            }
            Step::Cancel(index) if !self.ends.is_empty() => {
                let id = *index.get(&self.ends.keys().collect::<Vec<_>>());
                let id = *id;
                if pair.client.cancel(id).is_some() {
                    self.ends.remove(&id);
                }
            }
            Step::Answer(index, answer) => self.answer(pair, *index, *answer),
            Step::ServerSend => {
                self.next += 1;
                let text = format!("m{}", self.next);
                if pair.server.send(&from_server(&text)).is_queued() {
                    self.sent_by_server.push(text);
                }
            }
            Step::HandClient(count) => drop(pair.hand_client(*count)),
            Step::HandClientUnflushed(count) => drop(pair.hand_client_unflushed(*count)),
            Step::HandServer(count) => drop(pair.hand_server(*count)),
            Step::DeliverToServer(count) => pair.deliver_to_server(*count),
            Step::DeliverToClient(count) => pair.deliver_to_client(*count),
            Step::Advance(ms) => pair.advance(std::time::Duration::from_millis(*ms)),
            Step::Cancel(_) => {}
        }
        self.check_statuses();
    }

    fn send(&mut self, pair: &mut Pair) {
        self.next += 1;
        let text = format!("m{}", self.next);
        if let Ok(number) = pair.send(&text) {
            self.sent.push(text.clone());
            let progress = pair.client.core().progress().clone();
            let signal = MessageSignal::new(Ok(Frame { progress, number }));
            self.signals.push((text, signal, MessageStatus::Sending));
        }
    }

    fn answer(&mut self, pair: &mut Pair, index: prop::sample::Index, answer: Answer) {
        let requested: Vec<u64> = pair
            .seen_by_server
            .iter()
            .filter_map(|event| match event {
                ServerSessionEvent::Request(id, _) => Some(*id),
                _ => None,
            })
            .collect();
        if !requested.is_empty() {
            let id = *index.get(&requested);
            let frame = match answer {
                Answer::Respond => response(id, 0),
                Answer::Ack => wire::ack(id),
                Answer::Reject => wire::reject(id),
            };
            pair.server.answer(id, &frame);
        }
    }

    fn check_statuses(&mut self) {
        for (text, signal, last) in &mut self.signals {
            let status = signal.status();
            assert!(
                *last == MessageStatus::Sending || *last == status,
                "{text}: {last:?} became {status:?}"
            );
            *last = status;
        }
    }

    /// Cuts the connection.
    fn cut(&mut self, pair: &mut Pair) {
        for event in &pair.seen_by_client {
            if let ClientSessionEvent::Response(id, ..)
            | ClientSessionEvent::Ack(id, _)
            | ClientSessionEvent::Reject(id, _) = event
            {
                *self.ends.get_mut(id).expect("requested and not cancelled") += 1;
            }
        }
        for ended in pair.cut() {
            *self.ends.get_mut(&ended.id).expect("requested and not cancelled") += 1;
            if ended.end == RequestEnd::SendFailed {
                assert!(
                    !self.arrived(pair).contains(&format!("r{}", ended.id)),
                    "the server received a request that was reported as failed"
                );
            }
        }
        self.check_statuses();
    }

    fn arrived(&self, pair: &Pair) -> Vec<String> {
        pair.seen_by_server
            .iter()
            .map(|event| match event {
                ServerSessionEvent::Message(bytes) => {
                    let known = self.sent.iter().find(|text| payload(text) == *bytes);
                    known.expect("a message that was sent").clone()
                }
                ServerSessionEvent::Request(id, _) => format!("r{id}"),
                ServerSessionEvent::Token(token) => format!("{token:?}"),
            })
            .collect()
    }

    fn check(&self, pair: &Pair) {
        let arrived = self.arrived(pair);
        assert_eq!(self.sent[..arrived.len()], arrived, "S2: in order, without gaps");

        let messages: Vec<_> = pair
            .seen_by_client
            .iter()
            .filter_map(|event| match event {
                ClientSessionEvent::Message(bytes) => Some(*bytes),
                _ => None,
            })
            .collect();
        let sent: Vec<_> =
            self.sent_by_server.iter().take(messages.len()).map(|text| payload(text)).collect();
        assert_eq!(messages, sent, "S5: in order, without gaps");

        for (id, ends) in &self.ends {
            assert_eq!(*ends, 1, "C2: request {id} has {ends} outcomes");
        }
        for (text, _, status) in &self.signals {
            assert_ne!(*status, MessageStatus::Sending, "the status of {text} is not final");
            if matches!(status, MessageStatus::Failed(_)) {
                assert!(!arrived.contains(text), "{text} was reported as failed, but arrived");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn promises_hold_in_random_interleavings(
        steps in prop::collection::vec(step(), 0..80),
        max_in_flight in 1..6_usize,
        outbox_bytes in 100..1000_usize,
        packs: bool,
    ) {
        let mut pair =
            Pair::open(&Limits { max_in_flight, outbox_bytes, packs, ..Limits::default() });
        let mut model = Model::default();
        for step in &steps {
            model.apply(&mut pair, step);
        }
        model.cut(&mut pair);
        model.check(&pair);
    }
}
