//! The wall clock, by which tokens expire. Nothing else reads it, and what decides by it is told the time.

use std::time::SystemTime;

/// The present, as far as this machine knows it.
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}
