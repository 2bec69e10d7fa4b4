//! Who is where: the rules of the chat, without a network.

use std::{collections::HashMap, str::FromStr};

use simplenet::ClientId;
use thiserror::Error;

use crate::protocol::chat::{JoinError, RoomId};

/// The rooms and their guests. A guest is in one room at a time, or in none.
pub(crate) struct Rooms {
    rules: Rules,
    guests: HashMap<ClientId, Guest>,
    /// Those that somebody is in.
    rooms: HashMap<RoomId, Room>,
}

/// Who may be in which room.
pub struct Rules {
    /// How many may be in a room.
    pub places: usize,
    /// Who may not be in which.
    pub bans: Vec<Ban>,
    /// When the bans end, in seconds since 1970.
    pub banned_until: u64,
}

/// Keeps a name out of a room. Written `ROOM:NAME`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ban {
    room: RoomId,
    name: String,
}

struct Guest {
    name: String,
    room: Option<RoomId>,
}

#[derive(Default)]
struct Room {
    members: Vec<ClientId>,
    posts: u64,
}

/// What follows from entering a room.
#[derive(Debug, PartialEq)]
pub(crate) struct Entered {
    /// The names of all who are in it now.
    pub(crate) members: Vec<String>,
    /// The room that the guest was in before.
    pub(crate) left: Option<Departure>,
}

/// Somebody is in a room no more.
#[derive(Debug, PartialEq)]
pub(crate) struct Departure {
    pub(crate) name: String,
    pub(crate) room: RoomId,
    /// Who is still there.
    pub(crate) remaining: Vec<ClientId>,
}

/// Something is said in a room.
#[derive(Debug, PartialEq)]
pub(crate) struct Post {
    /// Its number in the room, counted from 1.
    pub(crate) seq: u64,
    pub(crate) from: String,
    /// Who hears it.
    pub(crate) others: Vec<ClientId>,
}

#[derive(Debug, Error)]
#[error("a name has 1 to {MAX_NAME_CHARS} characters")]
pub(crate) struct NameError;

const MAX_NAME_CHARS: usize = 32;

impl Rooms {
    pub(crate) fn new(rules: Rules) -> Self {
        Self { rules, guests: HashMap::new(), rooms: HashMap::new() }
    }

    /// Takes in a guest, who is in no room yet.
    pub(crate) fn welcome(&mut self, client: ClientId, name: String) -> Result<(), NameError> {
        if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
            return Err(NameError);
        }
        self.guests.insert(client, Guest { name, room: None });
        Ok(())
    }

    /// The name of a guest.
    pub(crate) fn name(&self, client: ClientId) -> Option<&str> {
        self.guests.get(&client).map(|guest| guest.name.as_str())
    }

    /// Moves a guest into a room, out of the one it was in; `None` for somebody who is no guest.
    pub(crate) fn join(
        &mut self,
        client: ClientId,
        room: RoomId,
        now: u64,
    ) -> Option<Result<Entered, JoinError>> {
        let guest = self.guests.get(&client)?;
        if guest.room == Some(room) {
            return Some(Ok(Entered { members: self.names_in(room), left: None }));
        }
        if let Err(error) = self.admit(&guest.name, room, now) {
            return Some(Err(error));
        }
        let left = self.leave(client);
        self.guests.get_mut(&client)?.room = Some(room);
        self.rooms.entry(room).or_default().members.push(client);
        Some(Ok(Entered { members: self.names_in(room), left }))
    }

    /// Counts what a guest says in a room; `None` if it is not there.
    pub(crate) fn post(&mut self, client: ClientId, room: RoomId) -> Option<Post> {
        let guest = self.guests.get(&client)?;
        if guest.room != Some(room) {
            return None;
        }
        let here = self.rooms.get_mut(&room)?;
        here.posts += 1;
        let others = here.members.iter().copied().filter(|&member| member != client).collect();
        Some(Post { seq: here.posts, from: guest.name.clone(), others })
    }

    /// Lets a guest go, out of the room that it may have been in.
    pub(crate) fn goodbye(&mut self, client: ClientId) -> Option<Departure> {
        let departure = self.leave(client);
        self.guests.remove(&client);
        departure
    }

    fn admit(&self, name: &str, room: RoomId, now: u64) -> Result<(), JoinError> {
        let Rules { places, bans, banned_until: until } = &self.rules;
        if now < *until && bans.iter().any(|ban| ban.room == room && ban.name == name) {
            return Err(JoinError::Banned { until: *until });
        }
        let taken = self.rooms.get(&room).map_or(0, |room| room.members.len());
        if taken < *places { Ok(()) } else { Err(JoinError::Full) }
    }

    fn leave(&mut self, client: ClientId) -> Option<Departure> {
        let guest = self.guests.get_mut(&client)?;
        let room = guest.room.take()?;
        let left = self.rooms.get_mut(&room)?;
        left.members.retain(|&member| member != client);
        let remaining = left.members.clone();
        if remaining.is_empty() {
            self.rooms.remove(&room);
        }
        Some(Departure { name: guest.name.clone(), room, remaining })
    }

    fn names_in(&self, room: RoomId) -> Vec<String> {
        let members = self.rooms.get(&room).into_iter().flat_map(|room| &room.members);
        members.filter_map(|&member| self.name(member)).map(str::to_owned).collect()
    }
}

