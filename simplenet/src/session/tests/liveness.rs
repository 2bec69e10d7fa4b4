use std::time::Duration;

use super::pair::{Limits, Pair, from_server};
use crate::{CloseReason, session::Session};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn an_idle_session_lives_by_its_heartbeats() {
    let mut pair = Pair::open(&Limits::default());
    pair.advance_connected(60 * SECOND);
    assert_eq!(pair.client.core().closing(), None);
    assert_eq!(pair.server.core().closing(), None);
    assert!(pair.client.rtt().is_some());
}

#[test]
fn a_dead_peer_is_noticed_within_the_timeout() {
    let mut pair = Pair::open(&Limits::default());
    pair.advance_connected(10 * SECOND);
    // From here on nothing arrives any more.
    pair.advance(3 * SECOND - Duration::from_millis(200));
    assert_eq!(pair.client.core().closing(), None);
    pair.advance(Duration::from_millis(300));
    assert_eq!(pair.client.core().closing(), Some(&CloseReason::Timeout));
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn a_timeout_gives_up_what_was_queued() {
    let mut pair = Pair::open(&Limits::default());
    pair.server.send(from_server("never read"));
    pair.advance(4 * SECOND);
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn silence_while_we_do_not_read_is_our_own() {
    let mut pair = Pair::open(&Limits::default());
    pair.server.core().handle_reading(pair.now, true);
    pair.advance(20 * SECOND);
    assert_eq!(pair.server.core().closing(), None, "a level that loads for 20 s drops nobody");
    pair.server.core().handle_reading(pair.now, false);
    pair.advance(2 * SECOND);
    assert_eq!(pair.server.core().closing(), None, "the clock starts afresh");
    pair.advance(2 * SECOND);
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn the_round_trip_is_measured() {
    let mut pair = Pair::open(&Limits::default());
    pair.advance(SECOND);
    pair.hand_client(usize::MAX);
    pair.advance(Duration::from_millis(30));
    pair.deliver_to_server(usize::MAX);
    pair.hand_server(usize::MAX);
    pair.advance(Duration::from_millis(20));
    pair.deliver_to_client(usize::MAX);
    assert_eq!(pair.client.rtt(), Some(Duration::from_millis(50)));
}

#[test]
fn a_flood_of_pings_is_answered_by_one_pong() {
    let mut pair = Pair::open(&Limits::default());
    for nonce in 0..10_000 {
        pair.server.handle_frame(pair.now, crate::wire::ping(nonce));
    }
    assert_eq!(pair.server.core().take_beat(), Some(crate::wire::pong(9_999)));
    assert_eq!(pair.server.core().take_beat(), None);
}

#[test]
fn heartbeats_of_any_length_do_not_overflow() {
    let limits = Limits { interval: Duration::MAX, timeout: Duration::ZERO, ..Limits::default() };
    let mut pair = Pair::open(&limits);
    pair.advance(SECOND);
    assert_eq!(pair.client.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn part_of_a_frame_is_a_sign_of_life_but_must_become_whole() {
    let mut pair = Pair::open(&Limits::default());
    for _ in 0..4 {
        pair.advance(SECOND);
        pair.server.core().handle_bytes(pair.now);
        assert_eq!(pair.server.core().closing(), None);
    }
    for _ in 0..3 {
        pair.advance(SECOND);
        pair.server.core().handle_bytes(pair.now);
    }
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn a_whole_frame_ends_the_wait_for_it() {
    let mut pair = Pair::open(&Limits::default());
    for second in 0..20 {
        pair.advance(SECOND);
        pair.server.core().handle_bytes(pair.now);
        if second % 4 == 3 {
            pair.server.handle_frame(pair.now, crate::wire::ping(1));
        }
    }
    assert_eq!(pair.server.core().closing(), None);
}
