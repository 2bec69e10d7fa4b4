//! Attacks between the upgrade and the session.

use std::time::Duration;

use super::{
    Attack, End,
    concurrent::concurrent,
    harness::{Victim, hello, say, typing},
    setup::Setup,
    values,
};
use crate::raw::{self, Hello, code, websocket};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "silent WebSocket",
        ends: &[End::Refused(code::TIMEOUT)],
        server: Setup::short_timeouts,
        run: |target| Box::pin(opened_by(target, vec![Vec::new()])),
    },
    Attack {
        name: "hello sent byte by byte",
        ends: &[End::Refused(code::TIMEOUT)],
        server: Setup::short_timeouts,
        run: |target| Box::pin(drips(target)),
    },
    Attack {
        name: "pings instead of a hello",
        ends: &[End::Refused(code::TIMEOUT)],
        server: Setup::short_timeouts,
        run: |target| Box::pin(opened_by(target, vec![PING.repeat(100)])),
    },
    Attack {
        name: "endless pings before the hello",
        ends: OVER_ALLOWANCE,
        server: Setup::long_timeouts,
        run: |target| Box::pin(endless(target, Vec::new(), PING.to_vec())),
    },
    Attack {
        name: "endless empty fragments before the hello",
        ends: OVER_ALLOWANCE,
        server: Setup::long_timeouts,
        run: |target| {
            let [first, more] = [websocket::BINARY_BEGINS, websocket::CONTINUES]
                .map(|begin| websocket::frame(begin, &[], true));
            Box::pin(endless(target, first, more))
        },
    },
    Attack {
        name: "endless hello",
        ends: OVER_ALLOWANCE,
        server: Setup::long_timeouts,
        run: |target| {
            let header = websocket::header(websocket::BINARY, 1 << 20, true);
            Box::pin(endless(target, header, vec![0; 16]))
        },
    },
    Attack {
        name: "hello headers of up to 2^63 bytes",
        ends: &[End::Refused(code::TOO_BIG)],
        server: Setup::long_timeouts,
        run: |target| {
            let announce = |length| websocket::header(websocket::BINARY, length, true);
            Box::pin(opened_by(target, values::ANNOUNCED_LENGTHS.map(announce).to_vec()))
        },
    },
    Attack {
        name: "lengths in the hello beyond its end",
        ends: &[End::Refused(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| Box::pin(opened_by(target, claims())),
    },
    Attack {
        name: "hostile schemas in the hello",
        ends: &[End::Refused(code::MISMATCH)],
        server: Setup::long_timeouts,
        run: |target| Box::pin(opened_by(target, schemas())),
    },
    Attack {
        name: "messages and requests before the hello",
        ends: &[End::Refused(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| {
            let frames = [typing(), say(1), raw::ping(1)];
            Box::pin(opened_by(target, frames.map(|frame| binary(&frame).repeat(3)).to_vec()))
        },
    },
];

/// Sends more than an unauthenticated peer may. The refusal may be lost, because the server leaves input unread.
const OVER_ALLOWANCE: &[End] = &[End::Unanswered, End::Refused(code::TOO_BIG)];

const PING: &[u8] = &[0x89, 0x84, 0, 0, 0, 0, b'p', b'i', b'n', b'g'];

/// Opens connections that send these first frames in turn, and waits for their ends.
async fn opened_by(target: Victim, openings: Vec<Vec<u8>>) -> Vec<End> {
    concurrent(100, async |number| {
        let mut peer = target.upgraded().await;
        peer.write(&openings[number as usize % openings.len()]).await;
        End::of_handshake(peer).await
    })
    .await
}

async fn drips(target: Victim) -> Vec<End> {
    concurrent(50, async |number| {
        let mut peer = target.upgraded().await;
        peer.drip(&binary(&hello(number).encode()), Duration::from_millis(20)).await;
        End::of_handshake(peer).await
    })
    .await
}

async fn endless(target: Victim, first: Vec<u8>, more: Vec<u8>) -> Vec<End> {
    concurrent(50, async |_| {
        let mut peer = target.upgraded().await;
        peer.write(&first).await;
        peer.write_without_end(&more).await;
        End::of_handshake(peer).await
    })
    .await
}

/// Returns hellos with one wrong length each: of the channel's name, of the connect message, and of the schema.
fn claims() -> Vec<Vec<u8>> {
    let whole = Hello { canonical: Some("form".into()), ..hello(0) }.encode();
    let channel = 4;
    let schema = whole.len() - 5;
    let connect = schema - 1 - hello(0).connect.len() - 1;
    [channel, connect, schema]
        .into_iter()
        .flat_map(|place| {
            let whole = &whole;
            values::CLAIMED_LENGTHS.map(|claim| {
                binary(&[&whole[..place], &raw::varint(claim), &whole[place + 1..]].concat())
            })
        })
        .collect()
}

/// Returns hostile canonical forms, which the server compares with its own because the hash differs.
fn schemas() -> Vec<Vec<u8>> {
    let ours = <crate::target::Target as simplenet::ChannelPack>::PROTOCOL.canonical();
    let (head, _) = ours.split_once("connect ").expect("a connect message");
    let deep = |begin: &str| format!("{head}connect {}", begin.repeat(60_000 / begin.len()));
    let many = |count: &str| format!("{head}connect tuple 0()\nclient messages {count}\n");
    let forms = [
        deep("option("),
        deep("tuple 1("),
        deep("array 1("),
        many("18446744073709551615"),
        format!("{}{}", many("30000"), "1:A\n".repeat(13_000)),
        ours.replace("1:", "18446744073709551615:"),
    ];
    forms
        .map(|form| binary(&Hello { protocol: 0, canonical: Some(form), ..hello(0) }.encode()))
        .to_vec()
}

fn binary(frame: &[u8]) -> Vec<u8> {
    websocket::frame(websocket::BINARY, frame, true)
}
