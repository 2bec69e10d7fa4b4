//! Attacks on the identity of clients.

use simplenet::AuthToken;

use super::{
    Attack, End,
    concurrent::concurrent,
    harness::{self, AttackedServer, PROBE, say, typing},
    setup::Setup,
    tokens,
};
use crate::raw::{Auth, Hello, code};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "a thousand connections with one id",
        ends: &[End::Refused(code::DUPLICATE), End::Served],
        server: Setup::long_timeouts,
        run: |target| Box::pin(connect_with_one_id(target)),
    },
    Attack {
        name: "frames after the refusal of an id in use",
        ends: &[End::Refused(code::DUPLICATE)],
        server: Setup::long_timeouts,
        run: |target| Box::pin(send_after_refusal(target, vec![Auth::None(PROBE)], false)),
    },
    Attack {
        name: "frames before the answer to a hello",
        ends: &[End::Refused(code::VIOLATION)],
        server: Setup::long_timeouts,
        run: |target| Box::pin(send_after_refusal(target, vec![Auth::None(harness::id(0))], true)),
    },
    Attack {
        name: "frames after the refusal of a wrong secret",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Setup::with_secret,
        run: |target| {
            // The server checks the secret before it checks whether the id is in use.
            let ids = [harness::id(0), PROBE];
            let secrets = ["", "shared", "shared secreT", "shared secret\0"];
            let wrong = ids.iter().flat_map(|&id| {
                let secrets = secrets.map(|secret| Auth::Secret(id, secret.into()));
                [vec![Auth::None(id)], secrets.to_vec()].concat()
            });
            Box::pin(send_after_refusal(target, wrong.collect(), true))
        },
    },
    Attack {
        name: "stolen token while its owner is connected",
        ends: &[End::Refused(code::DUPLICATE)],
        server: Setup::with_tokens,
        run: |target| Box::pin(present_tokens(target, vec![tokens::probe_token().clone()])),
    },
    Attack {
        name: "tokens for another server or channel",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Setup::with_tokens,
        run: |target| {
            Box::pin(present_tokens(target, tokens::for_other_servers(harness::id(0)).to_vec()))
        },
    },
    Attack {
        name: "tokens of another key",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Setup::with_tokens,
        run: |target| {
            Box::pin(present_tokens(target, vec![tokens::signed_with_another_key(harness::id(0))]))
        },
    },
    Attack {
        name: "tokens that expired a second ago",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Setup::with_tokens,
        run: |target| {
            Box::pin(present_tokens(target, vec![tokens::recently_expired(harness::id(0))]))
        },
    },
    Attack {
        name: "every bit of a valid token flipped",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Setup::with_tokens,
        run: |target| Box::pin(flip_token_bits(target)),
    },
    Attack {
        name: "flood of its own valid token",
        ends: &[End::Dropped, End::Closed(code::RATE_LIMITED)],
        server: Setup::with_tokens,
        run: |target| Box::pin(flood_with_token(target)),
    },
];

/// Makes many attempts with one id. Keeps the accepted session open until all other attempts are
/// refused.
async fn connect_with_one_id(target: AttackedServer) -> Vec<End> {
    let hello = harness::hello(0).encode();
    let attempts = concurrent(1000, async |_| {
        let mut peer = target.upgraded().await;
        peer.send(&hello).await;
        End::session_or_end(peer).await
    })
    .await;
    let (mut ends, mut welcomed) = (Vec::new(), Vec::new());
    for attempt in attempts {
        match attempt {
            Ok(peer) => welcomed.push(peer),
            Err(end) => ends.push(end),
        }
    }
    assert_eq!(welcomed.len(), 1, "accepted connections");
    for peer in welcomed {
        ends.push(End::after_request(peer).await);
    }
    ends
}

/// Sends a hello that the server refuses. Sends further frames after the refusal, and if `early`
/// is true, also directly after the hello.
async fn send_after_refusal(
    target: AttackedServer,
    credentials: Vec<Auth>,
    early: bool,
) -> Vec<End> {
    concurrent(credentials.len().max(100) as u64, async |number| {
        let mut peer = target.upgraded().await;
        let auth = credentials[number as usize % credentials.len()].clone();
        let hello = Hello { auth, ..harness::hello(number) };
        let frames = [peer.binary(&typing()), peer.binary(&say(1))].concat();
        let early = if early { &frames[..] } else { &[] };
        peer.write(&[&peer.binary(&hello.encode()), early].concat()).await;
        let (refused, _) = peer.refused().await;
        peer.write(&frames).await;
        peer.finish().await;
        peer.end().await;
        End::Refused(refused.code)
    })
    .await
}

async fn present_tokens(target: AttackedServer, tokens: Vec<AuthToken>) -> Vec<End> {
    let credentials = tokens.iter().map(|token| Auth::Token(token.as_bytes().to_vec()));
    send_after_refusal(target, credentials.collect(), false).await
}

async fn flip_token_bits(target: AttackedServer) -> Vec<End> {
    let token = tokens::valid(harness::id(0));
    let forged = (0..token.as_bytes().len() * 8).map(|bit| {
        let mut bytes = token.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        Auth::Token(bytes)
    });
    send_after_refusal(target, forged.collect(), true).await
}

async fn flood_with_token(target: AttackedServer) -> Vec<End> {
    concurrent(10, async |number| {
        let token = tokens::valid(harness::id(number));
        let mut peer = target.upgraded().await;
        let auth = Auth::Token(token.as_bytes().to_vec());
        peer.send(&Hello { auth, ..harness::hello(number) }.encode()).await;
        let mut peer = End::session_or_end(peer).await.expect("an accepted token");
        let frame = peer.binary(&[&[0x04], token.as_bytes()].concat());
        peer.write(&frame.repeat(1000)).await;
        End::of_session(peer).await
    })
    .await
}
