use std::sync::Once;

/// Warns once per process if a logger enables the TRACE records in which tungstenite prints whole frames.
///
/// tungstenite logs by the crate `log`. A library cannot disable the records of another one without
/// changing the settings of the whole program.
pub(super) fn warn_of_contents_in_logs() {
    static WARNED: Once = Once::new();
    if log::log_enabled!(target: "tungstenite::protocol", log::Level::Trace) {
        WARNED.call_once(|| {
            tracing::warn!(
                "the logger enables TRACE records of `tungstenite`, which contain messages and secrets: \
                 limit that target to DEBUG"
            );
        });
    }
}
