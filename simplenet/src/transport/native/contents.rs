use std::sync::Once;

/// Warns, once in a process, of a logger that takes the records in which tungstenite prints whole frames.
///
/// They go by the crate `log`, at its level TRACE, and cannot be switched off from here: its own ways to do so are those
/// of the program, and would reach every other crate too.
pub(super) fn warn_of_contents_in_logs() {
    static WARNED: Once = Once::new();
    if log::log_enabled!(target: "tungstenite::protocol", log::Level::Trace) {
        WARNED.call_once(|| {
            tracing::warn!(
                "the logger takes TRACE records of `tungstenite`, which have the contents of messages, secrets among \
                 them: have it take no more than DEBUG of that target"
            );
        });
    }
}
