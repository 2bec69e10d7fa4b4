use chat::protocol::chat::Chat;
use simplenet::ChannelPack;

use super::stage::{Deed, Event};
use crate::chat_old::Chat as ChatOld;

/// Something that is to happen in the demo.
pub(super) struct Expectation {
    pub(super) what: &'static str,
    who: &'static str,
    sign: Sign,
}

/// How it is seen.
enum Sign {
    Says(String),
    Ends { success: bool },
}

impl Expectation {
    /// All of them.
    pub(super) fn all() -> Vec<Self> {
        let (refused, refusal) = refusal();
        let says = |what, who, words: &str| Self { what, who, sign: Sign::Says(words.into()) };
        let ends = |what, who, success| Self { what, who, sign: Sign::Ends { success } };
        vec![
            says("Ann enters room 1", "Ann", "enters room 1: Ann"),
            says("Ben finds her there", "Ben", "enters room 1: Ann, Ben"),
            says("the server sees Ben typing", "server", "Ben is typing"),
            says("Ann hears Ben", "Ann", "hears: Ben in room 1: Hello, Ann!"),
            says("Ben hears Ann", "Ben", "hears: Ann in room 1: Hello, Ben!"),
            says("Ben may not enter room 2", "Ben", "not let into room 2: banned for another"),
            says("Ann hears that Ben has left", "Ann", "hears: Ben has left room 1"),
            says(refused, "Cleo", &refusal),
            ends("Ann ends in good order", "Ann", true),
            ends("Ben ends in good order", "Ben", true),
            ends("Cleo ends with an error", "Cleo", false),
        ]
    }

    pub(super) fn is_met(&self, past: &[Event]) -> bool {
        past.iter().filter(|event| event.who == self.who).any(|event| {
            match (&self.sign, &event.deed) {
                (Sign::Says(words), Deed::Said(line)) => line.contains(words),
                (Sign::Ends { success: expected }, Deed::Ended { success }) => expected == success,
                _ => false,
            }
        })
    }
}

/// What Cleo is told. The server compares the schemas, for which it needs hers, and a release build keeps its schema to
/// itself: then the hashes are all that can be said.
fn refusal() -> (&'static str, String) {
    const SCHEMAS: &str =
        "refused: client and server were built from different schemas of channel `chat`";
    if cfg!(debug_assertions) {
        ("Cleo is told which field differs", format!("{SCHEMAS}: RoomId.0: u16 -> u32; "))
    } else {
        let (client, server) = (ChatOld::PROTOCOL.hash(), Chat::PROTOCOL.hash());
        let hashes = format!("{SCHEMAS} (client {client:032x}, server {server:032x})");
        ("Cleo is told that the schemas differ", hashes)
    }
}
