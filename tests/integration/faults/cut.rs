//! Connections that are cut, once after each byte of a session.

use futures_util::{StreamExt, stream};
use simplenet_tests::proxy::{Direction, Faults};

use super::{
    panics::without_panics,
    scripted_session::{RunReport, ScriptedSession},
};

/// Number of concurrent sessions.
const CONCURRENCY: usize = 16;

/// Runs one session for each byte of a session, and cuts its first connection after that byte.
fn cut_after_every_byte(direction: Direction) {
    without_panics(async move {
        let undisturbed = ScriptedSession::default().run().await;
        assert_eq!(undisturbed.sessions, 1);
        let length = match direction {
            Direction::ToServer => undisturbed.to_server,
            Direction::ToClient => undisturbed.to_client,
        };
        assert!(length > 200, "a session has only {length} bytes");
        let reports: Vec<RunReport> = stream::iter(0..=length)
            .map(|cut_at| async move {
                let faults = Faults { cut_at: Some(cut_at), ..Default::default() };
                let session = ScriptedSession::one_way(direction, faults);
                let report = tokio::spawn(session.run()).await;
                let report = report.unwrap_or_else(|error| panic!("cut at {cut_at}: {error}"));
                assert!((1..=2).contains(&report.sessions), "cut at {cut_at}: {report:?}");
                report
            })
            .buffer_unordered(CONCURRENCY)
            .collect()
            .await;
        assert!(reports.iter().any(|report| report.sessions == 2), "no connection was cut");
    });
}

#[test]
fn promises_hold_for_a_cut_after_every_byte_to_the_server() {
    cut_after_every_byte(Direction::ToServer);
}

#[test]
fn promises_hold_for_a_cut_after_every_byte_to_the_client() {
    cut_after_every_byte(Direction::ToClient);
}
