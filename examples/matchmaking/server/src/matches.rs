//! The matches in progress, and those with one report.

use std::collections::BTreeMap;

use matchmaking_protocol::{MatchId, Mode, Outcome, ReportError};
use simplenet::ClientId;

/// The matches that still expect a report.
#[derive(Default)]
pub(crate) struct Matches {
    records: BTreeMap<MatchId, MatchRecord>,
    last_id: u64,
}

struct MatchRecord {
    mode: Mode,
    players: [ClientId; 2],
    first_report: Option<Report>,
}

#[derive(Clone, Copy)]
struct Report {
    reporter: ClientId,
    winner: ClientId,
}

/// The result of a match, as its first report says.
pub(crate) struct MatchResult {
    pub(crate) mode: Mode,
    pub(crate) winner: ClientId,
    pub(crate) loser: ClientId,
}

impl Matches {
    /// Begins a match. Its players can no longer confirm their previous matches.
    pub(crate) fn begin(&mut self, mode: Mode, players: [ClientId; 2]) -> MatchId {
        // A match with one report still expects a report of the other player. The match is removed
        // if that player is in the new match.
        self.records.retain(|_, record| match record.first_report {
            Some(Report { reporter, .. }) => {
                !players.iter().any(|&player| player != reporter && record.has_player(player))
            }
            None => true,
        });
        self.last_id += 1;
        let id = MatchId(self.last_id);
        self.records.insert(id, MatchRecord { mode, players, first_report: None });
        id
    }

    /// Returns the match in progress of a client.
    pub(crate) fn in_progress_of(&self, client: ClientId) -> Option<MatchId> {
        let mut records = self.records.iter();
        let (&id, _) =
            records.find(|(_, record)| record.is_in_progress() && record.has_player(client))?;
        Some(id)
    }

    /// Returns the number of matches in progress.
    pub(crate) fn in_progress(&self) -> u32 {
        let count = self.records.values().filter(|record| record.is_in_progress()).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Records a report. Returns the result if the report is the first of its match, and `None` if
    /// it confirms the first.
    pub(crate) fn report(
        &mut self,
        client: ClientId,
        id: MatchId,
        outcome: Outcome,
    ) -> Result<Option<MatchResult>, ReportError> {
        let record = self.records.get_mut(&id).ok_or(ReportError::NotYourMatch)?;
        let opponent = record.opponent_of(client).ok_or(ReportError::NotYourMatch)?;
        let (winner, loser) = match outcome {
            Outcome::Won => (client, opponent),
            Outcome::Lost => (opponent, client),
        };
        match record.first_report {
            None => {
                record.first_report = Some(Report { reporter: client, winner });
                Ok(Some(MatchResult { mode: record.mode, winner, loser }))
            }
            Some(first) if first.reporter == client => Err(ReportError::NotYourMatch),
            Some(first) => {
                self.records.remove(&id);
                if first.winner == winner { Ok(None) } else { Err(ReportError::Contradiction) }
            }
        }
    }

    /// Removes the match in progress of a disconnected client, and returns its opponent and id.
    pub(crate) fn remove_player(&mut self, client: ClientId) -> Option<(ClientId, MatchId)> {
        let abandoned = self.in_progress_of(client).and_then(|id| {
            let opponent = self.records.get(&id)?.opponent_of(client)?;
            Some((opponent, id))
        });
        // A match that the client has reported stays, because the opponent may still confirm it.
        self.records.retain(|_, record| {
            !record.has_player(client)
                || record.first_report.is_some_and(|first| first.reporter == client)
        });
        abandoned
    }
}

impl MatchRecord {
    fn is_in_progress(&self) -> bool {
        self.first_report.is_none()
    }

    fn has_player(&self, client: ClientId) -> bool {
        self.players.contains(&client)
    }

    fn opponent_of(&self, client: ClientId) -> Option<ClientId> {
        match self.players {
            [player, opponent] | [opponent, player] if player == client => Some(opponent),
            _ => None,
        }
    }
}
