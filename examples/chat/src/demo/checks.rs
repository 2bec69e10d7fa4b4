use chat::protocol::chat::Chat;
use simplenet::ChannelPack;

use super::{
    chat_old::Chat as ChatOld,
    processes::{Event, EventKind},
};

/// A condition on the events of one process.
pub(super) struct Check {
    pub(super) description: &'static str,
    process: &'static str,
    condition: Condition,
}

enum Condition {
    /// The process prints a line that contains this text.
    Prints(String),
    Exits {
        success: bool,
    },
}

impl Check {
    /// Returns all checks of the demo.
    pub(super) fn all() -> Vec<Self> {
        let prints = |description, process, text: &str| Self {
            description,
            process,
            condition: Condition::Prints(text.into()),
        };
        let exits = |description, process, success| Self {
            description,
            process,
            condition: Condition::Exits { success },
        };
        let (refusal, refusal_text) = refusal();
        vec![
            prints("Ann joins room 1", "Ann", "joined room 1: Ann"),
            prints("Ben joins room 1, where Ann is", "Ben", "joined room 1: Ann, Ben"),
            prints("the server is notified that Ben is typing", "server", "Ben is typing"),
            prints("Ann receives Ben's message", "Ann", "received: Ben in room 1: Hello, Ann!"),
            prints("Ben receives Ann's message", "Ben", "received: Ann in room 1: Hello, Ben!"),
            prints("Ben is banned from room 2", "Ben", "cannot join room 2: banned for another"),
            prints("Ann is notified that Ben has left", "Ann", "received: Ben has left room 1"),
            prints(refusal, "Cleo", &refusal_text),
            exits("Ann exits without an error", "Ann", true),
            exits("Ben exits without an error", "Ben", true),
            exits("Cleo exits with an error", "Cleo", false),
        ]
    }

    pub(super) fn passes(&self, events: &[Event]) -> bool {
        let mut events = events.iter().filter(|event| event.process == self.process);
        events.any(|event| match (&self.condition, &event.kind) {
            (Condition::Prints(text), EventKind::Output(line)) => line.contains(text),
            (Condition::Exits { success: expected }, EventKind::Exit { success }) => {
                expected == success
            }
            _ => false,
        })
    }
}

/// Returns the description and the expected text of Cleo's refusal. The server needs Cleo's schema
/// to name the differences, but a release build sends only its hash.
fn refusal() -> (&'static str, String) {
    const DIFFERENT_SCHEMAS: &str =
        "refused: client and server were built from different schemas of channel `chat`";
    if cfg!(debug_assertions) {
        let text = format!("{DIFFERENT_SCHEMAS}: RoomId.0: u16 -> u32 (client: Join.room, ");
        ("Cleo's refusal names the field that differs", text)
    } else {
        let (client, server) = (ChatOld::PROTOCOL.hash(), Chat::PROTOCOL.hash());
        let text = format!("{DIFFERENT_SCHEMAS} (client {client:032x}, server {server:032x})");
        ("Cleo's refusal contains the hashes of both schemas", text)
    }
}
