//! The promises, checked on the log of a run: one function for each, with the promise in its name.

mod client;
mod history;
mod liveness;
mod server;

pub(crate) use self::history::History;
use crate::log::Record;

/// The violated promises of a run.
#[derive(Debug, Default)]
pub(crate) struct Violations(Vec<String>);

impl Violations {
    /// Records a violation at line `index` of the log.
    fn add(&mut self, promise: &str, index: usize, what: impl std::fmt::Display) {
        self.0.push(format!("{promise}: {what} (line {index})"));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the first violations. Later ones are mostly their consequences.
    pub(crate) fn text(&self) -> String {
        self.0.iter().take(12).map(|violation| format!("  {violation}\n")).collect()
    }
}

pub(crate) fn check(records: &[Record]) -> (Violations, History) {
    let mut violations = Violations::default();
    let history = History::new(records, &mut violations);
    let checks = [
        server::s1_events_lie_between_connected_and_disconnected,
        server::s2_messages_and_requests_arrive_in_order,
        server::s3_a_session_begins_after_the_last_one_has_ended,
        server::s4_what_is_sent_means_the_session_last_taken,
        server::s5_everything_arrives_in_the_order_of_the_calls,
        server::s6_answer_reaches_only_the_session_of_the_request,
        server::s7_a_dropped_token_rejects,
        client::c1_connected_comes_after_the_welcome,
        client::c2_every_request_ends_once,
        client::c3_requests_end_before_the_next_session,
        client::c4_nothing_is_sent_while_disconnected,
        client::c5_events_are_sessions_one_after_the_other,
        client::c6_what_failed_was_not_processed,
        client::c7_statuses_only_move_forward,
        client::c8_the_greeting_is_the_first_thing,
        liveness::everybody_is_back,
        liveness::what_is_said_is_heard,
        liveness::a_close_writes_what_was_accepted,
        liveness::the_run_ends,
    ];
    for check in checks {
        check(records, &history, &mut violations);
    }
    (violations, history)
}
