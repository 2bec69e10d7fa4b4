use std::{collections::HashMap, fmt, marker::PhantomData};

use bevy_ecs::{
    entity::Entity,
    event::{EntityEvent, EntityTrigger, Event},
    resource::Resource,
    system::{Commands, EntityCommands},
    world::World,
};
use simplenet::{ClientEvent, Request, RequestId, RequestStatus, SendError};

use super::{ClientChannel, NetClient};

/// The reason why a request ended without a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestFailure {
    /// The server has acknowledged the request and sends no response.
    Acknowledged,
    /// The server has rejected the request.
    Rejected,
    /// The request was not sent, so the server did not process it.
    SendFailed(SendError),
    /// The session ended before the answer, or the client was removed. Whether the server processed
    /// the request is unknown.
    ResponseLost,
}

impl fmt::Display for RequestFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Acknowledged => f.write_str("acknowledged without a response"),
            Self::Rejected => f.write_str("rejected by the server"),
            Self::SendFailed(error) => write!(f, "not sent: {error}"),
            Self::ResponseLost => f.write_str("the connection was lost before the answer"),
        }
    }
}

/// The result of a request of [`RequestCommands`], triggered for the observers of its entity.
pub struct Answered<C: ClientChannel, R: Request<C>> {
    /// The entity of the request. It is despawned after its observers have run.
    pub entity: Entity,
    /// The response, or the reason why there is none.
    pub result: Result<R::Response, RequestFailure>,
    marker: PhantomData<fn() -> C>,
}

impl<C, R> Event for Answered<C, R>
where
    C: ClientChannel,
    R: Request<C, Response: Sync>,
{
    type Trigger<'a> = EntityTrigger;
}

impl<C, R> EntityEvent for Answered<C, R>
where
    C: ClientChannel,
    R: Request<C, Response: Sync>,
{
    fn event_target(&self) -> Entity {
        self.entity
    }
}

impl<C: ClientChannel, R: Request<C>> fmt::Debug for Answered<C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Answered").field(&self.entity).field(&self.result).finish()
    }
}

/// Commands that make a request and observe its answer in the same place.
///
/// ```
/// use bevy_ecs::prelude::*;
/// use simplenet_bevy::{Answered, RequestCommands};
///
/// #[simplenet::channel]
/// pub mod chat {
///     #[request(Joined)]
///     pub struct Join(pub u32);
///     pub struct Joined(pub Vec<String>);
/// }
/// use chat::{Chat, Join};
///
/// fn join(mut commands: Commands) {
///     commands.request::<Chat, _>(Join(1)).observe(|answer: On<Answered<Chat, Join>>| {
///         match &answer.result {
///             Ok(joined) => println!("members: {:?}", joined.0),
///             Err(failure) => println!("cannot join: {failure:?}"),
///         }
///     });
/// }
/// # let _ = IntoSystem::into_system(join);
/// ```
pub trait RequestCommands {
    /// Makes a request and returns its entity, whose observers receive [`Answered`] once.
    fn request<C, R>(&mut self, request: R) -> EntityCommands<'_>
    where
        C: ClientChannel,
        R: Request<C, Response: Sync>,
    {
        self.request_by::<C, (), R>(request)
    }

    /// Makes a request like [`request`](Self::request), but by the client with the marker `M`.
    fn request_by<C, M, R>(&mut self, request: R) -> EntityCommands<'_>
    where
        C: ClientChannel,
        M: Send + Sync + 'static,
        R: Request<C, Response: Sync>;
}

