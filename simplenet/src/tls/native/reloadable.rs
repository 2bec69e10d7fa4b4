use std::sync::{Arc, Mutex};

use super::{ServerTls, TlsError};
use crate::sync::lock;

/// What a TLS library made of the settings of a server, and makes again while the server runs.
pub(super) struct Reloadable<T> {
    /// `None` for what was given ready-made. Held while they are read, so that reloads come one after the other.
    settings: Mutex<Option<ServerTls>>,
    /// Held for a moment only: connections wait for it.
    current: Mutex<Arc<T>>,
    make: fn(&ServerTls) -> Result<T, TlsError>,
}

impl<T> Reloadable<T> {
    pub(super) fn new(
        settings: ServerTls,
        make: fn(&ServerTls) -> Result<T, TlsError>,
    ) -> Result<Self, TlsError> {
        let current = Mutex::new(Arc::new(make(&settings)?));
        Ok(Self { settings: Mutex::new(Some(settings)), current, make })
    }

    pub(super) fn ready(current: Arc<T>, make: fn(&ServerTls) -> Result<T, TlsError>) -> Self {
        Self { settings: Mutex::new(None), current: Mutex::new(current), make }
    }

    /// What new connections use.
    pub(super) fn current(&self) -> Arc<T> {
        lock(&self.current).clone()
    }

    pub(super) fn reload(&self) -> Result<(), TlsError> {
        if let Some(settings) = &*lock(&self.settings) {
            self.set((self.make)(settings)?.into());
        }
        Ok(())
    }

    pub(super) fn replace(&self, settings: ServerTls) -> Result<(), TlsError> {
        let mut present = lock(&self.settings);
        self.set((self.make)(&settings)?.into());
        *present = Some(settings);
        Ok(())
    }

    pub(super) fn replace_ready(&self, current: Arc<T>) {
        let mut present = lock(&self.settings);
        self.set(current);
        *present = None;
    }

    fn set(&self, current: Arc<T>) {
        *lock(&self.current) = current;
    }
}
