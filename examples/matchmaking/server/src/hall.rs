//! Who is there, who waits and who plays: the rules, without a network.

mod games;

use std::collections::BTreeMap;

use matchmaking_protocol::{
    FindMatchError, Lobby, Match, MatchId, Mode, Outcome, Player, Rating, ReportError,
};
use simplenet::ClientId;
use tokio::sync::oneshot;

use self::games::Games;
use crate::floor::Found;

/// What a ranked match takes.
const REQUIRED: Rating = Rating(1_000);
/// How far apart the players of a ranked match may be.
const APART: u32 = 200;
/// What a ranked match is worth.
const STAKE: u32 = 16;

/// The players, their searches and their matches.
#[derive(Default)]
pub(crate) struct Hall {
    players: BTreeMap<ClientId, Player>,
    /// The longest waiting first.
    searches: Vec<Search>,
    searched: u64,
    games: Games,
    closing: bool,
}

struct Search {
    number: u64,
    client: ClientId,
    mode: Mode,
    answer: oneshot::Sender<Found>,
}

/// What a player is to hear of a new match.
pub(crate) struct Invitation {
    pub(crate) client: ClientId,
    pub(crate) found: Match,
    pub(crate) answer: oneshot::Sender<Found>,
}

/// What follows when a player goes.
pub(crate) struct Departure {
    pub(crate) player: Player,
    /// The opponent in a match that was under way.
    pub(crate) left_behind: Option<(ClientId, MatchId)>,
}

impl Hall {
    /// Lets a player in.
    pub(crate) fn enter(&mut self, client: ClientId, player: Player) -> Result<(), &'static str> {
        let characters = player.name.chars().count();
        if !(1..=32).contains(&characters) || player.name.chars().any(char::is_control) {
            return Err("a name has 1 to 32 characters that can be printed");
        }
        self.players.insert(client, player);
        Ok(())
    }

    /// A player goes; `None` for somebody who is not in the hall.
    pub(crate) fn leave(&mut self, client: ClientId) -> Option<Departure> {
        let player = self.players.remove(&client)?;
        self.searches.retain(|search| search.client != client);
        Some(Departure { player, left_behind: self.games.leave(client) })
    }

    /// Queues a player: the search's number. `None` for somebody who is not in the hall.
    pub(crate) fn search(
        &mut self,
        client: ClientId,
        mode: Mode,
        answer: oneshot::Sender<Found>,
    ) -> Option<Result<u64, FindMatchError>> {
        let player = self.players.get(&client)?;
        if self.closing {
            return Some(Err(FindMatchError::Closing));
        }
        if self.searches.iter().any(|search| search.client == client) {
            return Some(Err(FindMatchError::AlreadySearching));
        }
        if let Some(id) = self.games.played_by(client) {
            return Some(Err(FindMatchError::AlreadyPlaying { id }));
        }
        if mode == Mode::Ranked && player.rating < REQUIRED {
            return Some(Err(FindMatchError::RatingTooLow { required: REQUIRED }));
        }
        self.searched += 1;
        self.searches.push(Search { number: self.searched, client, mode, answer });
        Some(Ok(self.searched))
    }

    /// The player does not want to search any more.
    pub(crate) fn stop(&mut self, client: ClientId) {
        for search in self.searches.extract_if(.., |search| search.client == client) {
            // Whoever does not wait for the answer any more has gone.
            let _ = search.answer.send(Err(FindMatchError::Stopped));
        }
    }

    /// Nobody waits for the end of this search any more.
    pub(crate) fn forget(&mut self, number: u64) {
        self.searches.retain(|search| search.number != number);
    }

    /// Makes a match, if two who wait go together: for the longest waiting, whoever is nearest in strength.
    pub(crate) fn pair(&mut self) -> Option<[Invitation; 2]> {
        let (first, second) =
            (0..self.searches.len()).find_map(|first| Some((first, self.opponent_of(first)?)))?;
        // The later one first, so that the other's place stays what it is.
        let second = self.searches.remove(second);
        let first = self.searches.remove(first);
        let players = (self.players.get(&first.client)?, self.players.get(&second.client)?);
        let id = self.games.begin(first.mode, [first.client, second.client]);
        let invite = |search: Search, opponent: &Player| Invitation {
            client: search.client,
            found: Match { id, mode: search.mode, opponent: opponent.clone() },
            answer: search.answer,
        };
        Some([invite(first, players.1), invite(second, players.0)])
    }

    /// The place of the search that goes best with another, among those behind it.
    fn opponent_of(&self, place: usize) -> Option<usize> {
        let search = &self.searches[place];
        let rating = |client| self.players.get(&client).map(|player| player.rating.0);
        let own = rating(search.client)?;
        (place + 1..self.searches.len())
            .filter(|&other| self.searches[other].mode == search.mode)
            .filter_map(|other| Some((rating(self.searches[other].client)?.abs_diff(own), other)))
            .filter(|(apart, _)| search.mode == Mode::Casual || *apart <= APART)
            .min()
            .map(|(_, other)| other)
    }

    /// A player says how a match went: the rating that follows.
    pub(crate) fn report(
        &mut self,
        client: ClientId,
        id: MatchId,
        outcome: Outcome,
    ) -> Result<Rating, ReportError> {
        if let Some(result) = self.games.report(client, id, outcome)? {
            let stake = if result.mode == Mode::Ranked { STAKE } else { 0 };
            self.rate(result.winner, |rating| rating.saturating_add(stake));
            self.rate(result.loser, |rating| rating.saturating_sub(stake));
        }
        self.players.get(&client).map(|player| player.rating).ok_or(ReportError::NotYourMatch)
    }

    fn rate(&mut self, client: ClientId, change: impl FnOnce(u32) -> u32) {
        if let Some(player) = self.players.get_mut(&client) {
            player.rating = Rating(change(player.rating.0));
        }
    }

    /// Answers all searches; there will be no others.
    pub(crate) fn close(&mut self) {
        self.closing = true;
        for search in self.searches.drain(..) {
            let _ = search.answer.send(Err(FindMatchError::Closing));
        }
    }

    /// What everybody may see.
    pub(crate) fn lobby(&self) -> Lobby {
        let name = |search: &Search| Some(self.players.get(&search.client)?.name.clone());
        Lobby {
            searching: self.searches.iter().filter_map(name).collect(),
            matches: self.games.under_way(),
        }
    }
}
