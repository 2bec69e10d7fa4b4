//! Times and durations in the syntax of the command line.

use std::{
    str::FromStr,
    time::{Duration, SystemTime},
};

use jiff::{SignedDuration, Timestamp};

/// A time: `2026-11-23T12:00:00Z`, or seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeArg(pub(crate) SystemTime);

/// A duration: `90s`, `15m`, `1h 30m` or `7d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DurationArg(pub(crate) Duration);

impl FromStr for TimeArg {
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
                "expected a time such as 2026-11-23T12:00:00Z, or seconds since 1970".to_owned()
            })
    }
}

impl FromStr for DurationArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected a duration such as 90s, 15m, 1h 30m or 7d".to_owned();
        // `jiff` needs a time zone for days. Here a day has 24 hours.
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

/// Formats a time in the syntax of [`TimeArg`], to the second.
pub(crate) fn format_time(time: SystemTime) -> String {
    match Timestamp::try_from(time) {
        Ok(timestamp) => timestamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Err(_) => "out of range".to_owned(),
    }
}

/// Formats the difference between a time and now, as in `in 15m` or `2h ago`.
pub(crate) fn format_relative(time: SystemTime, now: SystemTime) -> String {
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
    fn time_is_parsed_in_both_formats() {
        let time: TimeArg = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(format_time(time.0), "2026-11-23T12:00:00Z");
        assert_eq!("1795435200".parse(), Ok(time));
        assert_eq!("2026-11-23T13:00:00+01:00".parse(), Ok(time));
        for invalid in ["", "tomorrow", "-1", "2026-11-23", "99999999999999"] {
            assert!(invalid.parse::<TimeArg>().is_err(), "{invalid}");
        }
    }

    #[test]
    fn duration_is_parsed_with_its_units() {
        let seconds = |text: &str| text.parse::<DurationArg>().map(|duration| duration.0.as_secs());
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("15m"), Ok(900));
        assert_eq!(seconds("1h 30m"), Ok(5400));
        assert_eq!(seconds("7d"), Ok(7 * 86_400));
        for invalid in ["", "10", "0s", "-5m", "soon", "99999999999999999999d"] {
            assert!(invalid.parse::<DurationArg>().is_err(), "{invalid}");
        }
    }
}
