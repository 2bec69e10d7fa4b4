use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use tokio::sync::Notify;

use super::RemoteClient;
use crate::{id::ClientId, server::config::ServerConfig, session::Session, wire::CloseReason};

/// The sessions by client id. An id is in use from the admission of its session until the
/// `Disconnected` of that session is queued.
#[derive(Debug)]
pub(crate) struct Registry {
    state: RwLock<State>,
    released: Notify,
}

/// Ordered by id, so that the order of iteration is deterministic.
#[derive(Debug)]
struct State {
    clients: BTreeMap<ClientId, Arc<RemoteClient>>,
    max_connections: usize,
    retry_after: Option<Duration>,
    closed: Option<CloseReason>,
}

impl Registry {
    pub(crate) fn new(config: &ServerConfig) -> Self {
        let state = State {
            clients: BTreeMap::new(),
            max_connections: config.max_connections,
            retry_after: config.retry_after,
            closed: None,
        };
        Self { state: RwLock::new(state), released: Notify::new() }
    }

    /// Registers a new session under its id.
    ///
    /// # Errors
    ///
    /// The reason for refusing the client.
    pub(crate) fn claim(&self, client: &Arc<RemoteClient>) -> Result<(), CloseReason> {
        let mut state = self.write();
        if let Some(reason) = &state.closed {
            return Err(reason.clone());
        }
        if state.clients.contains_key(&client.id) {
            return Err(CloseReason::DuplicateId);
        }
        if state.clients.len() >= state.max_connections {
            return Err(CloseReason::ServerFull { retry_after: state.retry_after });
        }
        state.clients.insert(client.id, client.clone());
        Ok(())
    }

    /// Ends the session that has the id of `client`, if there is one, and then registers `client`.
    pub(crate) async fn take_over(&self, client: &Arc<RemoteClient>) -> Result<(), CloseReason> {
        loop {
            // Create the future before the attempt. Otherwise, a release during the attempt would
            // not be noticed.
            let released = self.released.notified();
            match self.claim(client) {
                Err(CloseReason::DuplicateId) => {}
                outcome => return outcome,
            }
            if let Some(old) = self.get(client.id) {
                old.link.call(|session| session.core().abort(CloseReason::TakenOver));
            }
            released.await;
        }
    }

    /// Releases the id of a session that has ended.
    pub(crate) fn release(&self, client: &Arc<RemoteClient>) {
        let mut state = self.write();
        if state.clients.get(&client.id).is_some_and(|present| Arc::ptr_eq(present, client)) {
            state.clients.remove(&client.id);
        }
        drop(state);
        self.released.notify_waiters();
    }

    /// Waits until no session is registered.
    pub(crate) async fn wait_until_empty(&self) {
        loop {
            // Create the future before the check. Otherwise, a session that ends between the check
            // and the future would not be noticed.
            let released = self.released.notified();
            if self.read().clients.is_empty() {
                return;
            }
            released.await;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.read().clients.len()
    }

    /// Calls `f` with the session that has the id. `f` must not use the registry.
    pub(crate) fn with<R>(&self, id: ClientId, f: impl FnOnce(&RemoteClient) -> R) -> Option<R> {
        self.read().clients.get(&id).map(|client| f(client))
    }

    fn get(&self, id: ClientId) -> Option<Arc<RemoteClient>> {
        self.read().clients.get(&id).cloned()
    }

    /// Returns the session that has the id, if the application has received its `Connected`.
    pub(crate) fn open_client(&self, id: ClientId) -> Option<Arc<RemoteClient>> {
        self.get(id).filter(|client| client.is_open())
    }

    /// Calls `f` with every session, ordered by id. `f` must not use the registry.
    pub(crate) fn for_each(&self, f: impl FnMut(&Arc<RemoteClient>)) {
        self.read().clients.values().for_each(f);
    }

    /// Refuses all new sessions from now on. A second call changes nothing.
    pub(crate) fn close(&self, reason: CloseReason) {
        self.write().closed.get_or_insert(reason);
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}
