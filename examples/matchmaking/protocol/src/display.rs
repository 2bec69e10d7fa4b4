//! The texts of the types, for players and logs.

use std::{
    error::Error,
    fmt::{self, Display, Formatter},
};

use crate::{FindMatchError, MatchId, Mode, Outcome, Player, Rating, ReportError};

impl Display for Player {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.rating)
    }
}

impl Display for Rating {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Display for MatchId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "match {}", self.0)
    }
}

impl Display for Mode {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Casual => "casual",
            Self::Ranked => "ranked",
        })
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Won => "won",
            Self::Lost => "lost",
        })
    }
}

impl Display for FindMatchError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadySearching => f.write_str("already searching"),
            Self::AlreadyPlaying { id } => write!(f, "{id} is still in progress"),
            Self::RatingTooLow { required } => {
                write!(f, "a rating of {required} is required")
            }
            Self::Stopped => f.write_str("stopped searching"),
            Self::Closing => f.write_str("the server is shutting down"),
        }
    }
}

impl Error for FindMatchError {}

impl Display for ReportError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotYourMatch => "not a match of this player, or already reported",
            Self::Contradiction => "the opponent has reported a different outcome",
        })
    }
}

impl Error for ReportError {}
