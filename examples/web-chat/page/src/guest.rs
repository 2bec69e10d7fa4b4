use std::{collections::HashMap, time::Duration};

use simplenet::{ClientConfig, ClientReport, DeathReason, RequestId, Url};

use crate::{
    channel::chat::{
        Client, ClientEvent, Hello, Join, JoinError, Joined, RoomId, Say, ServerMsg, ServerResponse,
    },
    conversation::{Conversation, Saying},
    entrance::Entered,
    input::{Input, Inputs},
    status::Status,
};

/// The one at this page: its client, and what it shows.
pub(crate) struct Guest<'a> {
    client: Client,
    conversation: &'a Conversation,
    status: &'a Status,
    /// The room to be in; entered anew whenever the connection has been lost.
    room: RoomId,
    /// Whether it has been in a room since it came.
    arrived: bool,
    /// Where it is on the way to.
    moving: HashMap<RequestId, Move>,
    /// What it has said that is not answered yet.
    sayings: HashMap<RequestId, Saying>,
}

/// On the way to a room.
struct Move {
    room: RoomId,
    /// Somebody waits for it. Whoever is only brought back may be busy with something else on the page.
    asked: bool,
}

impl<'a> Guest<'a> {
    /// Comes in. A connection is made in the background, and made again when it is lost.
    pub(crate) fn enter(
        url: Url,
        entered: Entered,
        conversation: &'a Conversation,
        status: &'a Status,
    ) -> Self {
        // Often, so that what the status line says of the connection is fresh.
        let config =
            ClientConfig { heartbeat_interval: Duration::from_secs(2), ..ClientConfig::default() };
        let client = Client::builder(url).config(config).connect(Hello { name: entered.name });
        Self {
            client,
            conversation,
            status,
            room: entered.room,
            arrived: false,
            moving: HashMap::new(),
            sayings: HashMap::new(),
        }
    }

    /// Takes part until either side ends it; says why.
    pub(crate) async fn stay(mut self, inputs: &mut Inputs) -> DeathReason {
        loop {
            self.status.show(&self.client);
            tokio::select! {
                event = self.client.recv() => match event {
                    Some(ClientEvent::Report(ClientReport::IsDead(reason))) => return reason,
                    Some(event) => self.hear(event),
                    None => return DeathReason::ClosedBySelf,
                },
                Some(input) = inputs.recv() => self.act(input),
            }
        }
    }

    fn act(&mut self, input: Input) {
        match input {
            Input::Say(text) => {
                let saying = self.conversation.says(&text);
                let request = self.client.request(Say { room: self.room, text });
                self.sayings.insert(request.id(), saying);
            }
            Input::Move(room) => self.join(Move { room, asked: true }),
            Input::Leave => self.client.close(),
            Input::Enter(_) | Input::Back | Input::Tick => {}
        }
    }

    fn join(&mut self, to: Move) {
        let request = self.client.request(Join { room: to.room });
        self.moving.insert(request.id(), to);
    }

    fn hear(&mut self, event: ClientEvent) {
        match event {
            ClientEvent::Report(ClientReport::Connected) => {
                self.conversation.can_send(true);
                self.join(Move { room: self.room, asked: !self.arrived });
            }
            ClientEvent::Report(ClientReport::Disconnected(reason)) => {
                self.conversation.can_send(false);
                self.conversation.note(&format!("Disconnected: {reason}"));
            }
            // The client ends then, which says why.
            ClientEvent::Report(_) => {}
            ClientEvent::Msg(ServerMsg::Posted(posted)) => {
                self.conversation.heard(&posted.from, &posted.text);
            }
            ClientEvent::Msg(ServerMsg::Left(left)) => {
                self.conversation.note(&format!("{} has left", left.1));
            }
            ClientEvent::Response(ServerResponse::Join(answer), request) => {
                self.joined(answer, request);
            }
            ClientEvent::Response(ServerResponse::Say(_), request) | ClientEvent::Ack(request) => {
                if let Some(saying) = self.sayings.remove(&request) {
                    saying.arrived();
                }
            }
            ClientEvent::Reject(request) => self.failed(request, "not said: you are in no room"),
            ClientEvent::SendFailed(request) => self.failed(request, "not sent"),
            ClientEvent::ResponseLost(request) => {
                self.failed(request, "perhaps lost: the connection broke");
            }
        }
    }

    fn joined(&mut self, answer: Result<Joined, JoinError>, request: RequestId) {
        let Some(Move { room, asked }) = self.moving.remove(&request) else { return };
        let number = room.0;
        match answer {
            Ok(joined) => {
                let members = joined.members.join(", ");
                self.conversation.note(&format!("You are in room {number}: {members}"));
                if asked {
                    self.conversation.arrive(room);
                }
                self.arrived = true;
                self.room = room;
            }
            Err(JoinError::Full) => {
                self.conversation.note(&format!("Room {number} has no place left"));
            }
            Err(JoinError::Banned { until }) => {
                let minutes = (until as f64 - js_sys::Date::now() / 1000.0) / 60.0;
                let minutes = minutes.max(0.0).ceil();
                self.conversation
                    .note(&format!("You may not enter room {number} for another {minutes} min"));
            }
        }
    }

    fn failed(&mut self, request: RequestId, why: &str) {
        self.moving.remove(&request);
        if let Some(saying) = self.sayings.remove(&request) {
            saying.failed(why);
        }
    }
}
