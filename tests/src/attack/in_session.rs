//! Attacks within a session.

use std::time::Duration;

use super::{
    Attack, End,
    concurrent::concurrent,
    harness::{Victim, typing},
    setup::Setup,
    values,
};
use crate::raw::{self, code, websocket};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "message sent byte by byte",
        ends: &[End::Closed(code::TIMEOUT)],
        server: Setup::short_timeouts,
        run: |target| Box::pin(drips(target)),
    },
    Attack {
        name: "message headers of up to 2^63 bytes",
        ends: &[End::Closed(code::TOO_BIG)],
        server: Setup::long_timeouts,
        run: |target| {
            let too_long = values::ANNOUNCED_LENGTHS.iter().filter(|&&length| length > 1 << 20);
            let announce = |&length| websocket::header(websocket::BINARY, length, true);
            Box::pin(sends(target, too_long.map(announce).collect()))
        },
    },
    Attack {
        name: "endless empty fragments",
        ends: OVER_ALLOWANCE,
        server: Setup::terse,
        run: |target| {
            let [first, more] = [websocket::BINARY_BEGINS, websocket::CONTINUES]
                .map(|begin| websocket::frame(begin, &[], true));
            Box::pin(endless(target, first, more))
        },
    },
    Attack {
        name: "endless WebSocket pings",
        ends: OVER_ALLOWANCE,
        server: Setup::terse,
        run: |target| {
            let ping = websocket::frame(websocket::PING, b"ping", true);
            Box::pin(endless(target, Vec::new(), ping))
        },
    },
    Attack {
        name: "flood of protocol pings",
        ends: &[End::Served],
        server: Setup::long_timeouts,
        run: |target| Box::pin(floods(target, binary(&raw::ping(7)), 50_000)),
    },
    Attack {
        name: "flood of messages",
        ends: &[End::Served],
        server: Setup::long_timeouts,
        run: |target| Box::pin(floods(target, binary(&typing()), 50_000)),
    },
    Attack {
        name: "lengths beyond the end of the message",
        ends: &[End::Closed(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| {
            let claims = values::CLAIMED_LENGTHS.map(raw::varint);
            let texts = |claim: &Vec<u8>| raw::message(&[&[4], &claim[..], b"x"].concat());
            let text = |claim: &Vec<u8>| raw::message(&[&[4, 1], &claim[..], b"x"].concat());
            let request = |claim: &Vec<u8>| raw::request(1, &[&[0], &claim[..], b"x"].concat());
            let frames =
                claims.iter().flat_map(|claim| [texts(claim), text(claim), request(claim)]);
            Box::pin(sends(target, frames.map(|frame| binary(&frame)).collect()))
        },
    },
    Attack {
        name: "values nested up to a million levels",
        ends: &[End::Closed(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| {
            let frames = [129, 1_000, 20_000, 1_000_000]
                .map(|depth| raw::message(&[&[1], &vec![1; depth][..], &[0]].concat()));
            Box::pin(sends(target, frames.map(|frame| binary(&frame)).to_vec()))
        },
    },
    Attack {
        name: "a million values of size zero",
        ends: &[End::Closed(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| {
            let frames = [(1_000_000, 1_000_000), (u64::MAX, 0)].map(|(count, bytes)| {
                raw::message(&[&[2], &raw::varint(count)[..], &vec![0; bytes][..]].concat())
            });
            Box::pin(sends(target, frames.map(|frame| binary(&frame)).to_vec()))
        },
    },
    Attack {
        name: "a million values of 264 bytes in a megabyte",
        ends: &[End::Closed(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| {
            let count: usize = 1_000_000;
            let frame =
                raw::message(&[&[3], &raw::varint(count as u64)[..], &vec![0; count][..]].concat());
            Box::pin(sends(target, vec![binary(&frame)]))
        },
    },
];

/// Sends more than is allowed between two messages. The close may be lost, because the server leaves input unread.
const OVER_ALLOWANCE: &[End] = &[End::Dropped, End::Closed(code::TOO_BIG)];

/// Starts sessions that send these frames in turn, and waits for their ends. Frames before the violation reach the
/// application, and later ones do not.
async fn sends(target: Victim, frames: Vec<Vec<u8>>) -> Vec<End> {
    concurrent(20, async |number| {
        let mut peer = target.welcomed(number).await;
        let good = binary(&typing());
        let frame = &frames[number as usize % frames.len()];
        peer.write(&[&good, &frame[..], &good].concat()).await;
        let end = End::of_session(peer).await;
        let life = target.until(number, |life| !life.present).await;
        assert_eq!((life.sessions, life.messages, life.requests), (1, 1, 0));
        end
    })
    .await
}

async fn drips(target: Victim) -> Vec<End> {
    concurrent(50, async |number| {
        let mut peer = target.welcomed(number).await;
        // The message is complete after five seconds, and is invalid.
        peer.drip(&binary(&raw::message(&[0; 250])), Duration::from_millis(20)).await;
        End::of_session(peer).await
    })
    .await
}

async fn endless(target: Victim, first: Vec<u8>, more: Vec<u8>) -> Vec<End> {
    concurrent(20, async |number| {
        let mut peer = target.welcomed(number).await;
        peer.write(&first).await;
        peer.write_without_end(&more).await;
        End::of_session(peer).await
    })
    .await
}

/// Sends the same frame repeatedly, regardless of the server's frames.
async fn floods(target: Victim, more: Vec<u8>, times: usize) -> Vec<End> {
    const AT_ONCE: usize = 1000;
    concurrent(10, async |number| {
        let mut peer = target.welcomed(number).await;
        let flood = more.repeat(AT_ONCE);
        for _ in 0..times / AT_ONCE {
            peer.write(&flood).await;
        }
        End::of_asked(peer).await
    })
    .await
}

fn binary(frame: &[u8]) -> Vec<u8> {
    websocket::frame(websocket::BINARY, frame, true)
}
