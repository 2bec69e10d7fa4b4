use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex, even a poisoned one.
///
/// A panic cannot leave the state behind a lock half-changed, because user code never runs under a
/// lock.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
