//! The task that makes the matches.

use matchmaking_protocol::{MatchReady, matchmaking::ServerHandle};

use crate::{
    floor::Floor,
    hall::{Hall, Invitation},
};

/// Pairs those who wait, whenever somebody has begun to. Without end.
pub(crate) async fn run(floor: &Floor, server: &ServerHandle) {
    loop {
        floor.searched().await;
        while let Some([first, second]) = floor.with(Hall::pair) {
            tracing::info!(
                "{}: {} against {}",
                first.found.id,
                second.found.opponent,
                first.found.opponent
            );
            invite(server, first);
            invite(server, second);
        }
    }
}

/// Tells a player twice: by a message, for whoever takes events, and by the answer that the player waits for.
fn invite(server: &ServerHandle, invitation: Invitation) {
    let Invitation { client, found, answer } = invitation;
    server.send(client, MatchReady { found: found.clone() });
    // A player who has gone meanwhile leaves the match, which tells the opponent.
    let _ = answer.send(Ok(found));
}
