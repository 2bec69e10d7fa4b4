use std::time::{Duration, SystemTime};

/// A time in a token: whole seconds since 1970, up to the end of the year 9999, which every
/// platform's `SystemTime` can represent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UnixTime(u64);

impl UnixTime {
    const MAX_SECONDS: u64 = 253_402_300_799;

    /// Creates a time. Times after the year 9999 become the end of that year.
    pub(crate) fn from_seconds(seconds: u64) -> Self {
        Self(seconds.min(Self::MAX_SECONDS))
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

    /// Returns the duration from `earlier` to this time. `None`: this time is not after `earlier`.
    pub(crate) fn time_since(self, earlier: SystemTime) -> Option<Duration> {
        SystemTime::from(self).duration_since(earlier).ok().filter(|time| !time.is_zero())
    }
}

/// Rounds down to whole seconds. A time before 1970 becomes 1970.
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
