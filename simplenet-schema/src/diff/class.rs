use std::fmt;

/// The result of reading a value of one schema by the type of another, in increasing severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The same value. Its bytes are the same.
    Same,
    /// The same value from the same bytes, as long as it fits into the reader's type.
    SameWithin,
    /// The value with a default for the part that only the reader's schema has.
    Default,
    /// A value with less information.
    Lossy,
    /// A value or an error, depending on the value.
    MayFail,
    /// No value.
    Impossible,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Same => "same",
            Self::SameWithin => "same within",
            Self::Default => "default",
            Self::Lossy => "lossy",
            Self::MayFail => "may fail",
            Self::Impossible => "impossible",
        })
    }
}

/// The classes of a change, one per direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Classes {
    /// The old value, read by the new type.
    pub(super) up: Class,
    /// The new value, read by the old type.
    pub(super) down: Class,
}

impl Classes {
    /// Only names differ.
    pub(super) const SAME: Self = Self { up: Class::Same, down: Class::Same };
    /// The new type has all values of the old one, with the same bytes, and more.
    pub(super) const WIDENED: Self = Self { up: Class::Same, down: Class::SameWithin };
    /// The new type lacks values of the old one. The others have the same bytes.
    pub(super) const NARROWED: Self = Self { up: Class::SameWithin, down: Class::Same };
    /// Only the new schema has the variant. Everything else has the same bytes.
    pub(super) const ADDED: Self = Self { up: Class::Same, down: Class::Impossible };
    /// Only the old schema has the variant. Everything else has the same bytes.
    pub(super) const REMOVED: Self = Self { up: Class::Impossible, down: Class::Same };
    /// The bytes or their meaning differ.
    pub(super) const IMPOSSIBLE: Self = Self { up: Class::Impossible, down: Class::Impossible };

    /// Returns the classes of a value with two parts.
    pub(super) fn and(self, other: Self) -> Self {
        Self { up: self.up.max(other.up), down: self.down.max(other.down) }
    }
}
