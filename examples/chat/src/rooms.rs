//! The state and the rules of the rooms, independent of the network.

use std::{collections::HashMap, str::FromStr};

use simplenet::ClientId;
use thiserror::Error;

use crate::protocol::chat::{JoinError, RoomId};

/// The connected users and their rooms. A user is in at most one room.
pub(crate) struct Rooms {
    rules: Rules,
    users: HashMap<ClientId, User>,
    /// Contains only rooms with members.
    rooms: HashMap<RoomId, Room>,
}

/// The rules for joining a room.
pub struct Rules {
    /// The maximum number of members of a room.
    pub room_capacity: usize,
    /// The bans, which all end at the same time.
    pub bans: Vec<Ban>,
    /// The end of the bans, in seconds since 1970.
    pub banned_until: u64,
}

/// Bans a name from a room. The text form is `ROOM:NAME`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ban {
    room: RoomId,
    name: String,
}

/// A connected client with a valid name.
struct User {
    name: String,
    room: Option<RoomId>,
}

#[derive(Default)]
struct Room {
    members: Vec<ClientId>,
    posts: u64,
}

/// The result of a successful join.
#[derive(Debug, PartialEq)]
pub(crate) struct RoomChange {
    /// The names of all members of the room, including the new one.
    pub(crate) members: Vec<String>,
    /// The departure from the previous room.
    pub(crate) departure: Option<Departure>,
}

/// A user has left a room.
#[derive(Debug, PartialEq)]
pub(crate) struct Departure {
    pub(crate) name: String,
    pub(crate) room: RoomId,
    /// The remaining members of the room.
    pub(crate) remaining: Vec<ClientId>,
}

/// The metadata of a message to a room.
#[derive(Debug, PartialEq)]
pub(crate) struct Post {
    /// The number of the message in its room, counted from 1.
    pub(crate) seq: u64,
    pub(crate) from: String,
    /// All members of the room except the sender.
    pub(crate) recipients: Vec<ClientId>,
}

#[derive(Debug, Error)]
#[error("a name has 1 to {MAX_NAME_CHARS} characters")]
pub(crate) struct NameError;

const MAX_NAME_CHARS: usize = 32;

impl Rooms {
    pub(crate) fn new(rules: Rules) -> Self {
        Self { rules, users: HashMap::new(), rooms: HashMap::new() }
    }

    /// Adds a user without a room.
    pub(crate) fn add_user(&mut self, client: ClientId, name: String) -> Result<(), NameError> {
        if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
            return Err(NameError);
        }
        self.users.insert(client, User { name, room: None });
        Ok(())
    }

    /// Removes a user, and returns the departure from the user's room.
    pub(crate) fn remove_user(&mut self, client: ClientId) -> Option<Departure> {
        let departure = self.leave(client);
        self.users.remove(&client);
        departure
    }

    /// Returns the name of a user.
    pub(crate) fn name(&self, client: ClientId) -> Option<&str> {
        self.users.get(&client).map(|user| user.name.as_str())
    }

    /// Moves a user from the current room to another. Returns `None` if the client is not a user.
    pub(crate) fn join(
        &mut self,
        client: ClientId,
        room: RoomId,
        now: u64,
    ) -> Option<Result<RoomChange, JoinError>> {
        let user = self.users.get(&client)?;
        if user.room == Some(room) {
            return Some(Ok(RoomChange { members: self.member_names(room), departure: None }));
        }
        if let Err(error) = self.check_rules(&user.name, room, now) {
            return Some(Err(error));
        }
        let departure = self.leave(client);
        self.users.get_mut(&client)?.room = Some(room);
        self.rooms.entry(room).or_default().members.push(client);
        Some(Ok(RoomChange { members: self.member_names(room), departure }))
    }

    /// Counts a message to a room. Returns `None` if the sender is not a member of the room.
    pub(crate) fn post(&mut self, client: ClientId, room: RoomId) -> Option<Post> {
        let user = self.users.get(&client)?;
        if user.room != Some(room) {
            return None;
        }
        let room = self.rooms.get_mut(&room)?;
        room.posts += 1;
        let recipients = room.members.iter().copied().filter(|&member| member != client).collect();
        Some(Post { seq: room.posts, from: user.name.clone(), recipients })
    }

    fn check_rules(&self, name: &str, room: RoomId, now: u64) -> Result<(), JoinError> {
        let Rules { room_capacity, bans, banned_until } = &self.rules;
        if now < *banned_until && bans.iter().any(|ban| ban.room == room && ban.name == name) {
            return Err(JoinError::Banned { until: *banned_until });
        }
        let members = self.rooms.get(&room).map_or(0, |room| room.members.len());
        if members < *room_capacity { Ok(()) } else { Err(JoinError::Full) }
    }

    fn leave(&mut self, client: ClientId) -> Option<Departure> {
        let user = self.users.get_mut(&client)?;
        let id = user.room.take()?;
        let room = self.rooms.get_mut(&id)?;
        room.members.retain(|&member| member != client);
        let remaining = room.members.clone();
        if remaining.is_empty() {
            self.rooms.remove(&id);
        }
        Some(Departure { name: user.name.clone(), room: id, remaining })
    }

    fn member_names(&self, room: RoomId) -> Vec<String> {
        let members = self.rooms.get(&room).into_iter().flat_map(|room| &room.members);
        members.filter_map(|&member| self.name(member)).map(str::to_owned).collect()
    }
}

