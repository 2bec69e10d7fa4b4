//! Bits that arrive inverted: an error or harmless, never a panic, and never for good.

use futures_util::{StreamExt, stream};
use simplenet_tests::proxy::{Direction, Faults};

use super::{
    panics::without_panics,
    script::{Played, Script},
};

/// Sessions at a time; most of those that fail have to wait for something.
const AT_ONCE: usize = 64;

/// One bit of every byte, each time another one.
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
        assert!(played.iter().any(|played| played.sessions != 1), "what was flipped?");
    });
}

#[test]
fn a_bit_flipped_on_the_way_to_the_server_harms_nothing_else() {
    flip_everywhere(Direction::ToServer);
}

#[test]
fn a_bit_flipped_on_the_way_to_the_client_harms_nothing_else() {
    flip_everywhere(Direction::ToClient);
}
