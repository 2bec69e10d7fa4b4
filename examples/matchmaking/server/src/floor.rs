//! The hall as the handlers and the matchmaker share it.

use std::sync::{Arc, Mutex, PoisonError};

use matchmaking_protocol::{FindMatchError, Lobby, Match, Mode};
use simplenet::ClientId;
use tokio::sync::{Notify, oneshot, watch};

use crate::hall::Hall;

/// How a search ends.
pub(crate) type Found = Result<Match, FindMatchError>;

/// The hall, and what there is to wait for.
pub(crate) struct Floor {
    hall: Mutex<Hall>,
    view: watch::Sender<View>,
    searched: Notify,
}

#[derive(Default)]
struct View {
    lobby: Lobby,
    closing: bool,
}

/// A search under way. Whatever ends it, its place in the queue is free then: also that the client goes away, because
/// then the handler that holds the ticket is dropped.
pub(crate) struct Ticket {
    floor: Arc<Floor>,
    search: u64,
    found: oneshot::Receiver<Found>,
}

impl Floor {
    pub(crate) fn new() -> Self {
        Self {
            hall: Mutex::default(),
            view: watch::Sender::new(View::default()),
            searched: Notify::new(),
        }
    }

    /// Does something with the hall, and shows everybody who watches how it looks then.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Hall) -> T) -> T {
        let mut hall = self.hall.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = act(&mut hall);
        let lobby = hall.lobby();
        self.view.send_if_modified(|view| {
            let modified = view.lobby != lobby;
            view.lobby = lobby;
            modified
        });
        outcome
    }

    /// Queues a client; `None` for one that is not in the hall.
    pub(crate) fn search(
        self: &Arc<Self>,
        client: ClientId,
        mode: Mode,
    ) -> Option<Result<Ticket, FindMatchError>> {
        let (answer, found) = oneshot::channel();
        let search = self.with(|hall| hall.search(client, mode, answer))?;
        self.searched.notify_one();
        Some(search.map(|search| Ticket { floor: self.clone(), search, found }))
    }

    /// Waits until somebody has begun to search.
    pub(crate) async fn searched(&self) {
        self.searched.notified().await;
    }

    /// How the lobby looks as soon as it is not what was seen before; `None` when the server goes away.
    pub(crate) async fn watch(&self, seen: Option<Lobby>) -> Option<Lobby> {
        let mut views = self.view.subscribe();
        let view = views.wait_for(|view| view.closing || Some(&view.lobby) != seen.as_ref()).await;
        view.ok().filter(|view| !view.closing).map(|view| view.lobby.clone())
    }

    /// Ends all that waits, now and from now on.
    pub(crate) fn close(&self) {
        self.with(Hall::close);
        self.view.send_modify(|view| view.closing = true);
    }
}

impl Ticket {
    /// Waits for the end of the search.
    pub(crate) async fn found(mut self) -> Found {
        // Nobody drops the other half unused while the hall is there.
        (&mut self.found).await.unwrap_or(Err(FindMatchError::Closing))
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.floor.with(|hall| hall.forget(self.search));
    }
}
