//! Connections that want to be somebody else.

use super::{
    Attack, End,
    arena::{self, PROBE, Scene, say, typing},
    crowd::crowd,
    defence::Defence,
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
    crowd(100, async |number| {
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
