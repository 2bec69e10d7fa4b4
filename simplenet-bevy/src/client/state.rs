use std::{
    convert::Infallible,
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    mem,
};

use bevy_state::state::{FreelyMutableState, States};

/// The state of a client, for `in_state`, `OnEnter` and `OnExit`.
///
/// A state changes at most once per update. A client that loses its session and gets a new one in
/// the same update stays `Connected`. Observers and messages report each change.
#[derive(Default)]
pub enum ClientNetState<C, M = ()> {
    /// There is no client.
    #[default]
    NoClient,
    /// There is no session. The client tries to connect.
    Connecting,
    /// There is a session, and the client can send.
    Connected,
    /// The client does not connect any more.
    Dead,
    #[doc(hidden)]
    _Marker(Infallible, PhantomData<fn() -> (C, M)>),
}

impl<C, M> Clone for ClientNetState<C, M> {
    fn clone(&self) -> Self {
        match self {
            Self::NoClient | Self::_Marker(..) => Self::NoClient,
            Self::Connecting => Self::Connecting,
            Self::Connected => Self::Connected,
            Self::Dead => Self::Dead,
        }
    }
}

impl<C, M> PartialEq for ClientNetState<C, M> {
    fn eq(&self, other: &Self) -> bool {
        mem::discriminant(self) == mem::discriminant(other)
    }
}

impl<C, M> Eq for ClientNetState<C, M> {}

impl<C, M> Hash for ClientNetState<C, M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        mem::discriminant(self).hash(state);
    }
}

impl<C, M> fmt::Debug for ClientNetState<C, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoClient | Self::_Marker(..) => "NoClient",
            Self::Connecting => "Connecting",
            Self::Connected => "Connected",
            Self::Dead => "Dead",
        })
    }
}

impl<C: 'static, M: 'static> States for ClientNetState<C, M> {}
impl<C: 'static, M: 'static> FreelyMutableState for ClientNetState<C, M> {}
