//! Connections that are cut after every byte of a session.

use futures_util::{StreamExt, stream};
use simplenet_tests::proxy::{Direction, Faults};

use super::{
    panics::without_panics,
    script::{Played, Script},
};

/// Number of concurrent sessions.
const AT_ONCE: usize = 16;

fn cut_everywhere(direction: Direction) {
    without_panics(async move {
        let whole = Script::default().play().await;
        assert_eq!(whole.sessions, 1);
        let length = match direction {
            Direction::ToServer => whole.to_server,
            Direction::ToClient => whole.to_client,
        };
        assert!(length > 200, "{length} bytes are no session");
        let played: Vec<Played> = stream::iter(0..=length)
            .map(|cut_at| async move {
                let faults = Faults { cut_at: Some(cut_at), ..Default::default() };
                let script = Script::one_way(direction, faults);
                let played = tokio::spawn(script.play()).await;
                let played = played.unwrap_or_else(|error| panic!("cut at {cut_at}: {error}"));
                assert!((1..=2).contains(&played.sessions), "cut at {cut_at}: {played:?}");
                played
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        assert!(played.iter().any(|played| played.sessions == 2), "no connection was cut");
    });
}

#[test]
fn promises_hold_wherever_the_path_to_the_server_is_cut() {
    cut_everywhere(Direction::ToServer);
}

#[test]
fn promises_hold_wherever_the_path_to_the_client_is_cut() {
    cut_everywhere(Direction::ToClient);
}
