use std::time::Duration;

use super::pair::{Limits, Pair, from_server};
use crate::{session::Session, test, wire::CloseReason};

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

/// A process that was stopped, or a page whose timers were held back.
fn sleep(pair: &mut Pair, time: Duration) {
    pair.now += time;
    pair.client.handle_timeout(pair.now, &mut pair.seen_by_client);
}

#[test]
fn who_has_slept_asks_before_it_judges() {
    let mut pair = Pair::open(&Limits::default());
    sleep(&mut pair, 60 * SECOND);
    assert_eq!(pair.client.core().closing(), None, "what has come meanwhile is not read yet");
    assert!(pair.client.core().take_beat().is_some(), "it asks at once");
    pair.client.handle_frame(pair.now, from_server("I was here all along"));
    pair.advance(2 * SECOND);
    assert_eq!(pair.client.core().closing(), None);
}

#[test]
fn a_peer_that_died_meanwhile_is_noticed_within_an_interval() {
    let mut pair = Pair::open(&Limits::default());
    sleep(&mut pair, 60 * SECOND);
    pair.advance(SECOND);
    assert_eq!(pair.client.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn to_sleep_on_excuses_only_once() {
    let mut pair = Pair::open(&Limits::default());
    sleep(&mut pair, 60 * SECOND);
    sleep(&mut pair, 60 * SECOND);
    assert_eq!(pair.client.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn a_probe_finds_a_dead_peer_within_an_interval() {
    let limits = Limits { timeout: 60 * SECOND, interval: 10 * SECOND, ..Limits::default() };
    let mut pair = Pair::open(&limits);
    pair.advance_connected(SECOND);
    pair.client.core().probe(pair.now);
    pair.advance(9 * SECOND);
    assert_eq!(pair.client.core().closing(), None);
    pair.advance(SECOND);
    assert_eq!(pair.client.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn a_probe_gives_no_longer_than_there_was() {
    let mut pair = Pair::open(&Limits::default());
    pair.advance(Duration::from_millis(2900));
    pair.client.core().probe(pair.now);
    pair.advance(Duration::from_millis(100));
    assert_eq!(pair.client.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn a_peer_that_answers_a_probe_lives_on() {
    let mut pair = Pair::open(&Limits::default());
    pair.client.core().probe(pair.now);
    pair.advance_connected(60 * SECOND);
    assert_eq!(pair.client.core().closing(), None);
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
