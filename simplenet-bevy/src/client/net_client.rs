use std::{
    fmt,
    ops::Deref,
    sync::atomic::{AtomicU64, Ordering},
};

use bevy_ecs::resource::Resource;
use simplenet::{ChannelPack, Client, ClientEvent, ClientHandle, ClientReport};

use super::ClientNetState;

/// A client whose events [`SimplenetClientPlugin`](crate::SimplenetClientPlugin) receives.
///
/// It dereferences to a [`ClientHandle`], which sends. Removing the resource closes the client.
#[derive(Resource)]
pub struct NetClient<C: ChannelPack, M: Send + Sync + 'static = ()> {
    client: Client<C>,
    /// Distinguishes this client from earlier clients, whose requests have the same ids.
    instance: u64,
    received: u64,
    state: ClientNetState<C, M>,
}

impl<C: ChannelPack, M: Send + Sync + 'static> NetClient<C, M> {
    /// Creates the resource from a client.
    pub fn new(client: Client<C>) -> Self {
        static INSTANCES: AtomicU64 = AtomicU64::new(0);
        Self {
            client,
            instance: INSTANCES.fetch_add(1, Ordering::Relaxed),
            received: 0,
            state: ClientNetState::Connecting,
        }
    }

    /// Returns a handle, for tasks outside of Bevy. It does not keep the client alive.
    pub fn handle(&self) -> ClientHandle<C> {
        self.client.handle()
    }

    pub(super) fn instance(&self) -> u64 {
        self.instance
    }

    /// Returns the state that results from the events received so far.
    pub(super) fn state(&self) -> ClientNetState<C, M> {
        self.state.clone()
    }

    /// Returns the next event and its number.
    pub(super) fn receive(&mut self) -> Option<(u64, ClientEvent<C>)> {
        let event = self.client.next()?;
        self.received += 1;
        if let ClientEvent::Report(report) = &event {
            self.state = match report {
                ClientReport::Connected => ClientNetState::Connected,
                ClientReport::IsDead(_) => ClientNetState::Dead,
                _ => ClientNetState::Connecting,
            };
        }
        Some((self.received, event))
    }
}

impl<C: ChannelPack, M: Send + Sync + 'static> Deref for NetClient<C, M> {
    type Target = ClientHandle<C>;

    fn deref(&self) -> &ClientHandle<C> {
        &self.client
    }
}

impl<C: ChannelPack, M: Send + Sync + 'static> fmt::Debug for NetClient<C, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NetClient").field(&self.client).finish()
    }
}
