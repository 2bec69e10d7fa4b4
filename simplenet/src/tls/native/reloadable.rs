use std::sync::{Arc, Mutex};

use super::{ServerTls, TlsError};
use crate::sync::lock;

/// The configuration of a TLS library, built from a server's settings. It can be rebuilt while the
/// server runs.
pub(super) struct Reloadable<T> {
    /// `None` if the configuration was given ready-made. Locked while files are read, so that
    /// reloads do not overlap.
    settings: Mutex<Option<ServerTls>>,
    /// Never locked while files are read, because new connections wait for this lock.
    current: Mutex<Arc<T>>,
    build: fn(&ServerTls) -> Result<T, TlsError>,
}

impl<T> Reloadable<T> {
    pub(super) fn new(
        settings: ServerTls,
        build: fn(&ServerTls) -> Result<T, TlsError>,
    ) -> Result<Self, TlsError> {
        let current = Mutex::new(Arc::new(build(&settings)?));
        Ok(Self { settings: Mutex::new(Some(settings)), current, build })
    }

    pub(super) fn ready(current: Arc<T>, build: fn(&ServerTls) -> Result<T, TlsError>) -> Self {
        Self { settings: Mutex::new(None), current: Mutex::new(current), build }
    }

    /// Returns the configuration for new connections.
    pub(super) fn current(&self) -> Arc<T> {
        lock(&self.current).clone()
    }

    pub(super) fn reload(&self) -> Result<(), TlsError> {
        if let Some(settings) = &*lock(&self.settings) {
            self.set((self.build)(settings)?.into());
        }
        Ok(())
    }

    pub(super) fn replace(&self, settings: ServerTls) -> Result<(), TlsError> {
        let mut current_settings = lock(&self.settings);
        self.set((self.build)(&settings)?.into());
        *current_settings = Some(settings);
        Ok(())
    }

    pub(super) fn replace_ready(&self, current: Arc<T>) {
        let mut current_settings = lock(&self.settings);
        self.set(current);
        *current_settings = None;
    }

    fn set(&self, current: Arc<T>) {
        *lock(&self.current) = current;
    }
}
