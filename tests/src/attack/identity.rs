//! Connections that want to be somebody else.

use simplenet::AuthToken;

use super::{
    Attack, End,
    arena::{self, PROBE, Scene, say, typing},
    crowd::crowd,
    defence::Defence,
    login,
};
use crate::raw::{Auth, Hello, code};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "a thousand connects with one id",
        ends: &[End::Refused(code::DUPLICATE), End::Served],
        server: Defence::patient,
        run: |scene| Box::pin(race(scene)),
    },
    Attack {
        name: "is refused an id that is in use, and speaks under it",
        ends: &[End::Refused(code::DUPLICATE)],
        server: Defence::patient,
        run: |scene| Box::pin(speaks_as(scene, vec![Auth::None(PROBE)])),
    },
    Attack {
        name: "does not know the secret, and speaks all the same",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Defence::guarded_by_a_secret,
        run: |scene| {
            // Under its own id, and under one whose client is there: that is not even looked at.
            let ids = [arena::id(0), PROBE];
            let secrets = ["", "open", "open sesamE", "open sesame\0"];
            let wrong = ids.iter().flat_map(|&id| {
                let secrets = secrets.map(|secret| Auth::Secret(id, secret.into()));
                [vec![Auth::None(id)], secrets.to_vec()].concat()
            });
            Box::pin(speaks_as(scene, wrong.collect()))
        },
    },
    Attack {
        name: "a token that was overheard, while its owner is there",
        ends: &[End::Refused(code::DUPLICATE)],
        server: Defence::guarded_by_tokens,
        run: |scene| Box::pin(shows(scene, vec![login::probe().clone()])),
    },
    Attack {
        name: "tokens for another server, or another channel",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Defence::guarded_by_tokens,
        run: |scene| Box::pin(shows(scene, login::for_others(arena::id(0)).to_vec())),
    },
    Attack {
        name: "tokens of another key",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Defence::guarded_by_tokens,
        run: |scene| Box::pin(shows(scene, vec![login::of_another_key(arena::id(0))])),
    },
    Attack {
        name: "tokens that expired a second ago",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Defence::guarded_by_tokens,
        run: |scene| Box::pin(shows(scene, vec![login::expired_by_a_second(arena::id(0))])),
    },
    Attack {
        name: "every single bit of a good token flipped",
        ends: &[End::Refused(code::UNAUTHENTICATED)],
        server: Defence::guarded_by_tokens,
        run: |scene| Box::pin(forges(scene)),
    },
    Attack {
        name: "its own good token, as fast as it goes",
        ends: &[End::Dropped, End::Closed(code::RATE_LIMITED)],
        server: Defence::guarded_by_tokens,
        run: |scene| Box::pin(repeats_itself(scene)),
    },
];

/// Whoever is welcomed stays until the others have been refused.
async fn race(scene: Scene) -> Vec<End> {
    let hello = arena::hello(0).encode();
    let racers = crowd(1000, async |_| {
        let mut peer = scene.upgraded().await;
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
    assert_eq!(welcomed.len(), 1, "connects that were given the id");
    for peer in welcomed {
        ends.push(End::of_asked(peer).await);
    }
    ends
}

/// Each says who it is, and in the same breath and after its refusal what it wants to be heard.
async fn speaks_as(scene: Scene, claims: Vec<Auth>) -> Vec<End> {
    crowd(claims.len().max(100) as u64, async |number| {
        let mut peer = scene.upgraded().await;
        let auth = claims[number as usize % claims.len()].clone();
        let hello = Hello { auth, ..arena::hello(number) };
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

async fn shows(scene: Scene, tokens: Vec<AuthToken>) -> Vec<End> {
    let shown = tokens.iter().map(|token| Auth::Token(token.as_bytes().to_vec()));
    speaks_as(scene, shown.collect()).await
}

async fn forges(scene: Scene) -> Vec<End> {
    let good = login::good(arena::id(0));
    let forged = (0..good.as_bytes().len() * 8).map(|bit| {
        let mut bytes = good.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        Auth::Token(bytes)
    });
    speaks_as(scene, forged.collect()).await
}

async fn repeats_itself(scene: Scene) -> Vec<End> {
    crowd(10, async |number| {
        let good = login::good(arena::id(number));
        let mut peer = scene.upgraded().await;
        let auth = Auth::Token(good.as_bytes().to_vec());
        peer.send(&Hello { auth, ..arena::hello(number) }.encode()).await;
        let mut peer = End::or_session(peer).await.expect("a good token");
        let again = peer.binary(&[&[0x04], good.as_bytes()].concat());
        peer.write(&again.repeat(1000)).await;
        End::of_session(peer).await
    })
    .await
}
