use std::collections::BTreeMap;

use matchmaking_protocol::{MatchId, Mode, Outcome, ReportError};
use simplenet::ClientId;

/// The matches of which not all is known.
#[derive(Default)]
pub(super) struct Games {
    games: BTreeMap<MatchId, Game>,
    begun: u64,
}

struct Game {
    mode: Mode,
    players: [ClientId; 2],
    /// The first report: whose, and who has won by it.
    report: Option<(ClientId, ClientId)>,
}

/// How a match went.
pub(super) struct GameResult {
    pub(super) mode: Mode,
    pub(super) winner: ClientId,
    pub(super) loser: ClientId,
}

impl Games {
    pub(super) fn begin(&mut self, mode: Mode, players: [ClientId; 2]) -> MatchId {
        // Whoever plays again has no more to say about the match before.
        self.games.retain(|_, game| match game.report {
            Some((reporter, _)) => {
                !players.iter().any(|&player| player != reporter && game.is_of(player))
            }
            None => true,
        });
        self.begun += 1;
        let id = MatchId(self.begun);
        self.games.insert(id, Game { mode, players, report: None });
        id
    }

    /// The match under way that a client plays.
    pub(super) fn played_by(&self, client: ClientId) -> Option<MatchId> {
        let mut games = self.games.iter();
        let (&id, _) = games.find(|(_, game)| game.is_under_way() && game.is_of(client))?;
        Some(id)
    }

    pub(super) fn under_way(&self) -> u32 {
        let count = self.games.values().filter(|game| game.is_under_way()).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// What follows from a report: a result if it is the first of the match, nothing if it agrees with the first.
    pub(super) fn report(
        &mut self,
        client: ClientId,
        id: MatchId,
        outcome: Outcome,
    ) -> Result<Option<GameResult>, ReportError> {
        let game = self.games.get_mut(&id).ok_or(ReportError::NotYourMatch)?;
        let opponent = game.opponent_of(client).ok_or(ReportError::NotYourMatch)?;
        let (winner, loser) = match outcome {
            Outcome::Won => (client, opponent),
            Outcome::Lost => (opponent, client),
        };
        match game.report {
            None => {
                game.report = Some((client, winner));
                Ok(Some(GameResult { mode: game.mode, winner, loser }))
            }
            Some((reporter, _)) if reporter == client => Err(ReportError::NotYourMatch),
            Some((_, reported)) => {
                self.games.remove(&id);
                if reported == winner { Ok(None) } else { Err(ReportError::Contradiction) }
            }
        }
    }

    /// A player has gone; the opponent in a match under way, if there is one.
    pub(super) fn leave(&mut self, client: ClientId) -> Option<(ClientId, MatchId)> {
        let abandoned = self.played_by(client).and_then(|id| {
            let opponent = self.games.get(&id)?.opponent_of(client)?;
            Some((opponent, id))
        });
        // The opponent may still confirm what the player had reported.
        self.games.retain(|_, game| {
            !game.is_of(client) || game.report.is_some_and(|(reporter, _)| reporter == client)
        });
        abandoned
    }
}

impl Game {
    fn is_under_way(&self) -> bool {
        self.report.is_none()
    }

    fn is_of(&self, client: ClientId) -> bool {
        self.players.contains(&client)
    }

    fn opponent_of(&self, client: ClientId) -> Option<ClientId> {
        match self.players {
            [player, opponent] | [opponent, player] if player == client => Some(opponent),
            _ => None,
        }
    }
}
