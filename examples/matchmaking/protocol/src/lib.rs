//! What the matchmaking server and its clients say to each other.
//!
//! A crate of its own, with the schema inside: this is the pattern for a channel whose two sides live in different
//! repositories. It is published and versioned like any library, `cargo package` takes the schema along, and whoever
//! depends on it cannot have another opinion of a single field: two programs talk if they use the same schema, and are
//! told what differs if they do not. (Where both sides share a workspace, one schema file beside them does.)
//!
//! It turns on neither half of the runtime. A server's package adds
//!
//! ```toml
//! matchmaking-protocol = "0.1"
//! simplenet = { version = "0.1", default-features = false, features = ["server"] }
//! ```
//!
//! and a client's the same with `"client"`. Beside the types it holds what every side would otherwise write for
//! itself: how the answers read.

mod text;

/// The channel: its types, and the names of its servers, clients and service.
#[simplenet::channel(schema = "schema.ron")]
pub mod matchmaking {}

pub use matchmaking::{
    FindMatch, FindMatchError, Lobby, Match, MatchId, MatchReady, Matchmaking, Mode, OpponentLeft,
    Outcome, Player, Rating, ReportError, ReportResult, StopSearching, WatchLobby,
};
