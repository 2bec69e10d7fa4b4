//! The client of the chat, connected to the view.

use std::{collections::HashMap, time::Duration};

use simplenet::{ClientConfig, ClientReport, DeathReason, RequestId};

use crate::{
    channel::chat::{
        Client, ClientEvent, Hello, Join, JoinError, Joined, RoomId, Say, ServerMsg, ServerResponse,
    },
    chat_view::{ChatView, SentLine},
    input::{Input, Inputs},
    join_view::JoinRequest,
    status::Status,
};

/// A client of the chat that shows its events in the view.
pub(crate) struct ChatClient<'a> {
    client: Client,
    view: &'a ChatView,
    status: &'a Status,
    /// The current room, or the requested one. The client joins it again after every reconnect.
    room: RoomId,
    /// Whether the client has joined a room since its start.
    has_joined: bool,
    pending_joins: HashMap<RequestId, PendingJoin>,
    pending_lines: HashMap<RequestId, SentLine>,
}

/// A request to join a room.
struct PendingJoin {
    room: RoomId,
    /// Whether the user has requested the room. A join after a reconnect does not move the focus,
    /// because the user may be typing.
    by_user: bool,
}

impl<'a> ChatClient<'a> {
    /// Starts a client. It connects in the background, and reconnects after a loss.
    pub(crate) fn start(
        url: &str,
        request: JoinRequest,
        view: &'a ChatView,
        status: &'a Status,
    ) -> Self {
        // Short, so that the round-trip time in the status line is recent.
        let heartbeat_interval = Duration::from_secs(2);
        let config = ClientConfig { heartbeat_interval, ..ClientConfig::default() };
        let client = Client::builder(url).config(config).connect(Hello { name: request.name });
        Self {
            client,
            view,
            status,
            room: request.room,
            has_joined: false,
            pending_joins: HashMap::new(),
            pending_lines: HashMap::new(),
        }
    }

    /// Handles events and inputs until the client ends, and returns the reason.
    pub(crate) async fn run(mut self, inputs: &mut Inputs) -> DeathReason {
        loop {
            self.status.update(&self.client);
            tokio::select! {
                event = self.client.recv() => match event {
                    Some(ClientEvent::Report(ClientReport::IsDead(reason))) => return reason,
                    Some(event) => self.handle_event(event),
                    None => return DeathReason::ClosedBySelf,
                },
                Some(input) = inputs.recv() => self.handle_input(input),
            }
        }
    }

    fn handle_input(&mut self, input: Input) {
        match input {
            Input::Send(text) => {
                let line = self.view.add_sent(&text);
                let request = self.client.request(Say { room: self.room, text });
                self.pending_lines.insert(request.id(), line);
            }
            Input::SwitchRoom(room) => self.join(PendingJoin { room, by_user: true }),
            Input::Leave => self.client.close(),
            Input::Join(_) | Input::Back | Input::Tick => {}
        }
    }

    fn join(&mut self, join: PendingJoin) {
        let request = self.client.request(Join { room: join.room });
        self.pending_joins.insert(request.id(), join);
    }

    fn handle_event(&mut self, event: ClientEvent) {
        match event {
            ClientEvent::Report(ClientReport::Connected) => {
                self.view.set_connected(true);
                self.join(PendingJoin { room: self.room, by_user: !self.has_joined });
            }
            ClientEvent::Report(ClientReport::Disconnected(reason)) => {
                self.view.set_connected(false);
                self.view.add_note(&format!("Disconnected: {reason}"));
            }
            // `IsDead` follows the other reports and has the reason.
            ClientEvent::Report(_) => {}
            ClientEvent::Msg(ServerMsg::Posted(posted)) => {
                self.view.add_received(&posted.from, &posted.text);
            }
            ClientEvent::Msg(ServerMsg::Left(left)) => {
                self.view.add_note(&format!("{} has left", left.1));
            }
            ClientEvent::Response(ServerResponse::Join(answer), request) => {
                self.handle_join_answer(answer, request);
            }
            ClientEvent::Response(ServerResponse::Say(_), request) | ClientEvent::Ack(request) => {
                if let Some(line) = self.pending_lines.remove(&request) {
                    line.set_delivered();
                }
            }
            ClientEvent::Reject(request) => self.fail(request, "rejected: you are in no room"),
            ClientEvent::SendFailed(request, error) => {
                self.fail(request, &format!("not sent: {error}"));
            }
            ClientEvent::ResponseLost(request) => {
                self.fail(request, "perhaps lost: disconnected before the response");
            }
        }
    }

    fn handle_join_answer(&mut self, answer: Result<Joined, JoinError>, request: RequestId) {
        let Some(join) = self.pending_joins.remove(&request) else { return };
        let PendingJoin { room, by_user } = join;
        let number = room.0;
        match answer {
            Ok(joined) => {
                let members = joined.members.join(", ");
                self.view.add_note(&format!("You are in room {number}: {members}"));
                if by_user {
                    self.view.set_room(room);
                }
                self.has_joined = true;
                self.room = room;
            }
            Err(JoinError::Full) => {
                self.view.add_note(&format!("Room {number} is full"));
            }
            Err(JoinError::Banned { until }) => {
                let minutes = (until as f64 - js_sys::Date::now() / 1000.0) / 60.0;
                let minutes = minutes.max(0.0).ceil();
                self.view.add_note(&format!(
                    "You are banned from room {number} for another {minutes} min"
                ));
            }
        }
    }

    fn fail(&mut self, request: RequestId, reason: &str) {
        self.pending_joins.remove(&request);
        if let Some(line) = self.pending_lines.remove(&request) {
            line.set_failed(reason);
        }
    }
}
