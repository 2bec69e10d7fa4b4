//! Times and durations as they are written on a command line.

use std::{
    str::FromStr,
    time::{Duration, SystemTime},
};

use jiff::{SignedDuration, Timestamp};

/// A time, written `2026-11-23T12:00:00Z` or as seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) SystemTime);

/// A duration, written `90s`, `15m`, `1h 30m` or `7d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) Duration);

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let timestamp = match text.parse::<i64>() {
            Ok(seconds) => Timestamp::from_second(seconds).ok(),
            Err(_) => text.parse::<Timestamp>().ok(),
        };
        timestamp
            .filter(|timestamp| *timestamp >= Timestamp::UNIX_EPOCH)
            .map(|timestamp| Self(timestamp.into()))
            .ok_or_else(|| {
                "expected a time like 2026-11-23T12:00:00Z, or seconds since 1970".to_owned()
            })
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected a duration like 90s, 15m, 1h 30m or 7d".to_owned();
        // A day is 24 hours: nobody says in which place it would be longer.
        let whole_days = text.strip_suffix('d').and_then(|days| days.trim().parse::<u64>().ok());
        let duration = match whole_days {
            Some(days) => days.checked_mul(24 * 60 * 60).map(Duration::from_secs),
            None => text
                .parse::<SignedDuration>()
                .ok()
                .and_then(|duration| Duration::try_from(duration).ok()),
        };
        duration.filter(|duration| !duration.is_zero()).map(Self).ok_or_else(expected)
    }
}

/// As [`Moment`] is read, to the second.
pub(crate) fn written(time: SystemTime) -> String {
    match Timestamp::try_from(time) {
        Ok(timestamp) => timestamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Err(_) => "beyond every calendar".to_owned(),
    }
}

/// How long it is from `now` to `time`, or was.
pub(crate) fn distance(time: SystemTime, now: SystemTime) -> String {
    let rounded = |duration: Duration| {
        format!(
            "{:#}",
            SignedDuration::from_secs(duration.as_secs().try_into().unwrap_or(i64::MAX))
        )
    };
    match time.duration_since(now) {
        Ok(ahead) => format!("in {}", rounded(ahead)),
        Err(past) => format!("{} ago", rounded(past.duration())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_both_forms_and_written_in_one() {
        let moment: Moment = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(written(moment.0), "2026-11-23T12:00:00Z");
        assert_eq!("1795435200".parse(), Ok(moment));
        assert_eq!("2026-11-23T13:00:00+01:00".parse(), Ok(moment));
        for nonsense in ["", "tomorrow", "-1", "2026-11-23", "99999999999999"] {
            assert!(nonsense.parse::<Moment>().is_err(), "{nonsense}");
        }
    }

    #[test]
    fn durations_are_read_with_their_units() {
        let seconds = |text: &str| text.parse::<Span>().map(|span| span.0.as_secs());
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("15m"), Ok(900));
        assert_eq!(seconds("1h 30m"), Ok(5400));
        assert_eq!(seconds("7d"), Ok(7 * 86_400));
        for nonsense in ["", "10", "0s", "-5m", "soon", "99999999999999999999d"] {
            assert!(nonsense.parse::<Span>().is_err(), "{nonsense}");
        }
    }
}
