//! What clients may ask for.

use std::sync::Arc;

use matchmaking_protocol::{
    FindMatch, FindMatchError, Lobby, Match, OpponentLeft, Player, Rating, ReportError,
    ReportResult, StopSearching, WatchLobby,
    matchmaking::{Service, ServiceContext},
};
use simplenet::{CloseReason, Reply};

use crate::floor::Floor;

/// One handler for everything that a client may say.
pub(crate) struct Matchmaker {
    floor: Arc<Floor>,
}

impl Matchmaker {
    pub(crate) fn new(floor: Arc<Floor>) -> Self {
        Self { floor }
    }
}

impl Service for Matchmaker {
    async fn connected(&self, context: ServiceContext, player: Player) {
        let greeting = format!("{player} has come");
        match self.floor.with(|hall| hall.enter(context.client_id(), player)) {
            Ok(()) => tracing::info!("{greeting}"),
            Err(reason) => context.disconnect(CloseReason::kicked(reason)),
        }
    }

    async fn disconnected(&self, context: ServiceContext, reason: CloseReason) {
        let client = context.client_id();
        let Some(departure) = self.floor.with(|hall| hall.leave(client)) else { return };
        tracing::info!("{} has gone: {reason}", departure.player);
        if let Some((opponent, id)) = departure.left_behind {
            context.server().send(opponent, OpponentLeft { id });
        }
    }

    async fn stop_searching(&self, context: ServiceContext, _: StopSearching) {
        self.floor.with(|hall| hall.stop(context.client_id()));
    }

    async fn find_match(
        &self,
        context: ServiceContext,
        request: FindMatch,
    ) -> Reply<Result<Match, FindMatchError>> {
        match self.floor.search(context.client_id(), request.mode) {
            Some(Ok(ticket)) => Reply::Respond(ticket.found().await),
            Some(Err(error)) => Reply::Respond(Err(error)),
            // One who was not let in, and is on the way out.
            None => Reply::Reject,
        }
    }

    async fn report_result(
        &self,
        context: ServiceContext,
        request: ReportResult,
    ) -> Reply<Result<Rating, ReportError>> {
        let ReportResult { id, outcome } = request;
        self.floor.with(|hall| hall.report(context.client_id(), id, outcome)).into()
    }

    async fn watch_lobby(&self, _: ServiceContext, request: WatchLobby) -> Reply<Lobby> {
        match self.floor.watch(request.seen).await {
            Some(lobby) => Reply::Respond(lobby),
            None => Reply::Reject,
        }
    }
}
