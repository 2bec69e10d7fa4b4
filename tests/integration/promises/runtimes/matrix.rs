//! Every operation in all surroundings, each in a process of its own: it works, or ends with an
//! error that contains a way out.

use std::{
    collections::BTreeMap,
    fmt::Write,
    process::{Command, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use simplenet_tests::harness::DEADLINE;

/// The operations and their expected outcomes, see [`Expected`].
const MATRIX: &str = "
               | none | multi-thread | current-thread | other-executor | entered | without-io | without-timers | ended | ending | stopped
bind              | works | works | works | works | works   | no IO   | no timers | shut down | works | works
bind_memory       | works | works | works | works | works   | works   | no timers | shut down | works | works
bind_axum         | works | works | works | works | works   | works   | no timers | shut down | works | works
server next       | works | works | works | works | works   | no IO   | no timers | shut down | works | works
server recv       | works | works | works | works | warns   | no IO   | no timers | shut down | works | warns
server send       | works | works | works | works | fails   | no IO   | no timers | shut down | ends  | works
shutdown          | works | works | works | works | works   | no IO   | no timers | shut down | works | works
shutdown_blocking | works | works | works | works | works   | no IO   | no timers | shut down | works | works
Serving           | works | works | works | works | works   | no IO   | no timers | shut down | works | works
drop server       | works | works | works | works | works   | no IO   | no timers | shut down | works | works
Authenticator     | works | works | works | works | warns   | no IO   | no timers | shut down | works | works
connect           | works | works | works | works | works   | no IO   | no timers | shut down | ends  | works
next              | works | works | works | works | works   | no IO   | no timers | shut down | ends  | works
recv              | works | works | works | works | warns   | no IO   | no timers | shut down | works | warns
send              | works | works | works | works | fails   | fails   | fails     | fails     | ends  | works
request           | works | works | works | works | fails   | fails   | fails     | fails     | ends  | works
call              | works | works | works | works | fails   | no IO   | no timers | fails     | ends  | fails
ready             | works | works | works | works | warns   | no IO   | no timers | shut down | ends  | works
close, dead       | works | works | works | works | warns   | no IO   | no timers | shut down | ends  | warns
close_blocking    | works | works | stalled | works | stalled | no IO | no timers | shut down | ends  | stalled
drop client       | works | works | works | works | works   | no IO   | no timers | shut down | ends  | works
AuthProvider      | works | works | works | works | warns   | no IO   | no timers | shut down | ends  | works
";

/// The expected outcome of one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// It succeeds.
    Works,
    /// It succeeds or fails, depending on the progress of the runtime's shutdown.
    Ends,
    /// It fails for a reason that the application can find out from the state.
    Fails,
    /// It fails with an error that contains this text.
    FailsWith(&'static str),
    /// It waits, and a warning says that nothing runs the runtime.
    Warns,
}

impl Expected {
    fn parse(word: &str) -> Self {
        match word {
            "works" => Self::Works,
            "ends" => Self::Ends,
            "fails" => Self::Fails,
            "no IO" => Self::FailsWith("has no IO driver: call `enable_all()` on its builder"),
            "no timers" => Self::FailsWith("has no timers: call `enable_all()` on its builder"),
            "shut down" => Self::FailsWith("has shut down"),
            "stalled" => Self::FailsWith("nothing runs the tokio runtime of the client"),
            "warns" => Self::Warns,
            other => panic!("{other}"),
        }
    }

    fn matches(self, observed: &Observed) -> bool {
        let result = observed.output.trim_end();
        match self {
            Self::Works => result.starts_with("works: "),
            Self::Ends => result.starts_with("works: ") || result.starts_with("fails: "),
            Self::Fails => result.starts_with("fails: "),
            Self::FailsWith(text) => result.starts_with("fails: ") && result.contains(text),
            Self::Warns => {
                result == "waits"
                    && observed.log.contains("WARN")
                    && observed.log.contains("nothing has run the tokio runtime of this")
            }
        }
    }

    /// Returns the number of panics that the program prints. A missing driver causes one, which is
    /// caught: only a panic of tokio shows that the driver is missing.
    fn panics(self, surroundings: &str) -> usize {
        usize::from(surroundings.starts_with("without-") && self != Self::Works)
    }
}

/// The observed behaviour of a process.
struct Observed {
    output: String,
    log: String,
    succeeded: bool,
}

/// Runs one operation in its own process, which must end by itself.
fn observe(surroundings: &str, operation: &str) -> Observed {
    let mut child = Command::new(env!("CARGO_BIN_EXE_surroundings"))
        .args([surroundings, operation])
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > DEADLINE {
            child.kill().unwrap();
        }
        thread::park_timeout(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Observed {
        output: text(&output.stdout),
        log: text(&output.stderr),
        succeeded: output.status.success(),
    }
}

#[test]
fn every_operation_works_or_ends_with_a_way_out() {
    let mut lines = MATRIX.trim_start_matches('\n').lines();
    let surroundings: Vec<&str> = lines.next().unwrap().split('|').skip(1).map(str::trim).collect();
    let mut cells = Vec::new();
    for line in lines.filter(|line| cfg!(feature = "axum") || !line.starts_with("bind_axum")) {
        let words: Vec<&str> = line.split('|').map(str::trim).collect();
        assert_eq!(words.len(), surroundings.len() + 1, "{line}");
        for (surroundings, word) in surroundings.iter().zip(&words[1..]) {
            cells.push((*surroundings, words[0], Expected::parse(word)));
        }
    }
    let queue = Mutex::new(cells.clone());
    let observed = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some((surroundings, operation, _)) = { queue.lock().unwrap().pop() } {
                    let result = observe(surroundings, operation);
                    observed.lock().unwrap().insert((surroundings, operation), result);
                }
            });
        }
    });
    let observed = observed.into_inner().unwrap();
    print_matrix(&surroundings, &cells, &observed);
    let mut faults = String::new();
    for (surroundings, operation, expected) in &cells {
        let observed = &observed[&(*surroundings, *operation)];
        let panics = observed.log.matches("panicked at").count();
        if !observed.succeeded
            || !expected.matches(observed)
            || panics != expected.panics(surroundings)
        {
            let Observed { output, log, .. } = observed;
            writeln!(faults, "{surroundings}, {operation}: expected {expected:?}: {output}{log}")
                .unwrap();
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

type Cell<'a> = (&'a str, &'a str, Expected);

/// Prints the outcome of each cell, and then the different outcomes with their texts.
fn print_matrix<'a>(
    surroundings: &[&str],
    cells: &[Cell<'a>],
    observed: &BTreeMap<(&'a str, &'a str), Observed>,
) {
    let outcome = |cell: &Cell<'a>| observed[&(cell.0, cell.1)].output.trim_end().to_owned();
    print!("{:18}", "");
    for surroundings in surroundings {
        print!("{surroundings:15}");
    }
    for row in cells.chunks(surroundings.len()) {
        print!("\n{:18}", row[0].1);
        for cell in row {
            let word = outcome(cell);
            print!("{:15}", word.split(':').next().unwrap_or_default());
        }
    }
    println!("\n");
    for cell in cells {
        println!("{}, {}: {}", cell.1, cell.0, outcome(cell));
    }
}
