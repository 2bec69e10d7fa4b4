//! Sessions that began as they should.

use std::time::Duration;

use super::{
    Attack, End,
    arena::{Scene, typing},
    crowd::crowd,
    defence::Defence,
};
use crate::raw::{self, code, websocket};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "lets a message drip, byte by byte",
        ends: &[End::Closed(code::TIMEOUT)],
        server: Defence::impatient,
        run: |scene| Box::pin(drips(scene)),
    },
    Attack {
        name: "announces a message of up to 2^63 bytes",
        ends: &[End::Closed(code::TOO_BIG)],
        server: Defence::patient,
        run: |scene| {
            let lengths = [(1 << 20) + 1, u64::from(u32::MAX), 1 << 32, (1 << 63) - 1];
            let announce = |length| websocket::header(websocket::BINARY, length, true);
            Box::pin(says(scene, lengths.map(announce).to_vec()))
        },
    },
    Attack {
        name: "empty fragments without end",
        ends: OVER_ALLOWANCE,
        server: Defence::terse,
        run: |scene| {
            let [first, more] = [websocket::BINARY_BEGINS, websocket::CONTINUES]
                .map(|begin| websocket::frame(begin, &[], true));
            Box::pin(endless(scene, first, more))
        },
    },
    Attack {
        name: "WebSocket pings without end",
        ends: OVER_ALLOWANCE,
        server: Defence::terse,
        run: |scene| {
            let ping = websocket::frame(websocket::PING, b"ping", true);
            Box::pin(endless(scene, Vec::new(), ping))
        },
    },
    Attack {
        name: "pings of the protocol, as fast as they go",
        ends: &[End::Served],
        server: Defence::patient,
        run: |scene| Box::pin(floods(scene, binary(&raw::ping(7)), 50_000)),
    },
    Attack {
        name: "messages, as fast as they go",
        ends: &[End::Served],
        server: Defence::patient,
        run: |scene| Box::pin(floods(scene, binary(&typing()), 50_000)),
    },
    Attack {
        name: "lengths that claim more than there is",
        ends: &[End::Closed(code::VIOLATION)],
        server: Defence::patient,
        run: |scene| {
            let claims = [200, 1 << 20, u64::from(u32::MAX), u64::MAX].map(raw::varint);
            let texts = |claim: &Vec<u8>| raw::message(&[&[4], &claim[..], b"x"].concat());
            let text = |claim: &Vec<u8>| raw::message(&[&[4, 1], &claim[..], b"x"].concat());
            let request = |claim: &Vec<u8>| raw::request(1, &[&[0], &claim[..], b"x"].concat());
            let frames =
                claims.iter().flat_map(|claim| [texts(claim), text(claim), request(claim)]);
            Box::pin(says(scene, frames.map(|frame| binary(&frame)).collect()))
        },
    },
    Attack {
        name: "values within values, up to a million deep",
        ends: &[End::Closed(code::VIOLATION)],
        server: Defence::patient,
        run: |scene| {
            let frames = [129, 1_000, 20_000, 1_000_000]
                .map(|depth| raw::message(&[&[1], &vec![1; depth][..], &[0]].concat()));
            Box::pin(says(scene, frames.map(|frame| binary(&frame)).to_vec()))
        },
    },
    Attack {
        name: "a million values of no bytes",
        ends: &[End::Closed(code::VIOLATION)],
        server: Defence::patient,
        run: |scene| {
            let frames = [(1_000_000, 1_000_000), (u64::MAX, 0)].map(|(count, bytes)| {
                raw::message(&[&[2], &raw::varint(count)[..], &vec![0; bytes][..]].concat())
            });
            Box::pin(says(scene, frames.map(|frame| binary(&frame)).to_vec()))
        },
    },
    Attack {
        name: "a million values of 264 bytes in a megabyte",
        ends: &[End::Closed(code::VIOLATION)],
        server: Defence::patient,
        run: |scene| {
            let count: usize = 1_000_000;
            let frame =
                raw::message(&[&[3], &raw::varint(count as u64)[..], &vec![0; count][..]].concat());
            Box::pin(says(scene, vec![binary(&frame)]))
        },
    },
];

/// More than may come between two messages. The answer may be lost, because there is more to read than is ever read.
const OVER_ALLOWANCE: &[End] = &[End::Dropped, End::Closed(code::TOO_BIG)];

/// Sessions that each say one of these things, and wait for what comes of it. The application hears what was said before,
/// and nothing after it.
async fn says(scene: Scene, speeches: Vec<Vec<u8>>) -> Vec<End> {
    crowd(20, async |number| {
        let mut peer = scene.welcomed(number).await;
        let good = binary(&typing());
        let speech = &speeches[number as usize % speeches.len()];
        peer.write(&[&good, &speech[..], &good].concat()).await;
        let end = End::of_session(peer).await;
        let life = scene.until(number, |life| !life.present).await;
        assert_eq!((life.sessions, life.messages, life.requests), (1, 1, 0));
        end
    })
    .await
}

async fn drips(scene: Scene) -> Vec<End> {
    crowd(50, async |number| {
        let mut peer = scene.welcomed(number).await;
        // Whole after five seconds, and no message that the application takes.
        peer.drip(&binary(&raw::message(&[0; 250])), Duration::from_millis(20)).await;
        End::of_session(peer).await
    })
    .await
}

async fn endless(scene: Scene, first: Vec<u8>, more: Vec<u8>) -> Vec<End> {
    crowd(20, async |number| {
        let mut peer = scene.welcomed(number).await;
        peer.write(&first).await;
        peer.write_without_end(&more).await;
        End::of_session(peer).await
    })
    .await
}

/// Sends the same so often, whatever is said to it.
async fn floods(scene: Scene, more: Vec<u8>, times: usize) -> Vec<End> {
    const AT_ONCE: usize = 1000;
    crowd(10, async |number| {
        let mut peer = scene.welcomed(number).await;
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
