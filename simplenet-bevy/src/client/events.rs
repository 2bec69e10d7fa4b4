use std::{fmt, marker::PhantomData, time::Duration};

use bevy_ecs::{
    event::{Event, GlobalTrigger},
    message::Message,
};
use simplenet::{ClientEvent, CloseReason, DeathReason, NotConnected};

use super::ClientChannel;

/// An event of a client, as a message for Bevy systems.
///
/// All events of a client are messages of this type, in the order of
/// [`ClientEvent`](simplenet::ClientEvent).
pub struct ClientReceived<C: ClientChannel, M = ()> {
    /// The number of the event, counted from 1. A [`FromServer`] of the same event has the same
    /// number.
    pub sequence: u64,
    /// The event.
    pub event: ClientEvent<C>,
    marker: PhantomData<fn() -> M>,
}

impl<C: ClientChannel, M> ClientReceived<C, M> {
    pub(super) fn new(sequence: u64, event: ClientEvent<C>) -> Self {
        Self { sequence, event, marker: PhantomData }
    }
}

impl<C: ClientChannel, M: Send + Sync + 'static> Message for ClientReceived<C, M> {}

impl<C: ClientChannel, M> fmt::Debug for ClientReceived<C, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClientReceived").field(&self.sequence).field(&self.event).finish()
    }
}

/// A message of one type of the channel, see
/// [`SimplenetClientPlugin::split`](crate::SimplenetClientPlugin::split).
///
/// Messages of one type keep their order. The order between messages of different types is only in
/// `sequence`.
pub struct FromServer<C, T, M = ()> {
    /// The number of the event among all events of the client, counted from 1.
    pub sequence: u64,
    /// The message.
    pub message: T,
    marker: PhantomData<fn() -> (C, M)>,
}

impl<C, T, M> FromServer<C, T, M> {
    pub(super) fn new(sequence: u64, message: T) -> Self {
        Self { sequence, message, marker: PhantomData }
    }
}

impl<C: 'static, T: Send + Sync + 'static, M: 'static> Message for FromServer<C, T, M> {}

impl<C, T: fmt::Debug, M> fmt::Debug for FromServer<C, T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FromServer").field(&self.sequence).field(&self.message).finish()
    }
}

/// Declares the global event for one kind of `ClientReport`.
macro_rules! report_event {
    ($(#[$docs:meta])* $name:ident { $($(#[$field_docs:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$docs])*
        pub struct $name<C, M = ()> {
            $($(#[$field_docs])* pub $field: $type,)*
            marker: PhantomData<fn() -> (C, M)>,
        }

        impl<C, M> $name<C, M> {
            pub(super) fn new($($field: $type),*) -> Self {
                Self { $($field,)* marker: PhantomData }
            }
        }

        impl<C: 'static, M: 'static> Event for $name<C, M> {
            type Trigger<'a> = GlobalTrigger;
        }

        impl<C, M> fmt::Debug for $name<C, M> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($field), &self.$field))*
                    .finish()
            }
        }
    };
}

report_event! {
    /// A client has a session and can send. For observers.
    ClientConnected {}
}

report_event! {
    /// The session of a client ended for a temporary reason. For observers.
    ClientDisconnected {
        /// The reason.
        reason: CloseReason,
    }
}

report_event! {
    /// The server ended the session of a client. For observers.
    ClientClosedByServer {
        /// The reason.
        reason: CloseReason,
    }
}

report_event! {
    /// The session ended, or an attempt to connect failed, and the client waits for the next
    /// attempt. For observers.
    ClientRetrying {
        /// The reason why the client is not connected.
        reason: NotConnected,
        /// The number of the next attempt, counted from 1 since the last session.
        attempt: u32,
        /// The wait before the next attempt.
        delay: Duration,
    }
}

report_event! {
    /// A client does not connect any more. For observers.
    ClientDead {
        /// The reason.
        reason: DeathReason,
    }
}
