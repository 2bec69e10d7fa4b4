use std::time::Duration;

use super::pair::{Limits, Pair, from_server, leaked};
use crate::{session::Session, test, wire::CloseReason};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn idle_session_stays_alive_by_heartbeats() {
    let mut pair = Pair::open(&Limits::default());
    pair.advance_connected(60 * SECOND);
    assert_eq!(pair.client.core().closing(), None);
    assert_eq!(pair.server.core().closing(), None);
    assert!(pair.client.rtt().is_some());
}

#[test]
fn dead_peer_is_detected_within_the_timeout() {
    let mut pair = Pair::open(&Limits::default());
    pair.advance_connected(10 * SECOND);
    // No more frames arrive.
    pair.advance(3 * SECOND - Duration::from_millis(200));
    assert_eq!(pair.client.core().closing(), None);
    pair.advance(Duration::from_millis(300));
    assert_eq!(pair.client.core().closing(), Some(&CloseReason::Timeout));
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::Timeout));
}

/// Stalls both sides, like a stopped process or a page with delayed timers.
fn stall(pair: &mut Pair, time: Duration) {
    pair.now += time;
    pair.client.handle_timeout(pair.now, &mut pair.seen_by_client);
}

#[test]
fn stalled_session_pings_before_it_times_out_its_peer() {
    let mut pair = Pair::open(&Limits::default());
    stall(&mut pair, 60 * SECOND);
    assert_eq!(
        pair.client.core().closing(),
        None,
        "frames that arrived during the stall are not read yet"
    );
    assert!(pair.client.core().take_heartbeat().is_some(), "the session pings at once");
    pair.client.handle_frame(pair.now, leaked(&from_server("sent during the stall")));
    pair.advance(2 * SECOND);
    assert_eq!(pair.client.core().closing(), None);
}

#[test]
fn peer_that_died_during_a_stall_is_detected_within_an_interval() {
    let mut pair = Pair::open(&Limits::default());
    stall(&mut pair, 60 * SECOND);
    pair.advance(SECOND);
    assert_eq!(pair.client.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn repeated_stalls_delay_the_timeout_only_once() {
    let mut pair = Pair::open(&Limits::default());
    stall(&mut pair, 60 * SECOND);
    stall(&mut pair, 60 * SECOND);
    assert_eq!(pair.client.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn probe_detects_a_dead_peer_within_an_interval() {
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
fn probe_does_not_extend_the_timeout() {
    let mut pair = Pair::open(&Limits::default());
    pair.advance(Duration::from_millis(2900));
    pair.client.core().probe(pair.now);
    pair.advance(Duration::from_millis(100));
    assert_eq!(pair.client.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn peer_that_answers_a_probe_stays_connected() {
    let mut pair = Pair::open(&Limits::default());
    pair.client.core().probe(pair.now);
    pair.advance_connected(60 * SECOND);
    assert_eq!(pair.client.core().closing(), None);
}

#[test]
fn timeout_drops_queued_frames() {
    let mut pair = Pair::open(&Limits::default());
    pair.server.send(&from_server("never read"));
    pair.advance(4 * SECOND);
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn timeout_is_suspended_while_reading_is_paused() {
    let mut pair = Pair::open(&Limits::default());
    pair.server.core().handle_reading(pair.now, true);
    pair.advance(20 * SECOND);
    assert_eq!(pair.server.core().closing(), None, "a pause of 20 s does not time out");
    pair.server.core().handle_reading(pair.now, false);
    pair.advance(2 * SECOND);
    assert_eq!(pair.server.core().closing(), None, "the timeout starts again");
    pair.advance(2 * SECOND);
    assert_eq!(pair.server.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn round_trip_time_is_measured() {
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
fn flood_of_pings_is_answered_by_one_pong() {
    let mut pair = Pair::open(&Limits::default());
    for nonce in 0..10_000 {
        pair.server.handle_frame(pair.now, crate::wire::ping(nonce).frame());
    }
    assert_eq!(pair.server.core().take_heartbeat(), Some(crate::wire::pong(9_999).to_bytes()));
    assert_eq!(pair.server.core().take_heartbeat(), None);
}

#[test]
fn extreme_heartbeat_intervals_do_not_overflow() {
    let limits = Limits { interval: Duration::MAX, timeout: Duration::ZERO, ..Limits::default() };
    let mut pair = Pair::open(&limits);
    pair.advance(SECOND);
    assert_eq!(pair.client.core().closing(), Some(&CloseReason::Timeout));
}

#[test]
fn partial_frame_counts_as_alive_until_its_deadline() {
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
fn complete_frame_ends_the_deadline() {
    let mut pair = Pair::open(&Limits::default());
    for second in 0..20 {
        pair.advance(SECOND);
        pair.server.core().handle_bytes(pair.now);
        if second % 4 == 3 {
            pair.server.handle_frame(pair.now, crate::wire::ping(1).frame());
        }
    }
    assert_eq!(pair.server.core().closing(), None);
}
