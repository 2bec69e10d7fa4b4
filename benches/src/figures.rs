use std::{
    fmt::{self, Display, Formatter},
    num::ParseIntError,
    str::FromStr,
    time::Duration,
};

/// The results of one run of a workload.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figures {
    /// The CPU time per operation in seconds, of client and server together.
    pub(crate) cpu: f64,
    /// The operations per second.
    pub(crate) rate: f64,
    /// The times of the operations, if the workload measures them.
    pub(crate) times: Times,
}

/// The distribution of the times of single operations. It is zero if they are not measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) median: Duration,
    pub(crate) percentile_99: Duration,
}

impl Times {
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let percentile =
            |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
        Self { median: percentile(50), percentile_99: percentile(99) }
    }
}

/// Writes the nanoseconds. The client process prints them to its parent process.
impl Display for Times {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.median.as_nanos(), self.percentile_99.as_nanos())
    }
}

impl FromStr for Times {
    type Err = ParseIntError;

    fn from_str(line: &str) -> Result<Self, ParseIntError> {
        let (median, percentile_99) = line.split_once(' ').unwrap_or((line, ""));
        Ok(Self {
            median: Duration::from_nanos(median.parse()?),
            percentile_99: Duration::from_nanos(percentile_99.parse()?),
        })
    }
}

pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_percentiles() {
        let times = Times::new((1..=200).rev().map(Duration::from_micros).collect());
        assert_eq!(times.median, Duration::from_micros(101));
        assert_eq!(times.percentile_99, Duration::from_micros(199));
        assert_eq!(Times::new(Vec::new()), Times::default());
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        let times = Times::new(vec![Duration::from_nanos(1), Duration::from_nanos(2)]);
        assert_eq!(times.to_string().parse(), Ok(times));
        assert!("1".parse::<Times>().is_err());
    }

    #[test]
    fn median_ignores_outliers() {
        assert_eq!(median([1.0, 900.0, 3.0].into_iter()), 3.0);
        assert!(median([].into_iter()).is_nan());
    }
}
