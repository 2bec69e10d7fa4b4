//! One player, who calls the server and takes no events.

use std::time::Duration;

use matchmaking_protocol::{
    FindMatch, FindMatchError, Lobby, Match, Mode, Outcome as MatchOutcome, Player, Rating,
    ReportError, ReportResult, StopSearching, WatchLobby,
    matchmaking::{Client, ClientHandle, Matchmaking},
};
use simplenet::{Call, CallError, ClientConfig, DeathReason, Url};

use crate::Outcome;

/// A player. Closed when dropped, which the server sees.
pub(crate) struct Guest {
    name: &'static str,
    server: ClientHandle,
}

impl Guest {
    /// Begins to connect, and goes on until it is done.
    pub(crate) fn come(url: &Url, name: &'static str, rating: u32) -> Self {
        let config = ClientConfig {
            reconnect_interval: Duration::from_millis(200),
            max_reconnect_interval: Duration::from_secs(1),
            ..Default::default()
        };
        let player = Player { name: name.into(), rating: Rating(rating) };
        let server = Client::builder(url.clone()).config(config).connect(player).into_handle();
        Self { name, server }
    }

    /// Waits for the server's welcome.
    pub(crate) async fn ready(&self) -> Result<(), DeathReason> {
        self.server.ready().await
    }

    /// The player's way to the server.
    pub(crate) fn server(&self) -> &ClientHandle {
        &self.server
    }

    /// Asks for an opponent.
    pub(crate) fn find_match(&self, mode: Mode) -> Call<Matchmaking, FindMatch> {
        self.server.call(FindMatch { mode })
    }

    /// Asks for an opponent and waits in the queue: the call under way, once the server says that it is there.
    pub(crate) async fn wait_for_match(
        &self,
        mode: Mode,
    ) -> Result<Call<Matchmaking, FindMatch>, CallError> {
        let call = self.find_match(mode);
        self.see(|lobby| lobby.searching.iter().any(|name| name == self.name)).await?;
        Ok(call)
    }

    /// Takes a search back. A call that is given up tells the server nothing: it is this message that does.
    pub(crate) async fn stop_searching(&self) -> Result<(), CallError> {
        self.server.send(StopSearching);
        self.see_gone(self.name).await
    }

    /// Says how a match went.
    pub(crate) async fn report(
        &self,
        played: &Match,
        outcome: MatchOutcome,
    ) -> Result<Result<Rating, ReportError>, CallError> {
        self.server.call(ReportResult { id: played.id, outcome }).await
    }

    /// Waits until somebody is not in the queue any more.
    pub(crate) async fn see_gone(&self, name: &str) -> Result<(), CallError> {
        self.see(|lobby| !lobby.searching.iter().any(|present| present == name)).await
    }

    /// Waits until the lobby looks like that: the server answers whenever it has changed.
    async fn see(&self, expected: impl Fn(&Lobby) -> bool) -> Result<(), CallError> {
        let mut seen = None;
        loop {
            let lobby = self.server.call(WatchLobby { seen }).await?;
            if expected(&lobby) {
                return Ok(());
            }
            seen = Some(lobby);
        }
    }
}

/// Fails unless the search ended with this error.
pub(crate) fn refused(answer: Result<Match, FindMatchError>, expected: &FindMatchError) -> Outcome {
    match answer {
        Err(error) if error == *expected => Ok(()),
        other => Err(format!("expected that {expected}, not {other:?}").into()),
    }
}