impl FromStr for Ban {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (room, name) = text.split_once(':').ok_or("write it as ROOM:NAME")?;
        let room = room.parse().map_err(|_| "the room is a number")?;
        Ok(Self { room: RoomId(room), name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_000;
    const ADA: ClientId = ClientId::new(1);
    const BEN: ClientId = ClientId::new(2);

    /// Ada and Ben, in no room; Ben is banned from room 2 until `NOW + 60`.
    fn rooms(places: usize) -> Rooms {
        let bans = vec!["2:Ben".parse().unwrap()];
        let mut rooms = Rooms::new(Rules { places, bans, banned_until: NOW + 60 });
        rooms.welcome(ADA, "Ada".into()).unwrap();
        rooms.welcome(BEN, "Ben".into()).unwrap();
        rooms
    }
    fn members(entered: Option<Result<Entered, JoinError>>) -> Vec<String> {
        entered.unwrap().unwrap().members
    }

    #[test]
    fn who_enters_finds_those_who_are_there() {
        let mut rooms = rooms(9);
        assert_eq!(members(rooms.join(ADA, RoomId(1), NOW)), ["Ada"]);
        assert_eq!(members(rooms.join(BEN, RoomId(1), NOW)), ["Ada", "Ben"]);
        assert_eq!(members(rooms.join(ADA, RoomId(1), NOW)), ["Ada", "Ben"], "she was there");
    }

    #[test]
    fn a_full_room_takes_nobody_who_is_not_there_already() {
        let mut rooms = rooms(1);
        assert_eq!(members(rooms.join(ADA, RoomId(1), NOW)), ["Ada"]);
        assert_eq!(rooms.join(BEN, RoomId(1), NOW), Some(Err(JoinError::Full)));
        assert_eq!(members(rooms.join(ADA, RoomId(1), NOW)), ["Ada"]);
        rooms.goodbye(ADA);
        assert_eq!(members(rooms.join(BEN, RoomId(1), NOW)), ["Ben"]);
    }

    #[test]
    fn a_ban_holds_for_one_name_in_one_room_until_it_ends() {
        let mut rooms = rooms(9);
        rooms.join(BEN, RoomId(1), NOW);
        let banned = Some(Err(JoinError::Banned { until: NOW + 60 }));
        assert_eq!(rooms.join(BEN, RoomId(2), NOW + 59), banned);
        assert_eq!(rooms.post(BEN, RoomId(1)).unwrap().seq, 1, "he is still where he was");
        assert_eq!(members(rooms.join(ADA, RoomId(2), NOW)), ["Ada"]);
        assert_eq!(members(rooms.join(BEN, RoomId(2), NOW + 60)), ["Ada", "Ben"]);
    }

    #[test]
    fn who_enters_another_room_leaves_the_first() {
        let mut rooms = rooms(9);
        rooms.join(ADA, RoomId(1), NOW);
        rooms.join(BEN, RoomId(1), NOW);
        let entered = rooms.join(ADA, RoomId(3), NOW).unwrap().unwrap();
        let left = Departure { name: "Ada".into(), room: RoomId(1), remaining: vec![BEN] };
        assert_eq!(entered, Entered { members: vec!["Ada".into()], left: Some(left) });
        assert_eq!(rooms.post(ADA, RoomId(1)), None);
    }

    #[test]
    fn what_is_said_is_counted_by_room_and_heard_by_the_others_there() {
        let mut rooms = rooms(9);
        assert_eq!(rooms.post(ADA, RoomId(1)), None, "she is not there");
        rooms.join(ADA, RoomId(1), NOW);
        rooms.join(BEN, RoomId(1), NOW);
        let post = |seq, from: &str, to| Post { seq, from: from.into(), others: vec![to] };
        assert_eq!(rooms.post(ADA, RoomId(1)), Some(post(1, "Ada", BEN)));
        assert_eq!(rooms.post(BEN, RoomId(1)), Some(post(2, "Ben", ADA)));
    }

    #[test]
    fn nothing_is_kept_of_a_room_that_all_have_left() {
        let mut rooms = rooms(9);
        rooms.join(ADA, RoomId(1), NOW);
        let departure = Departure { name: "Ada".into(), room: RoomId(1), remaining: vec![] };
        assert_eq!(rooms.goodbye(ADA), Some(departure));
        assert_eq!(rooms.goodbye(BEN), None, "he was in no room");
        assert!(rooms.rooms.is_empty() && rooms.guests.is_empty());
        assert_eq!(rooms.join(ADA, RoomId(1), NOW), None, "she is no guest any more");
    }

    #[test]
    fn names_have_a_length() {
        let mut rooms = rooms(9);
        for name in [String::new(), "x".repeat(33)] {
            assert!(rooms.welcome(ClientId::new(3), name).is_err());
        }
        assert!(rooms.welcome(ClientId::new(3), "é".repeat(32)).is_ok());
    }

    #[test]
    fn a_ban_is_written_as_room_and_name() {
        let ban = Ban { room: RoomId(7), name: "Eve: 2".into() };
        assert_eq!("7:Eve: 2".parse(), Ok(ban));
        assert!("Eve".parse::<Ban>().is_err());
        assert!("hall:Eve".parse::<Ban>().is_err());
    }
}
