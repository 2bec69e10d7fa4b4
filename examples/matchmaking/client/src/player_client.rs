//! The client of one player. It calls the server and receives no events.

use std::time::Duration;

use matchmaking_protocol::{
    FindMatch, Lobby, Match, Mode, Outcome as MatchOutcome, Player, Rating, ReportError,
    ReportResult, StopSearching, WatchLobby,
    matchmaking::{Client, ClientHandle, Matchmaking},
};
use simplenet::{Call, CallError, ClientConfig, ClientState, DeathReason};

/// The client of a player. Dropping it closes the session.
pub(crate) struct PlayerClient {
    name: &'static str,
    handle: ClientHandle,
}

impl PlayerClient {
    /// Starts a client, which connects in the background until it succeeds.
    pub(crate) fn start(url: &str, name: &'static str, rating: u32) -> Self {
        let config = ClientConfig {
            reconnect_interval: Duration::from_millis(200),
            max_reconnect_interval: Duration::from_secs(1),
            ..Default::default()
        };
        let player = Player { name: name.into(), rating: Rating(rating) };
        let handle = Client::builder(url).config(config).connect(player).into_handle();
        Self { name, handle }
    }

    /// Waits until the client is connected.
    pub(crate) async fn ready(&self) -> Result<(), DeathReason> {
        self.handle.ready().await
    }

    /// Returns the state of the connection.
    pub(crate) fn state(&self) -> ClientState {
        self.handle.state()
    }

    /// Starts a search for an opponent.
    pub(crate) fn find_match(&self, mode: Mode) -> Call<Matchmaking, FindMatch> {
        self.handle.call(FindMatch { mode })
    }

    /// Starts a search, and returns its open call when the lobby lists the player as searching.
    pub(crate) async fn start_search(
        &self,
        mode: Mode,
    ) -> Result<Call<Matchmaking, FindMatch>, CallError> {
        let call = self.find_match(mode);
        self.wait_for_lobby(|lobby| lobby.searching.iter().any(|name| name == self.name)).await?;
        Ok(call)
    }

    /// Stops the search of the player. To drop the call is not enough, because the server is not
    /// notified of dropped calls.
    pub(crate) async fn stop_search(&self) -> Result<(), CallError> {
        self.handle.send(StopSearching);
        self.wait_for_search_end(self.name).await
    }

    /// Reports the outcome of a match.
    pub(crate) async fn report(
        &self,
        played: &Match,
        outcome: MatchOutcome,
    ) -> Result<Result<Rating, ReportError>, CallError> {
        self.handle.call(ReportResult { id: played.id, outcome }).await
    }

    /// Waits until the lobby does not list a player as searching.
    pub(crate) async fn wait_for_search_end(&self, name: &str) -> Result<(), CallError> {
        self.wait_for_lobby(|lobby| !lobby.searching.iter().any(|searching| searching == name))
            .await
    }

    /// Waits until the lobby satisfies a condition. The server responds once per change.
    async fn wait_for_lobby(&self, condition: impl Fn(&Lobby) -> bool) -> Result<(), CallError> {
        let mut seen = None;
        loop {
            let lobby = self.handle.call(WatchLobby { seen }).await?;
            if condition(&lobby) {
                return Ok(());
            }
            seen = Some(lobby);
        }
    }
}
