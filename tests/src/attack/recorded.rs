//! A recorded session of a conforming client, damaged at every byte and bit.

use super::{
    Attack, End,
    checker::ClientEvents,
    concurrent::concurrent,
    harness::{AttackedServer, hello, say, typing},
    setup::Setup,
};
use crate::raw::{self, code, websocket};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "every truncation of a session",
        ends: &[End::CutOff, End::Unanswered, End::Dropped, End::Closed(code::BY_CLIENT)],
        server: Setup::long_timeouts,
        run: |target| Box::pin(truncated(target)),
    },
    Attack {
        name: "every bit of a session flipped",
        // The damage affects the upgrade, the hello, a frame or the close, or has no effect.
        ends: &[
            End::CutOff,
            End::Refused(code::TIMEOUT),
            End::Refused(code::MISMATCH),
            End::Refused(code::WIRE_VERSION),
            End::Refused(code::VIOLATION),
            End::Closed(code::VIOLATION),
            End::Closed(1001),
            End::Closed(1002),
            End::Closed(3048),
            End::Closed(code::BY_CLIENT),
            End::Dropped,
        ],
        server: Setup::moderate_timeouts,
        run: |target| Box::pin(flipped(target)),
    },
];

/// The bytes of a session, which are the upgrade and five frames: hello, message, request, ping and
/// close.
struct Recording {
    upgrade: Vec<u8>,
    frames: [Vec<u8>; 5],
}

impl Recording {
    fn of(number: u64) -> Self {
        let frames = [typing(), say(1), raw::ping(1)].map(|frame| raw::packed(&frame));
        let [message, request, ping] = &frames;
        let [hello, message, request, ping] = [&hello(number).encode(), message, request, ping]
            .map(|message| websocket::frame(websocket::BINARY, message, true));
        let close = websocket::close(code::BY_CLIENT, "bye");
        let close = websocket::frame(websocket::CLOSE, &close, true);
        Self { upgrade: websocket::UPGRADE.into(), frames: [hello, message, request, ping, close] }
    }

    fn bytes(&self) -> Vec<u8> {
        [&self.upgrade[..], &self.frames.concat()].concat()
    }

    /// Returns the events that the application must receive if only the first `kept` bytes of the
    /// session arrive.
    fn expected_events(&self, kept: usize) -> ClientEvents {
        let is_complete = |frames: usize| {
            let frames = self.frames[..frames].iter().map(Vec::len).sum::<usize>();
            usize::from(kept >= self.upgrade.len() + frames)
        };
        ClientEvents {
            connected: false,
            sessions: is_complete(1),
            messages: is_complete(2),
            requests: is_complete(3),
        }
    }
}

async fn truncated(target: AttackedServer) -> Vec<End> {
    let length = Recording::of(0).bytes().len();
    concurrent(length as u64 + 1, async |number| {
        let recording = Recording::of(number);
        let kept = number as usize;
        let end = replay(&target, &recording.bytes()[..kept]).await;
        let expected = recording.expected_events(kept);
        assert_eq!(end.is_of_session(), expected.sessions == 1, "{kept} of {length} bytes");
        target.until(number, |events| *events == expected).await;
        end
    })
    .await
}

async fn flipped(target: AttackedServer) -> Vec<End> {
    let length = Recording::of(0).bytes().len();
    concurrent(length as u64 * 8, async |number| {
        let mut bytes = Recording::of(number).bytes();
        bytes[number as usize / 8] ^= 1 << (number % 8);
        replay(&target, &bytes).await
    })
    .await
}

/// Sends the bytes like a client, which waits for the answers to the upgrade and to the hello.
async fn replay(target: &AttackedServer, bytes: &[u8]) -> End {
    let Recording { upgrade, frames: [hello, ..] } = Recording::of(0);
    let (upgrade_part, rest) = bytes.split_at(bytes.len().min(upgrade.len()));
    let mut peer = target.dial().await;
    peer.write(upgrade_part).await;
    if upgrade_part.len() < upgrade.len() {
        peer.finish().await;
    }
    if !peer.is_upgraded().await {
        return End::of_upgrade(peer).await;
    }
    let (hello_part, rest) = rest.split_at(rest.len().min(hello.len()));
    peer.write(hello_part).await;
    if hello_part.len() < hello.len() {
        peer.finish().await;
    }
    match End::session_or_end(peer).await {
        Ok(mut peer) => {
            peer.write(rest).await;
            peer.finish().await;
            End::of_session(peer).await
        }
        Err(end) => end,
    }
}
