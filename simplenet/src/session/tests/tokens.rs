use std::time::Duration;

use super::pair::{Limits, Pair};
use crate::{
    session::{RateExcess, RateLimitConfig, ServerSessionEvent, Session},
    test,
    wire::{self, CloseReason},
};

const MINUTE: Duration = Duration::from_secs(60);

fn renew(pair: &mut Pair) {
    pair.client.renew(&wire::token(b"fresh"));
}

/// Sets the remaining time of the server's session.
fn expire_in(pair: &mut Pair, remaining: Option<Duration>) {
    let now = pair.now;
    pair.server.expire_at(remaining.map(|remaining| now + remaining), now);
}

/// Returns the remaining time that the client knows.
fn remaining(pair: &Pair) -> Option<Duration> {
    pair.client.expiry().map(|expiry| expiry.expires_at - pair.now)
}

fn closing(pair: &mut Pair) -> Option<CloseReason> {
    pair.server.core().closing().cloned()
}

#[test]
fn session_ends_when_its_authentication_expires() {
    let mut pair = Pair::open(&Limits::default());
    expire_in(&mut pair, Some(MINUTE));
    pair.advance_connected(MINUTE - Duration::from_millis(1));
    assert_eq!(closing(&mut pair), None);
    pair.send("in time").unwrap();
    pair.deliver_all();
    assert_eq!(pair.seen_by_server.len(), 1);
    pair.send("too late").unwrap();
    pair.hand_client(1);
    pair.advance(Duration::from_millis(1));
    assert_eq!(closing(&mut pair), Some(CloseReason::AuthenticationExpired));
    pair.deliver_to_server(1);
    assert_eq!(pair.seen_by_server.len(), 1, "later frames are ignored");
    assert_eq!(pair.server.next_timeout(), None);
}

#[test]
fn expiry_can_be_moved_until_it_passes() {
    let mut pair = Pair::open(&Limits::default());
    expire_in(&mut pair, Some(MINUTE));
    pair.advance_connected(MINUTE / 2);
    expire_in(&mut pair, Some(2 * MINUTE));
    pair.advance_connected(MINUTE);
    assert_eq!(closing(&mut pair), None);
    expire_in(&mut pair, None);
    pair.advance_connected(10 * MINUTE);
    assert_eq!(closing(&mut pair), None);
    expire_in(&mut pair, Some(Duration::ZERO));
    pair.deliver_all();
    pair.advance(Duration::ZERO);
    assert_eq!(closing(&mut pair), Some(CloseReason::AuthenticationExpired));
    expire_in(&mut pair, Some(MINUTE));
    assert_eq!(closing(&mut pair), Some(CloseReason::AuthenticationExpired));
}

#[test]
fn client_learns_every_expiry_of_its_session() {
    let mut pair = Pair::new(&Limits::default());
    assert_eq!(remaining(&pair), None);
    expire_in(&mut pair, Some(MINUTE));
    pair.deliver_all();
    assert_eq!(remaining(&pair), Some(MINUTE), "before `Connected` is received");
    pair.advance_connected(MINUTE / 2);
    assert_eq!(remaining(&pair), Some(MINUTE / 2));
    expire_in(&mut pair, Some(2 * MINUTE));
    pair.deliver_all();
    assert_eq!(remaining(&pair), Some(2 * MINUTE));
    expire_in(&mut pair, None);
    pair.deliver_all();
    assert_eq!(remaining(&pair), None);
}

#[test]
fn client_learns_of_an_expiry_after_more_than_49_days_too_early() {
    let mut pair = Pair::open(&Limits::default());
    expire_in(&mut pair, Some(Duration::from_secs(365 * 24 * 3600)));
    pair.deliver_all();
    assert_eq!(remaining(&pair), Some(Duration::from_millis(u32::MAX.into())));
}

#[test]
fn fresh_token_is_queued_in_a_full_outbox() {
    let mut pair = Pair::open(&Limits { outbox_bytes: 20, ..Limits::default() });
    pair.send("0123456789").unwrap();
    pair.send("0123456789").unwrap_err();
    renew(&mut pair);
    pair.deliver_all();
    assert!(matches!(
        pair.seen_by_server[..],
        [ServerSessionEvent::Message(_), ServerSessionEvent::Token(_)]
    ));
}

#[test]
fn fresh_token_arrives_before_connected_is_received() {
    let mut pair = Pair::new(&Limits::default());
    renew(&mut pair);
    pair.deliver_all();
    assert_eq!(pair.seen_by_server, [ServerSessionEvent::Token(b"fresh".to_vec().into())]);
}

#[test]
fn flood_of_fresh_tokens_ends_the_session() {
    let mut pair = Pair::open(&Limits::default());
    for _ in 0..10 {
        renew(&mut pair);
    }
    pair.deliver_all();
    for _ in 0..10 {
        pair.advance_connected(Duration::from_secs(1));
        renew(&mut pair);
        pair.deliver_all();
    }
    assert_eq!((pair.seen_by_server.len(), closing(&mut pair)), (20, None));
    renew(&mut pair);
    pair.deliver_all();
    assert_eq!(pair.seen_by_server.len(), 20);
    assert_eq!(closing(&mut pair), Some(CloseReason::RateLimited { retry_after: None }));
}

#[test]
fn fresh_token_counts_towards_the_rate_limit() {
    let limit = RateLimitConfig { per_second: 10, burst: 2, on_excess: RateExcess::Close };
    let mut pair = Pair::open(&Limits { rate: Some(limit), ..Limits::default() });
    pair.send("one").unwrap();
    renew(&mut pair);
    pair.send("two").unwrap();
    pair.deliver_all();
    assert_eq!(pair.seen_by_server.len(), 2);
    assert_eq!(closing(&mut pair), Some(CloseReason::RateLimited { retry_after: None }));
}
