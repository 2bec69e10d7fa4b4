//! The channel between the matchmaking server and its clients.
//!
//! The schema is in a crate of its own. Use this pattern if the two sides of a channel live in
//! different repositories. The crate is published and versioned like any other library, and
//! `cargo package` includes the schema. Two programs can communicate if they use the same schema;
//! otherwise the client's connection is refused, with the differences as the reason. If both sides
//! are in one workspace, a schema file that both include is enough.
//!
//! The crate enables neither the client nor the server of the runtime. A server adds
//!
//! ```toml
//! matchmaking-protocol = "0.1"
//! simplenet = { version = "0.1", default-features = false, features = ["server"] }
//! ```
//!
//! and a client the same with `"client"`. The crate also implements [`Display`](std::fmt::Display)
//! for the types, so that both sides show them in the same way.

mod display;

/// The channel: its types, and its server, client and service.
#[simplenet::channel(schema = "schema.ron")]
pub mod matchmaking {}

pub use matchmaking::{
    FindMatch, FindMatchError, Lobby, Match, MatchId, MatchReady, Matchmaking, Mode, OpponentLeft,
    Outcome, Player, Rating, ReportError, ReportResult, StopSearching, WatchLobby,
};
