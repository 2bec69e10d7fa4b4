//! Inverted bits. An inverted bit may end the session, but it causes no panic, and the client
//! reconnects.

use futures_util::{StreamExt, stream};
use simplenet_tests::proxy::{Direction, Faults};

use super::{
    panics::without_panics,
    scripted_session::{RunReport, ScriptedSession},
};

/// Number of concurrent sessions. Most sessions that fail wait for a timeout.
const CONCURRENCY: usize = 64;

/// Runs one session for each byte of a session, and inverts one bit of that byte. The position of
/// the bit varies from byte to byte.
fn flip_every_byte(direction: Direction) {
    without_panics(async move {
        let undisturbed = ScriptedSession::default().run().await;
        let length = match direction {
            Direction::ToServer => undisturbed.to_server,
            Direction::ToClient => undisturbed.to_client,
        };
        let reports: Vec<RunReport> = stream::iter(0..length)
            .map(|byte| async move {
                let bit = 8 * byte + byte % 8;
                let faults = Faults { flip: Some(bit), ..Default::default() };
                let session = ScriptedSession {
                    altered: true,
                    ..ScriptedSession::one_way(direction, faults)
                };
                let report = tokio::spawn(session.run()).await;
                report.unwrap_or_else(|error| panic!("bit {bit} flipped: {error}"))
            })
            .buffer_unordered(CONCURRENCY)
            .collect()
            .await;
        assert!(reports.iter().any(|report| report.sessions != 1), "no bit was flipped");
    });
}

#[test]
fn bit_flipped_towards_the_server_affects_only_its_session() {
    flip_every_byte(Direction::ToServer);
}

#[test]
fn bit_flipped_towards_the_client_affects_only_its_session() {
    flip_every_byte(Direction::ToClient);
}
