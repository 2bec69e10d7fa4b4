//! Connections that are upgraded, and never become a session.

use std::time::Duration;

use super::{
    Attack, End,
    arena::{Scene, hello, say, typing},
    crowd::crowd,
    defence::Defence,
};
use crate::raw::{self, Hello, code, websocket};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "upgrades, and says nothing",
        ends: &[End::Refused(code::TIMEOUT)],
        server: Defence::impatient,
        run: |scene| Box::pin(opened_by(scene, vec![Vec::new()])),
    },
    Attack {
        name: "lets the hello drip, byte by byte",
        ends: &[End::Refused(code::TIMEOUT)],
        server: Defence::impatient,
        run: |scene| Box::pin(drips(scene)),
    },
    Attack {
        name: "pings instead of a hello",
        ends: &[End::Refused(code::TIMEOUT)],
        server: Defence::impatient,
        run: |scene| Box::pin(opened_by(scene, vec![PING.repeat(100)])),
    },
    Attack {
        name: "pings without end before the hello",
        ends: OVER_ALLOWANCE,
        server: Defence::patient,
        run: |scene| Box::pin(endless(scene, Vec::new(), PING.to_vec())),
    },
    Attack {
        name: "empty fragments without end before the hello",
        ends: OVER_ALLOWANCE,
        server: Defence::patient,
        run: |scene| {
            let [first, more] = [websocket::BINARY_BEGINS, websocket::CONTINUES]
                .map(|begin| websocket::frame(begin, &[], true));
            Box::pin(endless(scene, first, more))
        },
    },
    Attack {
        name: "a hello that goes on without end",
        ends: OVER_ALLOWANCE,
        server: Defence::patient,
        run: |scene| {
            let header = websocket::header(websocket::BINARY, 1 << 20, true);
            Box::pin(endless(scene, header, vec![0; 16]))
        },
    },
    Attack {
        name: "announces a hello of up to 2^63 bytes",
        ends: &[End::Refused(code::TOO_BIG)],
        server: Defence::patient,
        run: |scene| {
            // More than a hello may have; a session might announce the first two.
            let lengths = [
                (64 << 10) + 1,
                1 << 20,
                (1 << 20) + 1,
                u64::from(u32::MAX),
                1 << 32,
                (1 << 63) - 1,
            ];
            let announce = |length| websocket::header(websocket::BINARY, length, true);
            Box::pin(opened_by(scene, lengths.map(announce).to_vec()))
        },
    },
    Attack {
        name: "lengths in the hello that claim more than there is",
        ends: &[End::Refused(code::VIOLATION)],
        server: Defence::patient,
        run: |scene| Box::pin(opened_by(scene, claims())),
    },
    Attack {
        name: "a schema in the hello that is a bomb",
        ends: &[End::Refused(code::MISMATCH)],
        server: Defence::patient,
        run: |scene| Box::pin(opened_by(scene, schemas())),
    },
    Attack {
        name: "messages and requests before the hello",
        ends: &[End::Refused(code::VIOLATION)],
        server: Defence::patient,
        run: |scene| {
            let frames = [typing(), say(1), raw::ping(1)];
            Box::pin(opened_by(scene, frames.map(|frame| binary(&frame).repeat(3)).to_vec()))
        },
    },
];

/// More than a stranger may send. The answer may be lost, because there is more to read than is ever read.
const OVER_ALLOWANCE: &[End] = &[End::Unanswered, End::Refused(code::TOO_BIG)];

const PING: &[u8] = &[0x89, 0x84, 0, 0, 0, 0, b'p', b'i', b'n', b'g'];

/// Connections that all begin in one of these ways, and wait for what comes of it.
async fn opened_by(scene: Scene, openings: Vec<Vec<u8>>) -> Vec<End> {
    crowd(100, async |number| {
        let mut peer = scene.upgraded().await;
        peer.write(&openings[number as usize % openings.len()]).await;
        End::of_handshake(peer).await
    })
    .await
}

async fn drips(scene: Scene) -> Vec<End> {
    crowd(50, async |number| {
        let mut peer = scene.upgraded().await;
        peer.drip(&binary(&hello(number).encode()), Duration::from_millis(20)).await;
        End::of_handshake(peer).await
    })
    .await
}

async fn endless(scene: Scene, first: Vec<u8>, more: Vec<u8>) -> Vec<End> {
    crowd(50, async |_| {
        let mut peer = scene.upgraded().await;
        peer.write(&first).await;
        peer.write_without_end(&more).await;
        End::of_handshake(peer).await
    })
    .await
}

/// Each length of a hello in turn: of the channel's name, the connect message and the schema.
fn claims() -> Vec<Vec<u8>> {
    let whole = Hello { canonical: Some("form".into()), ..hello(0) }.encode();
    let channel = 4;
    let schema = whole.len() - 5;
    let connect = schema - 1 - hello(0).connect.len() - 1;
    let claims = [255, 64 * 1024, u64::from(u32::MAX), u64::MAX];
    [channel, connect, schema]
        .into_iter()
        .flat_map(|place| {
            let whole = &whole;
            claims.map(|claim| {
                binary(&[&whole[..place], &raw::varint(claim), &whole[place + 1..]].concat())
            })
        })
        .collect()
}

/// Schemas that the server looks through, to say what differs, because the hash is another one.
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
