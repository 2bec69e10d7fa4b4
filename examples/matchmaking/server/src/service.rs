//! The handlers of the service.

use std::sync::Arc;

use matchmaking_protocol::{
    FindMatch, FindMatchError, Lobby, Match, OpponentLeft, Player, Rating, ReportError,
    ReportResult, StopSearching, WatchLobby,
    matchmaking::{Service, ServiceContext},
};
use simplenet::{CloseReason, Reply};

use crate::shared_state::SharedState;

/// The service: one handler for each message and request of a client.
pub(crate) struct MatchmakingService {
    shared: Arc<SharedState>,
}

impl MatchmakingService {
    pub(crate) fn new(shared: Arc<SharedState>) -> Self {
        Self { shared }
    }
}

impl Service for MatchmakingService {
    async fn connected(&self, context: ServiceContext, player: Player) {
        let log_line = format!("{player} has connected");
        match self.shared.update(|state| state.add_player(context.client_id(), player)) {
            Ok(()) => tracing::info!("{log_line}"),
            Err(reason) => context.disconnect(CloseReason::kicked(reason)),
        }
    }

    async fn disconnected(&self, context: ServiceContext, reason: CloseReason) {
        let client = context.client_id();
        let removed = self.shared.update(|state| state.remove_player(client));
        let Some(departure) = removed else { return };
        tracing::info!("{} has disconnected: {reason}", departure.player);
        if let Some((opponent, id)) = departure.abandoned {
            context.server().send(opponent, OpponentLeft { id });
        }
    }

    async fn stop_searching(&self, context: ServiceContext, _: StopSearching) {
        self.shared.update(|state| state.stop_search(context.client_id()));
    }

    async fn find_match(
        &self,
        context: ServiceContext,
        request: FindMatch,
    ) -> Reply<Result<Match, FindMatchError>> {
        match self.shared.start_search(context.client_id(), request.mode) {
            Some(Ok(search)) => Reply::Respond(search.result().await),
            Some(Err(error)) => Reply::Respond(Err(error)),
            // The client has an invalid name and is being disconnected.
            None => Reply::Reject,
        }
    }

    async fn report_result(
        &self,
        context: ServiceContext,
        request: ReportResult,
    ) -> Reply<Result<Rating, ReportError>> {
        let ReportResult { id, outcome } = request;
        self.shared.update(|state| state.report(context.client_id(), id, outcome)).into()
    }

    async fn watch_lobby(&self, _: ServiceContext, request: WatchLobby) -> Reply<Lobby> {
        match self.shared.changed_lobby(request.seen).await {
            Some(lobby) => Reply::Respond(lobby),
            None => Reply::Reject,
        }
    }
}
