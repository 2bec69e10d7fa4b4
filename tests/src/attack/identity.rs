//! Attacks on the identity of clients.

use simplenet::AuthToken;

use super::{
    Attack, End,
    concurrent::concurrent,
    harness::{self, PROBE, Victim, say, typing},
    login,
    setup::Setup,
};
use crate::raw::{Auth, Hello, code};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "a thousand connections with one id",
        ends: &[End::Refused(code::DUPLICATE), End::Served],
        server: Setup::long_timeouts,
        run: |target| Box::pin(race(target)),
    },
    Attack {
        name: "frames after the refusal of an id in use",
        ends: &[End::Refused(code::DUPLICATE)],
        server: Setup::long_timeouts,
        run: |target| Box::pin(speaks_as(target, vec![Auth::None(PROBE)])),
    },
    Attack {
        name: "frames after the refusal of a wrong secret",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Setup::guarded_by_a_secret,
        run: |target| {
            // Under its own id, and under the id of a connected client: the secret is checked first.
            let ids = [harness::id(0), PROBE];
            let secrets = ["", "open", "open sesamE", "open sesame\0"];
            let wrong = ids.iter().flat_map(|&id| {
                let secrets = secrets.map(|secret| Auth::Secret(id, secret.into()));
                [vec![Auth::None(id)], secrets.to_vec()].concat()
            });
            Box::pin(speaks_as(target, wrong.collect()))
        },
    },
    Attack {
        name: "stolen token while its owner is connected",
        ends: &[End::Refused(code::DUPLICATE)],
        server: Setup::guarded_by_tokens,
        run: |target| Box::pin(shows(target, vec![login::probe().clone()])),
    },
    Attack {
        name: "tokens for another server or channel",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Setup::guarded_by_tokens,
        run: |target| Box::pin(shows(target, login::for_others(harness::id(0)).to_vec())),
    },
    Attack {
        name: "tokens of another key",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Setup::guarded_by_tokens,
        run: |target| Box::pin(shows(target, vec![login::of_another_key(harness::id(0))])),
    },
    Attack {
        name: "tokens that expired a second ago",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Setup::guarded_by_tokens,
        run: |target| Box::pin(shows(target, vec![login::expired_by_a_second(harness::id(0))])),
    },
    Attack {
        name: "every bit of a valid token flipped",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Setup::guarded_by_tokens,
        run: |target| Box::pin(forges(target)),
    },
    Attack {
        name: "flood of its own valid token",
        ends: &[End::Dropped, End::Closed(code::RATE_LIMITED)],
        server: Setup::guarded_by_tokens,
        run: |target| Box::pin(repeats_itself(target)),
    },
];

/// Keeps an accepted session open until the other attempts have been refused.
async fn race(target: Victim) -> Vec<End> {
    let hello = harness::hello(0).encode();
    let racers = concurrent(1000, async |_| {
        let mut peer = target.upgraded().await;
        peer.send(&hello).await;
        End::or_session(peer).await
    })
    .await;
    let (mut ends, mut welcomed) = (Vec::new(), Vec::new());
    for racer in racers {
        match racer {
            Ok(peer) => welcomed.push(peer),
            Err(end) => ends.push(end),
        }
    }
    assert_eq!(welcomed.len(), 1, "connections that got the id");
    for peer in welcomed {
        ends.push(End::of_asked(peer).await);
    }
    ends
}

/// Sends a hello, and further frames both together with it and after the refusal.
async fn speaks_as(target: Victim, claims: Vec<Auth>) -> Vec<End> {
    concurrent(claims.len().max(100) as u64, async |number| {
        let mut peer = target.upgraded().await;
        let auth = claims[number as usize % claims.len()].clone();
        let hello = Hello { auth, ..harness::hello(number) };
        let speech = [peer.binary(&typing()), peer.binary(&say(1))].concat();
        peer.write(&[&peer.binary(&hello.encode()), &speech[..]].concat()).await;
        let (refused, _) = peer.refused().await;
        peer.write(&speech).await;
        peer.finish().await;
        peer.end().await;
        End::Refused(refused.code)
    })
    .await
}

async fn shows(target: Victim, tokens: Vec<AuthToken>) -> Vec<End> {
    let shown = tokens.iter().map(|token| Auth::Token(token.as_bytes().to_vec()));
    speaks_as(target, shown.collect()).await
}

async fn forges(target: Victim) -> Vec<End> {
    let good = login::good(harness::id(0));
    let forged = (0..good.as_bytes().len() * 8).map(|bit| {
        let mut bytes = good.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        Auth::Token(bytes)
    });
    speaks_as(target, forged.collect()).await
}

async fn repeats_itself(target: Victim) -> Vec<End> {
    concurrent(10, async |number| {
        let good = login::good(harness::id(number));
        let mut peer = target.upgraded().await;
        let auth = Auth::Token(good.as_bytes().to_vec());
        peer.send(&Hello { auth, ..harness::hello(number) }.encode()).await;
        let mut peer = End::or_session(peer).await.expect("a good token");
        let again = peer.binary(&[&[0x04], good.as_bytes()].concat());
        peer.write(&again.repeat(1000)).await;
        End::of_session(peer).await
    })
    .await
}
