use std::time::{Duration, SystemTime};

/// A moment in a token: whole seconds since 1970, up to the end of the year 9999, so that every platform's clock can
/// show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UnixTime(u64);

impl UnixTime {
    const LAST: u64 = 253_402_300_799;

    /// One beyond the last is the last.
    pub(crate) fn from_seconds(seconds: u64) -> Self {
        Self(seconds.min(Self::LAST))
    }

    #[cfg(feature = "auth")]
    pub(super) fn seconds(self) -> u64 {
        self.0
    }

    #[cfg(feature = "auth")]
    pub(crate) fn after(self, duration: Duration) -> Self {
        Self::from_seconds(self.0.saturating_add(duration.as_secs()))
    }

    #[cfg(feature = "auth")]
    pub(crate) fn before(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(duration.as_secs()))
    }

    /// How long it is from `earlier` to this moment; `None` if that is not earlier.
    pub(crate) fn time_since(self, earlier: SystemTime) -> Option<Duration> {
        SystemTime::from(self).duration_since(earlier).ok().filter(|time| !time.is_zero())
    }
}

/// Rounded down; a time before 1970 is its beginning.
impl From<SystemTime> for UnixTime {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self::from_seconds(since.as_secs())
    }
}

impl From<UnixTime> for SystemTime {
    fn from(time: UnixTime) -> Self {
        SystemTime::UNIX_EPOCH + Duration::from_secs(time.0)
    }
}
