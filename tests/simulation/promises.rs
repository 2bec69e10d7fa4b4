//! The promises, checked on the log of a run. Each function checks the promise in its name.

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
    fn add(&mut self, promise: &str, index: usize, description: impl std::fmt::Display) {
        self.0.push(format!("{promise}: {description} (line {index})"));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the text of the first violations. Later violations are mostly consequences of these.
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
        server::s3_new_session_begins_after_the_end_of_the_old_one,
        server::s4_send_addresses_the_session_whose_connected_was_received,
        server::s5_messages_answers_and_close_arrive_in_the_order_of_the_calls,
        server::s6_answer_reaches_only_the_session_of_the_request,
        server::s7_dropped_token_rejects_its_request,
        client::c1_connected_follows_the_welcome,
        client::c2_every_request_has_one_outcome,
        client::c3_requests_end_before_the_next_session,
        client::c4_disconnected_client_sends_nothing,
        client::c5_events_of_a_client_form_consecutive_sessions,
        client::c6_failed_messages_were_not_processed,
        client::c7_statuses_only_move_forward,
        client::c8_first_message_arrives_first,
        liveness::clients_reconnect_after_faults,
        liveness::messages_after_faults_arrive,
        liveness::close_delivers_accepted_messages,
        liveness::every_process_ends,
    ];
    for check in checks {
        check(records, &history, &mut violations);
    }
    (violations, history)
}
