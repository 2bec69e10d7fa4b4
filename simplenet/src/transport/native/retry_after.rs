use std::time::{Duration, SystemTime};

/// The longest wait that a server can request, so that a mistake in a header does not stop a client
/// for days.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// Parses a value of `Retry-After`: a number of seconds, or a date (RFC 9110, 10.2.3). `now` is the
/// time of the response by the clock of its sender.
pub(super) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        value.parse().map_or(LONGEST, Duration::from_secs)
    } else {
        httpdate::parse_http_date(value).ok()?.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_parsed_and_bounded() {
        let now = httpdate::parse_http_date("Sat, 28 Nov 2026 12:00:00 GMT").expect("a date");
        let hour = Some(3600);
        for (value, expected) in [
            ("0", Some(0)),
            ("3", Some(3)),
            (" 3 ", Some(3)),
            ("3599", Some(3599)),
            ("3601", hour),
            ("99999999999999999999999999", hour),
            ("Sat, 28 Nov 2026 12:00:20 GMT", Some(20)),
            ("Saturday, 28-Nov-26 12:00:20 GMT", Some(20)),
            ("Sat Nov 28 12:00:20 2026", Some(20)),
            ("Sat, 28 Nov 2026 11:00:00 GMT", Some(0)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", hour),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("Sat, 28 Nov 2026", None),
        ] {
            let seconds = retry_after(value, now).map(|wait| wait.as_secs());
            println!("Retry-After: {value:?} -> {seconds:?} s");
            assert_eq!(seconds, expected, "{value:?}");
        }
    }
}
