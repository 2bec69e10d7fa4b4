use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, also after a panic elsewhere: no state of this crate is left half-changed by one, because user code never
/// runs under a lock.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
