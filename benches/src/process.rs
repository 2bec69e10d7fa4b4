use std::{
    env,
    fmt::Display,
    io::{self, BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
};

use clap::ValueEnum;

use crate::Result;

/// A child process that runs this program in another role. Both processes exchange lines through
/// the standard streams of the child.
///
/// The child is killed when this value is dropped.
pub(crate) struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    /// Starts the process on one core, so that the scheduler does not move it during a measurement.
    /// Processes with different numbers run on different cores, if there are enough.
    pub(crate) fn start_on_core(core: usize, role: &str, arguments: &[String]) -> Result<Self> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self::spawn(
            Command::new("taskset")
                .args(["-c", &(core % cores).to_string()])
                .arg(env::current_exe()?)
                .arg(role)
                .args(arguments),
        )
    }

    /// Starts the process with the largest permitted number of file descriptors.
    pub(crate) fn start_with_max_descriptors(role: &str, arguments: &[String]) -> Result<Self> {
        Self::spawn(
            Command::new("sh")
                .args(["-c", r#"ulimit -S -n "$(ulimit -H -n)"; exec "$0" "$@""#])
                .arg(env::current_exe()?)
                .arg(role)
                .args(arguments),
        )
    }

    fn spawn(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot run {:?}: {error}", command.get_program()))?;
        let input = child.stdin.take().ok_or("the child process has no standard input")?;
        let output = child.stdout.take().ok_or("the child process has no standard output")?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Reads the next line that the child prints.
    pub(crate) fn read_line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err("a child process ended before the measurement was complete".into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// Reads the next line, which must be `expected`.
    pub(crate) fn expect_line(&mut self, expected: &str) -> Result<()> {
        let line = self.read_line()?;
        if line == expected {
            Ok(())
        } else {
            Err(format!("a child process printed `{line}` instead of `{expected}`").into())
        }
    }

    /// Sends a line to the standard input of the child.
    pub(crate) fn write_line(&mut self, line: impl Display) -> Result<()> {
        Ok(writeln!(self.input, "{line}")?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails if the child has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Prints a line to the parent process.
pub(crate) fn print_line(line: impl Display) -> Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}

/// Returns the lines that the parent process sends. The iterator ends when the parent process ends.
pub(crate) fn input_lines() -> impl Iterator<Item = io::Result<String>> {
    io::stdin().lines()
}

/// Returns the name of an enum value on the command line.
pub(crate) fn value_name(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
