//! The task that pairs searching players.

use matchmaking_protocol::{MatchReady, matchmaking::ServerHandle};

use crate::{
    shared_state::SharedState,
    state::{PairedPlayer, State},
};

/// Pairs searching players whenever a search starts. Never returns.
pub(crate) async fn run(shared: &SharedState, server: &ServerHandle) {
    loop {
        shared.search_started().await;
        while let Some([first, second]) = shared.update(State::pair) {
            tracing::info!(
                "{}: {} against {}",
                first.found.id,
                second.found.opponent,
                first.found.opponent
            );
            notify(server, first);
            notify(server, second);
        }
    }
}

/// Sends the match to a player twice: as a message, for clients that receive events, and as the
/// response to `FindMatch`.
fn notify(server: &ServerHandle, player: PairedPlayer) {
    let PairedPlayer { client, found, result } = player;
    server.send(client, MatchReady { found: found.clone() });
    // If the client has disconnected, `disconnected` ends the match and notifies the opponent.
    let _ = result.send(Ok(found));
}
