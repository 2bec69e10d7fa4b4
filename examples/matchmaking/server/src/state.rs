//! The state and the rules of matchmaking, independent of the network.

use std::collections::BTreeMap;

use matchmaking_protocol::{
    FindMatchError, Lobby, Match, MatchId, Mode, Outcome, Player, Rating, ReportError,
};
use simplenet::ClientId;
use tokio::sync::oneshot;

use crate::matches::Matches;

/// The lowest rating for ranked matches.
const MIN_RANKED_RATING: Rating = Rating(1_000);
/// The maximum difference between the ratings of the players of a ranked match.
const MAX_RATING_DIFFERENCE: u32 = 200;
/// The rating that the loser of a ranked match loses and the winner gains.
const RATING_CHANGE: u32 = 16;

/// The result of a search for an opponent.
pub(crate) type SearchResult = Result<Match, FindMatchError>;

/// The connected players, their searches and their matches.
#[derive(Default)]
pub(crate) struct State {
    players: BTreeMap<ClientId, Player>,
    /// The open searches, in the order of their requests.
    searches: Vec<Search>,
    last_search_id: u64,
    matches: Matches,
    closing: bool,
}

struct Search {
    id: u64,
    client: ClientId,
    mode: Mode,
    result: oneshot::Sender<SearchResult>,
}

/// A player of a new match, and the match from the player's view.
pub(crate) struct PairedPlayer {
    pub(crate) client: ClientId,
    pub(crate) found: Match,
    /// The channel to the player's search, which waits for the match.
    pub(crate) result: oneshot::Sender<SearchResult>,
}

/// A player has disconnected.
pub(crate) struct Departure {
    pub(crate) player: Player,
    /// The opponent in the player's match in progress, and that match.
    pub(crate) abandoned: Option<(ClientId, MatchId)>,
}

