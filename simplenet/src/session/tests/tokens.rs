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

fn closing(pair: &mut Pair) -> Option<CloseReason> {
    pair.server.core().closing().cloned()
}

#[test]
fn session_ends_when_its_authentication_expires() {
    let mut pair = Pair::open(&Limits::default());
    pair.server.expire_at(Some(pair.now + MINUTE));
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
    pair.server.expire_at(Some(pair.now + MINUTE));
    pair.advance_connected(MINUTE / 2);
    pair.server.expire_at(Some(pair.now + 2 * MINUTE));
    pair.advance_connected(MINUTE);
    assert_eq!(closing(&mut pair), None);
    pair.server.expire_at(None);
    pair.advance_connected(10 * MINUTE);
    assert_eq!(closing(&mut pair), None);
    pair.server.expire_at(Some(pair.now));
    pair.advance(Duration::ZERO);
    assert_eq!(closing(&mut pair), Some(CloseReason::AuthenticationExpired));
    pair.server.expire_at(Some(pair.now + MINUTE));
    assert_eq!(closing(&mut pair), Some(CloseReason::AuthenticationExpired));
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
