//! Attacks within a session.

use std::time::Duration;

use super::{
    Attack, End,
    concurrent::concurrent,
    harness::{AttackedServer, say, typing},
    setup::Setup,
    values,
};
use crate::raw::{self, code, websocket};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "message sent byte by byte",
        ends: &[End::Closed(code::TIMEOUT)],
        server: Setup::short_timeouts,
        run: |target| Box::pin(slow_messages(target)),
    },
    Attack {
        name: "message headers of up to 2^63 bytes",
        ends: &[End::Closed(code::TOO_BIG)],
        server: Setup::long_timeouts,
        run: |target| {
            let longest = (1 << 20) + 5;
            let too_long = values::ANNOUNCED_LENGTHS.iter().filter(|&&length| length > longest);
            let header_of = |&length| websocket::header(websocket::BINARY, length, true);
            Box::pin(send_violations(target, too_long.map(header_of).collect()))
        },
    },
    Attack {
        name: "endless empty fragments",
        ends: OVER_LIMIT,
        server: Setup::small_messages,
        run: |target| {
            let [first, repeated] = [websocket::BINARY_START, websocket::CONTINUATION]
                .map(|opcode| websocket::frame(opcode, &[], true));
            Box::pin(endless_input(target, first, repeated))
        },
    },
    Attack {
        name: "endless WebSocket pings",
        ends: OVER_LIMIT,
        server: Setup::small_messages,
        run: |target| {
            let ping = websocket::frame(websocket::PING, b"ping", true);
            Box::pin(endless_input(target, Vec::new(), ping))
        },
    },
    Attack {
        name: "flood of protocol pings",
        ends: &[End::Served],
        server: Setup::long_timeouts,
        run: |target| Box::pin(flood(target, binary(&raw::ping(7)), 50_000)),
    },
    Attack {
        name: "flood of messages",
        ends: &[End::Served],
        server: Setup::long_timeouts,
        run: |target| Box::pin(flood(target, binary(&typing()), 50_000)),
    },
    Attack {
        name: "flood of packed messages",
        ends: &[End::Served],
        server: Setup::long_timeouts,
        run: |target| {
            let message = raw_message(&raw::packed(&typing()).repeat(50));
            Box::pin(flood(target, message, 1_000))
        },
    },
    Attack {
        name: "messages of up to 16384 empty frames",
        ends: &[End::Closed(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| {
            let messages = [0, 1, 2, 64, 16 * 1024].map(|count| vec![0; count]);
            Box::pin(send_violations(target, messages.map(|message| raw_message(&message)).into()))
        },
    },
    Attack {
        name: "frames beyond the end of their message",
        ends: &[End::Closed(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| {
            let whole = raw::packed(&say(1));
            let cut = (1..whole.len()).map(|kept| whole[..kept].to_vec());
            let claimed = values::CLAIMED_LENGTHS
                .map(|length| [&raw::varint(length)[..], &typing()].concat());
            let messages = cut.chain(claimed).map(|message| raw_message(&message));
            Box::pin(send_violations(target, messages.collect()))
        },
    },
    Attack {
        name: "lengths beyond the end of the message",
        ends: &[End::Closed(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| {
            let lengths = values::CLAIMED_LENGTHS.map(raw::varint);
            let texts = |length: &Vec<u8>| raw::message(&[&[4], &length[..], b"x"].concat());
            let text = |length: &Vec<u8>| raw::message(&[&[4, 1], &length[..], b"x"].concat());
            let request = |length: &Vec<u8>| raw::request(1, &[&[0], &length[..], b"x"].concat());
            let frames =
                lengths.iter().flat_map(|length| [texts(length), text(length), request(length)]);
            Box::pin(send_violations(target, frames.map(|frame| binary(&frame)).collect()))
        },
    },
    Attack {
        name: "values nested up to a million levels",
        ends: &[End::Closed(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| {
            let frames = [129, 1_000, 20_000, 1_000_000]
                .map(|depth| raw::message(&[&[1], &vec![1; depth][..], &[0]].concat()));
            Box::pin(send_violations(target, frames.map(|frame| binary(&frame)).to_vec()))
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
            Box::pin(send_violations(target, frames.map(|frame| binary(&frame)).to_vec()))
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
            Box::pin(send_violations(target, vec![binary(&frame)]))
        },
    },
];

/// The possible ends if a client sends more bytes than it may send between two messages. The close
/// may be lost, because the server leaves input unread.
const OVER_LIMIT: &[End] = &[End::Dropped, End::Closed(code::TOO_BIG)];

/// Starts sessions, and sends one of `frames` in each. Returns how the sessions ended.
///
/// Asserts that the application receives the message before the violation, and not the message
/// after the violation.
async fn send_violations(target: AttackedServer, frames: Vec<Vec<u8>>) -> Vec<End> {
    concurrent(20, async |number| {
        let mut peer = target.welcomed(number).await;
        let valid = binary(&typing());
        let frame = &frames[number as usize % frames.len()];
        peer.write(&[&valid, &frame[..], &valid].concat()).await;
        let end = End::of_session(peer).await;
        let events = target.until(number, |events| !events.connected).await;
        assert_eq!((events.sessions, events.messages, events.requests), (1, 1, 0));
        end
    })
    .await
}

async fn slow_messages(target: AttackedServer) -> Vec<End> {
    concurrent(50, async |number| {
        let mut peer = target.welcomed(number).await;
        // The message would be complete after five seconds, and invalid.
        peer.write_byte_by_byte(&binary(&raw::message(&[0; 250])), Duration::from_millis(20)).await;
        End::of_session(peer).await
    })
    .await
}

async fn endless_input(target: AttackedServer, first: Vec<u8>, repeated: Vec<u8>) -> Vec<End> {
    concurrent(20, async |number| {
        let mut peer = target.welcomed(number).await;
        peer.write(&first).await;
        peer.write_endlessly(&repeated).await;
        End::of_session(peer).await
    })
    .await
}

/// Sends the same frame repeatedly without reading.
async fn flood(target: AttackedServer, frame: Vec<u8>, count: usize) -> Vec<End> {
    const BATCH: usize = 1000;
    concurrent(10, async |number| {
        let mut peer = target.welcomed(number).await;
        let batch = frame.repeat(BATCH);
        for _ in 0..count / BATCH {
            peer.write(&batch).await;
        }
        End::after_request(peer).await
    })
    .await
}

/// Encodes a message with one frame.
fn binary(frame: &[u8]) -> Vec<u8> {
    raw_message(&raw::packed(frame))
}

/// Encodes a message with these bytes.
fn raw_message(bytes: &[u8]) -> Vec<u8> {
    websocket::frame(websocket::BINARY, bytes, true)
}
