use std::{
    env,
    fmt::Display,
    io::{self, BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use clap::ValueEnum;

use crate::Result;

/// A child process of this program, as one side of a measurement. It is killed when this value is dropped.
pub(crate) struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    pub(crate) fn start(role: &str, arguments: &[String]) -> Result<Self> {
        Self::spawn(Command::new(env::current_exe()?).arg(role).args(arguments))
    }

    /// Starts the process with the largest allowed limit of file descriptors.
    pub(crate) fn start_large(role: &str, arguments: &[String]) -> Result<Self> {
        Self::spawn(
            Command::new("sh")
                .args(["-c", r#"ulimit -S -n "$(ulimit -H -n)"; exec "$0" "$@""#])
                .arg(env::current_exe()?)
                .arg(role)
                .args(arguments),
        )
    }

    fn spawn(command: &mut Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = child.stdin.take().ok_or("the process has no input")?;
        let output = child.stdout.take().ok_or("the process has no output")?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Reads the next line of its output.
    pub(crate) fn hear(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err("a process of the measurement ended early".into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// Reads a line, which must be `expected`.
    pub(crate) fn expect(&mut self, word: &str) -> Result<()> {
        let heard = self.hear()?;
        if heard == word { Ok(()) } else { Err(format!("a process said `{heard}`").into()) }
    }

    pub(crate) fn tell(&mut self, line: impl Display) -> Result<()> {
        Ok(writeln!(self.input, "{line}")?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails if the process has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Prints a line to the parent process.
pub(crate) fn say(line: impl Display) -> Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}

/// Returns the lines of the parent process, which end with that process.
pub(crate) fn told() -> impl Iterator<Item = io::Result<String>> {
    io::stdin().lines()
}

/// Returns the name on the command line.
pub(crate) fn value_name(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
