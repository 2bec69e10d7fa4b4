//! The log of the current thread, for tests of what is logged.

use std::{
    io,
    sync::{Arc, Mutex},
};

use tracing::subscriber::{self, DefaultGuard};
use tracing_subscriber::fmt::MakeWriter;

/// The log lines of simplenet on the current thread, from `capture` until the value is dropped.
pub(crate) struct LogLines {
    lines: Lines,
    _guard: DefaultGuard,
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl LogLines {
    /// Starts to capture.
    pub(crate) fn capture() -> Self {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .without_time()
            .with_writer(lines.clone())
            .finish();
        Self { lines, _guard: subscriber::set_default(subscriber) }
    }

    /// Returns the lines of this level, such as `WARN`.
    pub(crate) fn at(&self, level: &str) -> Vec<String> {
        let lines = self.lines.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let text = String::from_utf8_lossy(&lines);
        let of_level = text.lines().filter(|line| line.trim_start().starts_with(level));
        of_level.map(str::to_owned).collect()
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
