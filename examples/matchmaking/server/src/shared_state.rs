//! The state, shared by the handlers and the pairing task.

use std::sync::{Arc, Mutex, PoisonError};

use matchmaking_protocol::{FindMatchError, Lobby, Mode};
use simplenet::ClientId;
use tokio::sync::{Notify, oneshot, watch};

use crate::state::{SearchResult, State};

/// The state behind a lock, with notifications of its changes.
pub(crate) struct SharedState {
    state: Mutex<State>,
    published: watch::Sender<Published>,
    search_started: Notify,
}

/// The part of the state that handlers wait for.
#[derive(Default)]
struct Published {
    lobby: Lobby,
    closing: bool,
}

/// An open search. Dropping it removes the search, for example when the client disconnects and the
/// runtime drops the handler of the request.
pub(crate) struct PendingSearch {
    shared: Arc<SharedState>,
    id: u64,
    result: oneshot::Receiver<SearchResult>,
}

impl SharedState {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::default(),
            published: watch::Sender::new(Published::default()),
            search_started: Notify::new(),
        }
    }

    /// Runs a closure on the state, and publishes the lobby if it has changed.
    pub(crate) fn update<T>(&self, update: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let result = update(&mut state);
        let lobby = state.lobby();
        self.published.send_if_modified(|published| {
            let modified = published.lobby != lobby;
            published.lobby = lobby;
            modified
        });
        result
    }

    /// Starts a search. Returns `None` if the client is not a player.
    pub(crate) fn start_search(
        self: &Arc<Self>,
        client: ClientId,
        mode: Mode,
    ) -> Option<Result<PendingSearch, FindMatchError>> {
        let (sender, result) = oneshot::channel();
        let started = self.update(|state| state.start_search(client, mode, sender))?;
        self.search_started.notify_one();
        Some(started.map(|id| PendingSearch { shared: self.clone(), id, result }))
    }

    /// Waits until a search has started since the last call.
    pub(crate) async fn search_started(&self) {
        self.search_started.notified().await;
    }

    /// Waits until the lobby differs from `seen`, and returns it. Returns `None` when the server
    /// shuts down.
    pub(crate) async fn changed_lobby(&self, seen: Option<Lobby>) -> Option<Lobby> {
        let mut receiver = self.published.subscribe();
        let changed =
            |published: &Published| published.closing || Some(&published.lobby) != seen.as_ref();
        let published = receiver.wait_for(changed).await.ok()?;
        (!published.closing).then(|| published.lobby.clone())
    }

    /// Ends all open requests, and refuses later ones.
    pub(crate) fn close(&self) {
        self.update(State::close);
        self.published.send_modify(|published| published.closing = true);
    }
}

impl PendingSearch {
    /// Waits for the result of the search.
    pub(crate) async fn result(mut self) -> SearchResult {
        // The state sends a result to every search that it ends, except when it is dropped itself.
        (&mut self.result).await.unwrap_or(Err(FindMatchError::Closing))
    }
}

impl Drop for PendingSearch {
    fn drop(&mut self) {
        self.shared.update(|state| state.remove_search(self.id));
    }
}