impl FromStr for Ban {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (room, name) = text.split_once(':').ok_or("missing `:`, use the form ROOM:NAME")?;
        let room = room.parse().map_err(|_| "the room is not a number, use the form ROOM:NAME")?;
        Ok(Self { room: RoomId(room), name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_000;
    const ADA: ClientId = ClientId::new(1);
    const BEN: ClientId = ClientId::new(2);

    /// Returns `Rooms` with the users Ada and Ben. Ben is banned from room 2 until `NOW + 60`.
    fn rooms(room_capacity: usize) -> Rooms {
        let bans = vec!["2:Ben".parse().unwrap()];
        let mut rooms = Rooms::new(Rules { room_capacity, bans, banned_until: NOW + 60 });
        rooms.add_user(ADA, "Ada".into()).unwrap();
        rooms.add_user(BEN, "Ben".into()).unwrap();
        rooms
    }

    fn members(result: Option<Result<RoomChange, JoinError>>) -> Vec<String> {
        result.unwrap().unwrap().members
    }

    #[test]
    fn join_returns_all_members_of_the_room() {
        let mut rooms = rooms(9);
        assert_eq!(members(rooms.join(ADA, RoomId(1), NOW)), ["Ada"]);
        assert_eq!(members(rooms.join(BEN, RoomId(1), NOW)), ["Ada", "Ben"]);
        assert_eq!(
            members(rooms.join(ADA, RoomId(1), NOW)),
            ["Ada", "Ben"],
            "Ada is already a member"
        );
    }

    #[test]
    fn full_room_accepts_only_its_members() {
        let mut rooms = rooms(1);
        assert_eq!(members(rooms.join(ADA, RoomId(1), NOW)), ["Ada"]);
        assert_eq!(rooms.join(BEN, RoomId(1), NOW), Some(Err(JoinError::Full)));
        assert_eq!(members(rooms.join(ADA, RoomId(1), NOW)), ["Ada"]);
        rooms.remove_user(ADA);
        assert_eq!(members(rooms.join(BEN, RoomId(1), NOW)), ["Ben"]);
    }

    #[test]
    fn ban_applies_to_one_name_in_one_room_until_it_ends() {
        let mut rooms = rooms(9);
        rooms.join(BEN, RoomId(1), NOW);
        let banned = Some(Err(JoinError::Banned { until: NOW + 60 }));
        assert_eq!(rooms.join(BEN, RoomId(2), NOW + 59), banned);
        assert_eq!(rooms.post(BEN, RoomId(1)).unwrap().seq, 1, "Ben is still in room 1");
        assert_eq!(members(rooms.join(ADA, RoomId(2), NOW)), ["Ada"]);
        assert_eq!(members(rooms.join(BEN, RoomId(2), NOW + 60)), ["Ada", "Ben"]);
    }

    #[test]
    fn member_that_joins_another_room_leaves_the_first() {
        let mut rooms = rooms(9);
        rooms.join(ADA, RoomId(1), NOW);
        rooms.join(BEN, RoomId(1), NOW);
        let change = rooms.join(ADA, RoomId(3), NOW).unwrap().unwrap();
        let departure = Departure { name: "Ada".into(), room: RoomId(1), remaining: vec![BEN] };
        assert_eq!(change, RoomChange { members: vec!["Ada".into()], departure: Some(departure) });
        assert_eq!(rooms.post(ADA, RoomId(1)), None);
    }

    #[test]
    fn post_is_numbered_per_room_and_sent_to_other_members() {
        let mut rooms = rooms(9);
        assert_eq!(rooms.post(ADA, RoomId(1)), None, "Ada is not a member");
        rooms.join(ADA, RoomId(1), NOW);
        rooms.join(BEN, RoomId(1), NOW);
        let post = |seq, from: &str, to| Post { seq, from: from.into(), recipients: vec![to] };
        assert_eq!(rooms.post(ADA, RoomId(1)), Some(post(1, "Ada", BEN)));
        assert_eq!(rooms.post(BEN, RoomId(1)), Some(post(2, "Ben", ADA)));
    }

    #[test]
    fn room_without_members_is_removed() {
        let mut rooms = rooms(9);
        rooms.join(ADA, RoomId(1), NOW);
        let departure = Departure { name: "Ada".into(), room: RoomId(1), remaining: vec![] };
        assert_eq!(rooms.remove_user(ADA), Some(departure));
        assert_eq!(rooms.remove_user(BEN), None, "Ben was in no room");
        assert!(rooms.rooms.is_empty() && rooms.users.is_empty());
        assert_eq!(rooms.join(ADA, RoomId(1), NOW), None, "Ada is no longer a user");
    }

    #[test]
    fn name_of_invalid_length_is_refused() {
        let mut rooms = rooms(9);
        for name in [String::new(), "x".repeat(33)] {
            assert!(rooms.add_user(ClientId::new(3), name).is_err());
        }
        assert!(rooms.add_user(ClientId::new(3), "é".repeat(32)).is_ok());
    }

    #[test]
    fn ban_text_is_room_and_name() {
        let ban = Ban { room: RoomId(7), name: "Eve: 2".into() };
        assert_eq!("7:Eve: 2".parse(), Ok(ban));
        assert!("Eve".parse::<Ban>().is_err());
        assert!("lobby:Eve".parse::<Ban>().is_err());
    }
}
