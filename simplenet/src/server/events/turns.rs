use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    mem,
};

use crate::{event_queue::Waiting, id::ClientId};

/// The weight of the events that a client may have in one round.
pub(super) const TURN: usize = 64;

/// An item that waits for the turn of its client.
pub(super) trait Owned {
    fn owner(&self) -> ClientId;

    /// The part of the client's turn that the item takes.
    fn cost(&self) -> usize;
}

/// Items that wait in rounds. In each round, every client has one turn.
///
/// This is deficit round robin (Shreedhar and Varghese, "Efficient Fair Queuing Using Deficit Round
/// Robin", 1996), with debts in place of deficits: the last item of a turn may exceed [`TURN`], and
/// the client then sits out as many rounds as its debt fills. The place of an item is fixed when it
/// is pushed. So the items of one client keep their order, the items within a round are in the
/// order of their arrival, and a client that exceeds no turn waits for one round at most.
///
/// Turns belong to a client id, not to a session. Otherwise a new session could overtake the events
/// of the previous session of the same client.
pub(super) struct Turns<T> {
    /// The waiting items by the number of their round.
    rounds: BTreeMap<u64, VecDeque<T>>,
    /// The number of the first round that has not been taken.
    next: u64,
    /// The clients that have pushed items. A place in a round that was taken has no effect.
    places: HashMap<ClientId, Place>,
    /// The number of places at which those without effect are removed.
    purge_at: usize,
    /// A buffer for another round.
    spare: VecDeque<T>,
}

/// The place of a client's next item.
#[derive(Clone, Copy)]
struct Place {
    round: u64,
    /// The part of the turn in this round that the client has used, less than [`TURN`].
    used: usize,
}

/// The number of places below which none is removed.
const MIN_PURGE: usize = 64;

impl<T> Default for Turns<T> {
    fn default() -> Self {
        Self {
            rounds: BTreeMap::new(),
            next: 0,
            places: HashMap::new(),
            purge_at: MIN_PURGE,
            spare: VecDeque::new(),
        }
    }
}

impl<T: Owned> Waiting<T> for Turns<T> {
    fn is_empty(&self) -> bool {
        self.rounds.is_empty()
    }

    fn push(&mut self, item: T) {
        let first = Place { round: self.next, used: 0 };
        let place = self.places.entry(item.owner()).or_insert(first);
        if place.round < self.next {
            *place = first;
        }
        let round = place.round;
        place.used = place.used.saturating_add(item.cost());
        place.round += (place.used / TURN) as u64;
        place.used %= TURN;
        self.rounds.entry(round).or_insert_with(|| mem::take(&mut self.spare)).push_back(item);
    }

    /// Moves the items of the first round to `taken`.
    fn take(&mut self, taken: &mut VecDeque<T>) {
        let Some((round, mut items)) = self.rounds.pop_first() else { return };
        mem::swap(&mut items, taken);
        self.spare = items;
        if self.rounds.is_empty() {
            // Debts have no effect while no other client waits.
            self.places.clear();
            self.purge_at = MIN_PURGE;
        }
        self.next = round + 1;
        if self.places.len() >= self.purge_at {
            self.places.retain(|_, place| place.round >= self.next);
            self.purge_at = (2 * self.places.len()).max(MIN_PURGE);
        }
    }
}
