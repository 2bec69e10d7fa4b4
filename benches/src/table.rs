use crate::figures::median;

/// A table that compares a figure of several implementations, with one line per workload.
pub(crate) struct Table {
    /// The names of the implementations.
    columns: Vec<String>,
    /// The column to which the ratios relate.
    base: usize,
    decimals: usize,
}

/// The figures of one round, in the order of the columns. A figure is `None` if the implementation
/// does not have the workload.
pub(crate) type Round = Vec<Option<f64>>;

impl Table {
    /// Creates a table whose figures have this number of decimals. The other columns are compared
    /// with the column `base`.
    pub(crate) fn new(columns: Vec<String>, base: usize, decimals: usize) -> Self {
        Self { columns, base, decimals }
    }

    /// Returns the line with the names of the columns.
    pub(crate) fn header(&self) -> String {
        let names = self.columns.iter().map(|name| format!("{name:>FIGURE_WIDTH$}"));
        let ratios = self.ratios().map(|(_, title)| format!("  {title}"));
        format!("{:NAME_WIDTH$}{}", "", names.chain(ratios).collect::<String>())
    }

    /// Returns the line of a workload. The figures are medians over the rounds. The ratios are
    /// medians of the ratios within each round.
    pub(crate) fn line(&self, name: &str, rounds: &[Round]) -> String {
        let figures = (0..self.columns.len()).map(|column| {
            let median = median_over(rounds, |round| round[column]);
            format!("{:>FIGURE_WIDTH$}", display(median, self.decimals))
        });
        let ratios = self.ratios().map(|(column, title)| {
            let ratio = median_over(rounds, |round| Some(round[column]? / round[self.base]?));
            format!("  {:>width$}", display(ratio, 2), width = title.len())
        });
        format!("{name:NAME_WIDTH$}{}", figures.chain(ratios).collect::<String>())
    }

    /// Returns each column with a ratio, and the title of the ratio.
    fn ratios(&self) -> impl Iterator<Item = (usize, String)> {
        let columns = self.columns.iter().enumerate().filter(|&(column, _)| column != self.base);
        columns.map(|(column, name)| (column, format!("{name}/{}", self.columns[self.base])))
    }
}

/// The width of the first column, which contains the names of the workloads.
const NAME_WIDTH: usize = 30;

const FIGURE_WIDTH: usize = 10;

/// Returns the median over the rounds, or `None` if a round has no figure.
fn median_over(rounds: &[Round], figure: impl Fn(&Round) -> Option<f64>) -> Option<f64> {
    let figures: Option<Vec<_>> = rounds.iter().map(figure).collect();
    Some(median(figures?.into_iter()))
}

fn display(figure: Option<f64>, decimals: usize) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.decimals$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: &[&str]) -> Table {
        Table::new(columns.iter().map(|&name| name.to_owned()).collect(), 1, 2)
    }

    #[test]
    fn line_shows_medians_below_their_titles() {
        let table = table(&["simplenet", "bare", "tcp"]);
        let rounds = [
            vec![Some(1.1), Some(0.5), Some(0.1)],
            vec![Some(9.0), Some(9.0), Some(9.0)],
            vec![Some(1.2), Some(1.0), Some(0.2)],
        ];
        assert_eq!(
            [table.header(), table.line("message-to-server", &rounds)],
            [
                "                               simplenet      bare       tcp  simplenet/bare  tcp/bare",
                "message-to-server                   1.20      1.00      0.20            1.20      0.20",
            ],
        );
    }

    #[test]
    fn missing_figure_is_a_dash() {
        let line = table(&["simplenet", "bare", "tonic"])
            .line("broadcast", &[vec![Some(1.0), Some(2.0), None]]);
        assert_eq!(
            line,
            "broadcast                           1.00      2.00         -            0.50           -",
        );
    }

    #[test]
    fn line_with_four_implementations_fits_into_120_columns() {
        let header = table(&["simplenet", "bare", "tcp", "tonic"]).header();
        assert!(header.len() <= 120, "{header}");
    }
}