impl RequestCommands for Commands<'_, '_> {
    fn request_by<C, M, R>(&mut self, request: R) -> EntityCommands<'_>
    where
        C: ClientChannel,
        M: Send + Sync + 'static,
        R: Request<C, Response: Sync>,
    {
        let entity = self.spawn_empty().id();
        self.queue(move |world: &mut World| {
            let signal = world
                .get_resource::<NetClient<C, M>>()
                .map(|client| (client.instance(), client.request(request)));
            let mut pending = world.get_resource_or_init::<PendingRequests<C, M>>();
            let answer: Answer<C> = answer::<C, R>;
            // A failure is reported later, because the observers of the entity do not exist yet.
            match signal {
                Some((instance, signal)) => match signal.status() {
                    RequestStatus::SendFailed(error) => {
                        pending.failed.push((entity, error, answer));
                    }
                    _ => {
                        let id = signal.id();
                        pending.waiting.insert(id, Pending { instance, entity, answer });
                    }
                },
                None => pending.failed.push((entity, SendError::NotConnected, answer)),
            }
        });
        self.entity(entity)
    }
}

/// Triggers [`Answered`] for the entity of a request, and despawns it.
type Answer<C> =
    fn(&mut World, Entity, Result<<C as simplenet::ChannelPack>::ServerResponse, RequestFailure>);

fn answer<C, R>(
    world: &mut World,
    entity: Entity,
    result: Result<C::ServerResponse, RequestFailure>,
) where
    C: ClientChannel,
    R: Request<C, Response: Sync>,
{
    let result =
        result.and_then(|response| R::from_response(response).ok_or(RequestFailure::ResponseLost));
    if world.get_entity(entity).is_ok() {
        world.trigger(Answered::<C, R> { entity, result, marker: PhantomData });
        // An observer may have despawned the entity.
        let _ = world.try_despawn(entity);
    }
}

struct Pending<C: ClientChannel> {
    instance: u64,
    entity: Entity,
    answer: Answer<C>,
}

/// The requests whose entities wait for an answer.
#[derive(Resource)]
pub(super) struct PendingRequests<C: ClientChannel, M: Send + Sync + 'static> {
    waiting: HashMap<RequestId, Pending<C>>,
    /// Requests that failed at once.
    failed: Vec<(Entity, SendError, Answer<C>)>,
    marker: PhantomData<fn() -> M>,
}

impl<C: ClientChannel, M: Send + Sync + 'static> Default for PendingRequests<C, M> {
    fn default() -> Self {
        Self { waiting: HashMap::new(), failed: Vec::new(), marker: PhantomData }
    }
}

impl<C: ClientChannel, M: Send + Sync + 'static> PendingRequests<C, M> {
    /// Ends a waiting request, if the event is its answer or its failure.
    pub(super) fn end(&mut self, event: &ClientEvent<C>, commands: &mut Commands) {
        let (id, result) = match event {
            ClientEvent::Response(response, id) => (id, Ok(response.clone())),
            ClientEvent::Ack(id) => (id, Err(RequestFailure::Acknowledged)),
            ClientEvent::Reject(id) => (id, Err(RequestFailure::Rejected)),
            ClientEvent::SendFailed(id, error) => (id, Err(RequestFailure::SendFailed(*error))),
            ClientEvent::ResponseLost(id) => (id, Err(RequestFailure::ResponseLost)),
            ClientEvent::Report(_) | ClientEvent::Msg(_) => return,
        };
        if let Some(Pending { entity, answer, .. }) = self.waiting.remove(id) {
            commands.queue(move |world: &mut World| answer(world, entity, result));
        }
    }

    /// Ends the requests that could not be sent, and the requests of a client that was replaced.
    pub(super) fn end_others(&mut self, present: Option<u64>, commands: &mut Commands) {
        for (entity, error, answer) in self.failed.drain(..) {
            commands.queue(move |world: &mut World| {
                answer(world, entity, Err(RequestFailure::SendFailed(error)));
            });
        }
        let earlier = self.waiting.extract_if(|_, pending| Some(pending.instance) != present);
        for (_, Pending { entity, answer, .. }) in earlier {
            commands.queue(move |world: &mut World| {
                answer(world, entity, Err(RequestFailure::ResponseLost));
            });
        }
    }
}
