//! Inverted bits: they cause an error or nothing, but never a panic, and the client recovers.

use futures_util::{StreamExt, stream};
use simplenet_tests::proxy::{Direction, Faults};

use super::{
    panics::without_panics,
    script::{Played, Script},
};

/// Number of concurrent sessions. Most failing ones wait for a timeout.
const AT_ONCE: usize = 64;

/// The position of the inverted bit varies from byte to byte.
fn flip_everywhere(direction: Direction) {
    without_panics(async move {
        let whole = Script::default().play().await;
        let length = match direction {
            Direction::ToServer => whole.to_server,
            Direction::ToClient => whole.to_client,
        };
        let played: Vec<Played> = stream::iter(0..length)
            .map(|byte| async move {
                let bit = 8 * byte + byte % 8;
                let faults = Faults { flip: Some(bit), ..Default::default() };
                let script = Script { altered: true, ..Script::one_way(direction, faults) };
                let played = tokio::spawn(script.play()).await;
                played.unwrap_or_else(|error| panic!("bit {bit} flipped: {error}"))
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        assert!(played.iter().any(|played| played.sessions != 1), "no bit was flipped");
    });
}

#[test]
fn bit_flipped_towards_the_server_affects_only_its_session() {
    flip_everywhere(Direction::ToServer);
}

#[test]
fn bit_flipped_towards_the_client_affects_only_its_session() {
    flip_everywhere(Direction::ToClient);
}
