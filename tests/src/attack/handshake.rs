//! Attacks between the upgrade and the session.

use std::time::Duration;

use super::{
    Attack, End,
    concurrent::concurrent,
    harness::{AttackedServer, hello, say, typing},
    setup::Setup,
    values,
};
use crate::raw::{self, Hello, code, websocket};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "silent WebSocket",
        ends: &[End::Refused(code::TIMEOUT)],
        server: Setup::short_timeouts,
        run: |target| Box::pin(send_first(target, vec![Vec::new()])),
    },
    Attack {
        name: "hello sent byte by byte",
        ends: &[End::Refused(code::TIMEOUT)],
        server: Setup::short_timeouts,
        run: |target| Box::pin(slow_hellos(target)),
    },
    Attack {
        name: "pings instead of a hello",
        ends: &[End::Refused(code::TIMEOUT)],
        server: Setup::short_timeouts,
        run: |target| Box::pin(send_first(target, vec![PING.repeat(100)])),
    },
    Attack {
        name: "endless pings before the hello",
        ends: OVER_LIMIT,
        server: Setup::long_timeouts,
        run: |target| Box::pin(endless_input(target, Vec::new(), PING.to_vec())),
    },
    Attack {
        name: "endless empty fragments before the hello",
        ends: OVER_LIMIT,
        server: Setup::long_timeouts,
        run: |target| {
            let [first, repeated] = [websocket::BINARY_START, websocket::CONTINUATION]
                .map(|opcode| websocket::frame(opcode, &[], true));
            Box::pin(endless_input(target, first, repeated))
        },
    },
    Attack {
        name: "endless hello",
        ends: OVER_LIMIT,
        server: Setup::long_timeouts,
        run: |target| {
            let header = websocket::header(websocket::BINARY, 1 << 20, true);
            Box::pin(endless_input(target, header, vec![0; 16]))
        },
    },
    Attack {
        name: "hello headers of up to 2^63 bytes",
        ends: &[End::Refused(code::TOO_BIG)],
        server: Setup::long_timeouts,
        run: |target| {
            let header_of = |length| websocket::header(websocket::BINARY, length, true);
            Box::pin(send_first(target, values::ANNOUNCED_LENGTHS.map(header_of).to_vec()))
        },
    },
    Attack {
        name: "lengths in the hello beyond its end",
        ends: &[End::Refused(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| Box::pin(send_first(target, wrong_lengths())),
    },
    Attack {
        name: "hostile schemas in the hello",
        ends: &[End::Refused(code::MISMATCH)],
        server: Setup::long_timeouts,
        run: |target| Box::pin(send_first(target, hostile_schemas())),
    },
    Attack {
        name: "messages and requests before the hello",
        ends: &[End::Refused(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| {
            let frames = [typing(), say(1), raw::ping(1)];
            Box::pin(send_first(target, frames.map(|frame| binary(&frame).repeat(3)).to_vec()))
        },
    },
];

/// The possible ends if a peer sends more bytes than an unauthenticated peer may send. The refusal
/// may be lost, because the server leaves input unread.
const OVER_LIMIT: &[End] = &[End::Unanswered, End::Refused(code::TOO_BIG)];

const PING: &[u8] = &[0x89, 0x84, 0, 0, 0, 0, b'p', b'i', b'n', b'g'];

/// Opens connections, and sends one of `first_bytes` on each. Returns how the connections ended.
async fn send_first(target: AttackedServer, first_bytes: Vec<Vec<u8>>) -> Vec<End> {
    concurrent(100, async |number| {
        let mut peer = target.upgraded().await;
        peer.write(&first_bytes[number as usize % first_bytes.len()]).await;
        End::of_handshake(peer).await
    })
    .await
}

async fn slow_hellos(target: AttackedServer) -> Vec<End> {
    concurrent(50, async |number| {
        let mut peer = target.upgraded().await;
        peer.write_byte_by_byte(&binary(&hello(number).encode()), Duration::from_millis(20)).await;
        End::of_handshake(peer).await
    })
    .await
}

async fn endless_input(target: AttackedServer, first: Vec<u8>, repeated: Vec<u8>) -> Vec<End> {
    concurrent(50, async |_| {
        let mut peer = target.upgraded().await;
        peer.write(&first).await;
        peer.write_endlessly(&repeated).await;
        End::of_handshake(peer).await
    })
    .await
}

/// Returns hellos with a wrong length of the channel name, the connect message or the schema, or a
/// wrong number of extensions.
fn wrong_lengths() -> Vec<Vec<u8>> {
    let hello_bytes = Hello { canonical: Some("form".into()), ..hello(0) }.encode();
    let channel = 4;
    let extensions = hello_bytes.len() - 1;
    let schema = extensions - 5;
    let connect = schema - 1 - hello(0).connect.len() - 1;
    [channel, connect, schema, extensions]
        .into_iter()
        .flat_map(|offset| {
            values::CLAIMED_LENGTHS.map(|length| {
                binary(
                    &[&hello_bytes[..offset], &raw::varint(length), &hello_bytes[offset + 1..]]
                        .concat(),
                )
            })
        })
        .collect()
}

/// Returns hellos with hostile schemas. The server reads the schemas because the protocol hash
/// differs.
fn hostile_schemas() -> Vec<Vec<u8>> {
    let canonical = <crate::target::Target as simplenet::ChannelPack>::PROTOCOL.canonical();
    let (head, _) = canonical.split_once("connect ").expect("a connect message");
    let nested = |outer: &str| format!("{head}connect {}", outer.repeat(60_000 / outer.len()));
    let with_messages = |count: &str| format!("{head}connect tuple 0()\nclient messages {count}\n");
    let forms = [
        nested("option("),
        nested("tuple 1("),
        nested("array 1("),
        with_messages("18446744073709551615"),
        format!("{}{}", with_messages("30000"), "1:A\n".repeat(13_000)),
        canonical.replace("1:", "18446744073709551615:"),
    ];
    forms
        .map(|form| binary(&Hello { protocol: 0, canonical: Some(form), ..hello(0) }.encode()))
        .to_vec()
}

fn binary(frame: &[u8]) -> Vec<u8> {
    websocket::frame(websocket::BINARY, frame, true)
}
