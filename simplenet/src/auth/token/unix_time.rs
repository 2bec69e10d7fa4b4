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

    /// Creates a time, rounded up to whole seconds.
    #[cfg(feature = "auth")]
    pub(crate) fn rounded_up(time: SystemTime) -> Self {
        let down = Self::from(time);
        if SystemTime::from(down) < time { Self::from_seconds(down.0 + 1) } else { down }
    }

    /// Returns the time `duration` after `time`, at most the end of the year 9999.
    #[cfg(feature = "auth")]
    pub(crate) fn saturating_add(time: SystemTime, duration: Duration) -> SystemTime {
        let end = SystemTime::from(Self(Self::MAX_SECONDS));
        time.checked_add(duration).map_or(end, |sum| sum.min(end))
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
