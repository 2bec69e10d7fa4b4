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

#[cfg(test)]
mod tests {
    use super::*;

    fn hall(players: &[(u128, u32)]) -> Hall {
        let mut hall = Hall::default();
        for &(id, rating) in players {
            let player = Player { name: format!("player {id}"), rating: Rating(rating) };
            hall.enter(id.into(), player).unwrap();
        }
        hall
    }

    fn search(hall: &mut Hall, id: u128, mode: Mode) -> oneshot::Receiver<Found> {
        let (answer, found) = oneshot::channel();
        hall.search(id.into(), mode, answer).unwrap().unwrap();
        found
    }

    fn paired(hall: &mut Hall) -> Option<[u128; 2]> {
        hall.pair().map(|invitations| invitations.map(|invitation| invitation.client.get()))
    }

    #[test]
    fn the_longest_waiting_gets_the_nearest_in_strength() {
        let mut hall = hall(&[(1, 1_500), (2, 1_900), (3, 1_690), (4, 1_400), (5, 1_450)]);
        let _searches: Vec<_> = (1..=4).map(|id| search(&mut hall, id, Mode::Ranked)).collect();
        let _casual = search(&mut hall, 5, Mode::Casual);
        assert_eq!(paired(&mut hall), Some([1, 4]));
        // 210 apart: too far.
        assert_eq!(paired(&mut hall), None);
        assert_eq!(hall.lobby().searching, ["player 2", "player 3", "player 5"]);
    }

    #[test]
    fn for_nothing_anybody_will_do() {
        let mut hall = hall(&[(1, 100), (2, 2_900)]);
        let _searches = [1, 2].map(|id| search(&mut hall, id, Mode::Casual));
        assert_eq!(paired(&mut hall), Some([1, 2]));
    }

    #[test]
    fn an_old_ticket_does_not_take_a_new_search_along() {
        let mut hall = hall(&[(1, 1_500)]);
        let _first = search(&mut hall, 1, Mode::Casual);
        hall.stop(1_u128.into());
        let _second = search(&mut hall, 1, Mode::Casual);
        hall.forget(1);
        assert_eq!(hall.lobby().searching, ["player 1"]);
        hall.forget(2);
        assert!(hall.lobby().searching.is_empty());
    }

    #[test]
    fn a_report_counts_once_and_only_from_those_who_played() {
        let mut hall = hall(&[(1, 1_500), (2, 1_500), (3, 1_500)]);
        let _searches = [1, 2].map(|id| search(&mut hall, id, Mode::Ranked));
        let id = hall.pair().unwrap()[0].found.id;
        let mut report = |client: u128, outcome| hall.report(client.into(), id, outcome);
        assert_eq!(report(3, Outcome::Won), Err(ReportError::NotYourMatch));
        assert_eq!(report(1, Outcome::Lost), Ok(Rating(1_484)));
        assert_eq!(report(1, Outcome::Lost), Err(ReportError::NotYourMatch));
        assert_eq!(report(2, Outcome::Won), Ok(Rating(1_516)));
        assert_eq!(report(2, Outcome::Won), Err(ReportError::NotYourMatch));
        assert_eq!(hall.lobby().matches, 0);
    }

    #[test]
    fn whoever_leaves_a_match_leaves_the_opponent_free() {
        let mut hall = hall(&[(1, 1_500), (2, 1_500)]);
        let _searches = [1, 2].map(|id| search(&mut hall, id, Mode::Ranked));
        let id = hall.pair().unwrap()[0].found.id;
        let departure = hall.leave(1_u128.into()).unwrap();
        assert_eq!(departure.left_behind, Some((2_u128.into(), id)));
        assert_eq!(hall.report(2_u128.into(), id, Outcome::Won), Err(ReportError::NotYourMatch));
        let _again = search(&mut hall, 2, Mode::Ranked);
    }
}