impl State {
    /// Adds a connected player. Fails if the name is not valid.
    pub(crate) fn add_player(
        &mut self,
        client: ClientId,
        player: Player,
    ) -> Result<(), &'static str> {
        let characters = player.name.chars().count();
        if !(1..=32).contains(&characters) || player.name.chars().any(char::is_control) {
            return Err("a name has 1 to 32 printable characters");
        }
        self.players.insert(client, player);
        Ok(())
    }

    /// Removes a player. Returns `None` if the client is not a player.
    pub(crate) fn remove_player(&mut self, client: ClientId) -> Option<Departure> {
        let player = self.players.remove(&client)?;
        self.searches.retain(|search| search.client != client);
        Some(Departure { player, abandoned: self.matches.remove_player(client) })
    }

    /// Adds a search and returns its id. Returns `None` if the client is not a player.
    pub(crate) fn start_search(
        &mut self,
        client: ClientId,
        mode: Mode,
        result: oneshot::Sender<SearchResult>,
    ) -> Option<Result<u64, FindMatchError>> {
        let player = self.players.get(&client)?;
        if self.closing {
            return Some(Err(FindMatchError::Closing));
        }
        if self.searches.iter().any(|search| search.client == client) {
            return Some(Err(FindMatchError::AlreadySearching));
        }
        if let Some(id) = self.matches.in_progress_of(client) {
            return Some(Err(FindMatchError::AlreadyPlaying { id }));
        }
        if mode == Mode::Ranked && player.rating < MIN_RANKED_RATING {
            return Some(Err(FindMatchError::RatingTooLow { required: MIN_RANKED_RATING }));
        }
        self.last_search_id += 1;
        self.searches.push(Search { id: self.last_search_id, client, mode, result });
        Some(Ok(self.last_search_id))
    }

    /// Ends the search of a client with [`FindMatchError::Stopped`].
    pub(crate) fn stop_search(&mut self, client: ClientId) {
        for search in self.searches.extract_if(.., |search| search.client == client) {
            // The receiver is gone if the client's request has ended meanwhile.
            let _ = search.result.send(Err(FindMatchError::Stopped));
        }
    }

    /// Removes a search without a result.
    pub(crate) fn remove_search(&mut self, id: u64) {
        self.searches.retain(|search| search.id != id);
    }

    /// Begins a match between two searching players, if there are two that fit. The player with the
    /// oldest search is paired with the player of the nearest rating.
    pub(crate) fn pair(&mut self) -> Option<[PairedPlayer; 2]> {
        let (first, second) =
            (0..self.searches.len()).find_map(|first| Some((first, self.opponent_of(first)?)))?;
        // `second` is the greater index, so its removal does not change the first.
        let second = self.searches.remove(second);
        let first = self.searches.remove(first);
        let players = (self.players.get(&first.client)?, self.players.get(&second.client)?);
        let id = self.matches.begin(first.mode, [first.client, second.client]);
        let paired = |search: Search, opponent: &Player| PairedPlayer {
            client: search.client,
            found: Match { id, mode: search.mode, opponent: opponent.clone() },
            result: search.result,
        };
        Some([paired(first, players.1), paired(second, players.0)])
    }

    /// Returns the index of the best opponent for a search, among the later searches.
    fn opponent_of(&self, index: usize) -> Option<usize> {
        let search = &self.searches[index];
        let rating = |client| self.players.get(&client).map(|player| player.rating.0);
        let own = rating(search.client)?;
        (index + 1..self.searches.len())
            .filter(|&other| self.searches[other].mode == search.mode)
            .filter_map(|other| Some((rating(self.searches[other].client)?.abs_diff(own), other)))
            .filter(|(difference, _)| {
                search.mode == Mode::Casual || *difference <= MAX_RATING_DIFFERENCE
            })
            .min()
            .map(|(_, other)| other)
    }

    /// Records the outcome of a match for a player, and returns the player's new rating.
    pub(crate) fn report(
        &mut self,
        client: ClientId,
        id: MatchId,
        outcome: Outcome,
    ) -> Result<Rating, ReportError> {
        if let Some(result) = self.matches.report(client, id, outcome)? {
            let change = if result.mode == Mode::Ranked { RATING_CHANGE } else { 0 };
            self.update_rating(result.winner, |rating| rating.saturating_add(change));
            self.update_rating(result.loser, |rating| rating.saturating_sub(change));
        }
        self.players.get(&client).map(|player| player.rating).ok_or(ReportError::NotYourMatch)
    }

    fn update_rating(&mut self, client: ClientId, update: impl FnOnce(u32) -> u32) {
        if let Some(player) = self.players.get_mut(&client) {
            player.rating = Rating(update(player.rating.0));
        }
    }

    /// Ends all searches with [`FindMatchError::Closing`], and refuses new ones.
    pub(crate) fn close(&mut self) {
        self.closing = true;
        for search in self.searches.drain(..) {
            let _ = search.result.send(Err(FindMatchError::Closing));
        }
    }

    /// Returns the public part of the state.
    pub(crate) fn lobby(&self) -> Lobby {
        let name = |search: &Search| Some(self.players.get(&search.client)?.name.clone());
        Lobby {
            searching: self.searches.iter().filter_map(name).collect(),
            matches: self.matches.in_progress(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state_with(players: &[(u128, u32)]) -> State {
        let mut state = State::default();
        for &(id, rating) in players {
            let player = Player { name: format!("player {id}"), rating: Rating(rating) };
            state.add_player(id.into(), player).unwrap();
        }
        state
    }

    fn search(state: &mut State, id: u128, mode: Mode) -> oneshot::Receiver<SearchResult> {
        let (sender, result) = oneshot::channel();
        state.start_search(id.into(), mode, sender).unwrap().unwrap();
        result
    }

    fn pair(state: &mut State) -> Option<[u128; 2]> {
        state.pair().map(|players| players.map(|player| player.client.get()))
    }

    #[test]
    fn oldest_search_is_paired_with_nearest_rating() {
        let mut state = state_with(&[(1, 1_500), (2, 1_900), (3, 1_690), (4, 1_400), (5, 1_450)]);
        let _ranked: Vec<_> = (1..=4).map(|id| search(&mut state, id, Mode::Ranked)).collect();
        let _casual = search(&mut state, 5, Mode::Casual);
        assert_eq!(pair(&mut state), Some([1, 4]));
        // The ratings of players 2 and 3 differ by 210.
        assert_eq!(pair(&mut state), None);
        assert_eq!(state.lobby().searching, ["player 2", "player 3", "player 5"]);
    }

    #[test]
    fn casual_searches_are_paired_at_any_rating_difference() {
        let mut state = state_with(&[(1, 100), (2, 2_900)]);
        let _searches = [1, 2].map(|id| search(&mut state, id, Mode::Casual));
        assert_eq!(pair(&mut state), Some([1, 2]));
    }

    #[test]
    fn removal_of_a_stopped_search_keeps_the_next_one() {
        let mut state = state_with(&[(1, 1_500)]);
        let _first = search(&mut state, 1, Mode::Casual);
        state.stop_search(1_u128.into());
        let _second = search(&mut state, 1, Mode::Casual);
        state.remove_search(1);
        assert_eq!(state.lobby().searching, ["player 1"]);
        state.remove_search(2);
        assert!(state.lobby().searching.is_empty());
    }

    #[test]
    fn report_counts_once_and_only_from_a_player_of_the_match() {
        let mut state = state_with(&[(1, 1_500), (2, 1_500), (3, 1_500)]);
        let _searches = [1, 2].map(|id| search(&mut state, id, Mode::Ranked));
        let id = state.pair().unwrap()[0].found.id;
        let mut report = |client: u128, outcome| state.report(client.into(), id, outcome);
        assert_eq!(report(3, Outcome::Won), Err(ReportError::NotYourMatch));
        assert_eq!(report(1, Outcome::Lost), Ok(Rating(1_484)));
        assert_eq!(report(1, Outcome::Lost), Err(ReportError::NotYourMatch));
        assert_eq!(report(2, Outcome::Won), Ok(Rating(1_516)));
        assert_eq!(report(2, Outcome::Won), Err(ReportError::NotYourMatch));
        assert_eq!(state.lobby().matches, 0);
    }

    #[test]
    fn departure_during_a_match_lets_the_opponent_search_again() {
        let mut state = state_with(&[(1, 1_500), (2, 1_500)]);
        let _searches = [1, 2].map(|id| search(&mut state, id, Mode::Ranked));
        let id = state.pair().unwrap()[0].found.id;
        let departure = state.remove_player(1_u128.into()).unwrap();
        assert_eq!(departure.abandoned, Some((2_u128.into(), id)));
        assert_eq!(state.report(2_u128.into(), id, Outcome::Won), Err(ReportError::NotYourMatch));
        let _next = search(&mut state, 2, Mode::Ranked);
    }
}
