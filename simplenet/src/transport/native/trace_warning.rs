use std::sync::Once;

/// Warns once per process if a logger enables the TRACE records of tungstenite, which contain whole
/// frames.
///
/// tungstenite logs through the crate `log`. This crate cannot disable the TRACE records without
/// changing the settings of the whole program.
pub(super) fn warn_of_frames_in_logs() {
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
