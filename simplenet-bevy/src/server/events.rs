use std::{fmt, marker::PhantomData};

use bevy_ecs::{entity::Entity, message::Message};
use simplenet::{ClientId, Request, RequestToken, ServerReport};

use super::ServerChannel;
use crate::Slot;

/// An event of a server, as a message for Bevy systems.
///
/// All events of a server are messages of this type, in the order of
/// [`ServerEvent`](simplenet::ServerEvent).
pub struct ServerReceived<C: ServerChannel, M = ()> {
    /// The number of the event, counted from 1. A [`FromClient`] or [`Requested`] of the same event
    /// has the same number.
    pub sequence: u64,
    /// The client.
    pub client: ClientId,
    /// The entity of the client, if the plugin spawns entities. With `Disconnected`, the entity
    /// exists until the next run of the plugin. A system that reads the message later must check
    /// that the entity still exists.
    pub entity: Option<Entity>,
    /// The event.
    pub event: ServerNetEvent<C>,
    pub(super) marker: PhantomData<fn() -> M>,
}

/// The content of a [`ServerReceived`].
pub enum ServerNetEvent<C: ServerChannel> {
    /// The session began or ended.
    Report(ServerReport<C::ConnectMsg>),
    /// A one-shot message.
    Msg(C::ClientMsg),
    /// A request. Take it out of the slot to answer it, or clone the slot to keep the request for a
    /// later update. A request that no system takes is rejected after two updates.
    Request(Slot<C::IncomingRequest>),
}

impl<C: ServerChannel, M: 'static> Message for ServerReceived<C, M> {}

impl<C: ServerChannel> fmt::Debug for ServerNetEvent<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report(report) => f.debug_tuple("Report").field(report).finish(),
            Self::Msg(message) => f.debug_tuple("Msg").field(message).finish(),
            Self::Request(slot) => f.debug_tuple("Request").field(slot).finish(),
        }
    }
}

impl<C: ServerChannel, M> fmt::Debug for ServerReceived<C, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerReceived")
            .field("sequence", &self.sequence)
            .field("client", &self.client)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}

/// A message of one type of the channel, see
/// [`SimplenetServerPlugin::split`](crate::SimplenetServerPlugin::split).
///
/// Messages of one type keep their order. The order between messages of different types is only in
/// `sequence`.
pub struct FromClient<C, T, M = ()> {
    /// The number of the event among all events of the server, counted from 1.
    pub sequence: u64,
    /// The client.
    pub client: ClientId,
    /// The entity of the client, if the plugin spawns entities.
    pub entity: Option<Entity>,
    /// The message.
    pub message: T,
    pub(super) marker: PhantomData<fn() -> (C, M)>,
}

impl<C: 'static, T: Send + Sync + 'static, M: 'static> Message for FromClient<C, T, M> {}

impl<C, T: fmt::Debug, M> fmt::Debug for FromClient<C, T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromClient")
            .field("sequence", &self.sequence)
            .field("client", &self.client)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

/// A request of one type of the channel, see
/// [`SimplenetServerPlugin::split_request`](crate::SimplenetServerPlugin::split_request).
pub struct Requested<C: ServerChannel, R: Request<C>, M = ()> {
    /// The number of the event among all events of the server, counted from 1.
    pub sequence: u64,
    /// The client.
    pub client: ClientId,
    /// The entity of the client, if the plugin spawns entities.
    pub entity: Option<Entity>,
    /// The request.
    pub request: R,
    /// The token that answers the request. Take the token to answer, or clone the slot to answer in
    /// a later update. A request whose token no system takes is rejected after two updates.
    pub token: Slot<RequestToken<C, R>>,
    pub(super) marker: PhantomData<fn() -> M>,
}

impl<C, R, M> Message for Requested<C, R, M>
where
    C: ServerChannel,
    R: Request<C> + Sync,
    M: 'static,
{
}

impl<C: ServerChannel, R: Request<C> + fmt::Debug, M> fmt::Debug for Requested<C, R, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requested")
            .field("sequence", &self.sequence)
            .field("client", &self.client)
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}
