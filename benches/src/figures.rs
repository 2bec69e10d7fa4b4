use std::fmt::{self, Display, Formatter};

/// The results of one run of a workload, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// The CPU time per message, of client and server together.
    pub(crate) cpu: f64,
    /// The median time of a round trip, or zero if round trips overlap.
    pub(crate) round_trip: f64,
}

/// A line of the table. It compares one figure of simplenet with the same figure of the bare
/// implementation.
pub(crate) struct Comparison {
    name: String,
    simplenet: f64,
    bare: f64,
    ratio: f64,
}

impl Comparison {
    /// Compares the figures of several rounds, each given as (simplenet, bare) in seconds. The two
    /// values are medians over all rounds. The ratio is the median of the ratios within each round.
    pub(crate) fn new(name: String, rounds: &[(f64, f64)]) -> Self {
        let median_of =
            |figure: fn(&(f64, f64)) -> f64| median(rounds.iter().map(figure).collect());
        Self {
            name,
            simplenet: median_of(|round| round.0),
            bare: median_of(|round| round.1),
            ratio: median_of(|round| round.0 / round.1),
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { name, simplenet, bare, ratio } = self;
        let (simplenet, bare) = (simplenet * 1e6, bare * 1e6);
        write!(
            f,
            "{name:<25}  simplenet {simplenet:>6.2} us  bare {bare:>6.2} us  ratio {ratio:>5.2}"
        )
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparison_displays_medians_in_columns() {
        let rounds = [(1.1e-6, 0.5e-6), (9.0e-6, 9.0e-6), (1.2e-6, 1.0e-6)];
        assert_eq!(
            Comparison::new("message-to-server".into(), &rounds).to_string(),
            "message-to-server          simplenet   1.20 us  bare   1.00 us  ratio  1.20",
        );
    }
}
