use std::{
    io,
    sync::{Arc, Mutex},
};

use tracing_subscriber::fmt::MakeWriter;

/// The log records of this process, from `tracing` and from the crate `log`.
#[derive(Clone, Default)]
pub(crate) struct Logs {
    lines: Arc<Mutex<Vec<u8>>>,
    records: Arc<Mutex<Vec<(String, log::Level, String)>>>,
}

impl Logs {
    /// Starts to record at TRACE.
    pub(crate) fn start() -> Self {
        let logs = Self::default();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(logs.clone())
            .init();
        log::set_boxed_logger(Box::new(logs.clone())).expect("no other logger");
        log::set_max_level(log::LevelFilter::Trace);
        logs
    }

    /// Returns the records from `tracing`.
    pub(crate) fn tracing_lines(&self) -> String {
        String::from_utf8(self.lines.lock().unwrap().clone()).expect("a log in UTF-8")
    }

    /// Returns the records from `log`, each with its target and level.
    pub(crate) fn log_records(&self) -> Vec<(String, log::Level, String)> {
        self.records.lock().unwrap().clone()
    }
}

impl log::Log for Logs {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let record = (record.target().to_owned(), record.level(), record.args().to_string());
        self.records.lock().unwrap().push(record);
    }

    fn flush(&self) {}
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lines.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
