//! The server's event loop: applies the rules of the rooms to the events of the clients.

use std::io;

use simplenet::{ClientId, CloseReason, ServerReport};

use crate::{
    console,
    protocol::{
        chat::{
            self, ClientMsg, IncomingRequest, Join, Joined, Left, Posted, RequestToken, Said, Say,
            ServerEvent, ServerMsg,
        },
        now,
    },
    rooms::{Departure, Rooms, Rules},
};

/// Handles the events of a server until it is shut down, and prints them to standard output.
///
/// # Errors
///
/// Standard output cannot be written.
pub async fn run(mut server: chat::Server, rules: Rules) -> io::Result<()> {
    let mut handler = EventHandler { server: server.handle(), rooms: Rooms::new(rules) };
    while let Some((client, event)) = server.recv().await {
        handler.handle(client, event)?;
    }
    Ok(())
}

/// Answers requests, and sends messages to the members of a room.
struct EventHandler {
    server: chat::ServerHandle,
    rooms: Rooms,
}

impl EventHandler {
    fn handle(&mut self, client: ClientId, event: ServerEvent) -> io::Result<()> {
        match event {
            ServerEvent::Report(ServerReport::Connected(_, hello)) => {
                self.connected(client, hello.name)
            }
            ServerEvent::Report(ServerReport::Disconnected(reason)) => {
                self.disconnected(client, &reason)
            }
            ServerEvent::Msg(ClientMsg::Typing(_)) => match self.rooms.name(client) {
                Some(name) => console::print_line(format_args!("{name} is typing")),
                None => Ok(()),
            },
            ServerEvent::Request(IncomingRequest::Join(join, token)) => {
                self.join(client, &join, token)
            }
            ServerEvent::Request(IncomingRequest::Say(say, token)) => self.say(client, say, token),
        }
    }

    fn connected(&mut self, client: ClientId, name: String) -> io::Result<()> {
        let line = format!("{name} has connected");
        match self.rooms.add_user(client, name) {
            Ok(()) => console::print_line(line),
            Err(error) => {
                self.server.disconnect(client, CloseReason::kicked(error.to_string()));
                Ok(())
            }
        }
    }

    fn disconnected(&mut self, client: ClientId, reason: &CloseReason) -> io::Result<()> {
        if let Some(name) = self.rooms.name(client) {
            console::print_line(format_args!("{name} has disconnected: {reason}"))?;
        }
        if let Some(departure) = self.rooms.remove_user(client) {
            self.send_departure(departure);
        }
        Ok(())
    }

    fn join(&mut self, client: ClientId, join: &Join, token: RequestToken<Join>) -> io::Result<()> {
        let room = join.room;
        // A client that was disconnected for its name is not a user, but its requests may already
        // be in the event queue. Dropping the token rejects such a request.
        let Some(name) = self.rooms.name(client).map(str::to_owned) else { return Ok(()) };
        let Some(result) = self.rooms.join(client, room, now()) else { return Ok(()) };
        match result {
            Ok(change) => {
                token.respond(Ok(Joined { members: change.members }));
                if let Some(departure) = change.departure {
                    self.send_departure(departure);
                }
                console::print_line(format_args!("{name} has joined {room}"))
            }
            Err(error) => {
                let line = format!("{name} cannot join {room}: {error}");
                token.respond(Err(error));
                console::print_line(line)
            }
        }
    }

    fn say(&mut self, client: ClientId, say: Say, token: RequestToken<Say>) -> io::Result<()> {
        let Say { room, text } = say;
        let Some(post) = self.rooms.post(client, room) else {
            token.reject();
            return Ok(());
        };
        let posted = ServerMsg::from(Posted { room, from: post.from, text });
        console::print_line(&posted)?;
        self.send_to(&post.recipients, &posted);
        token.respond(Said { seq: post.seq });
        Ok(())
    }

    fn send_departure(&self, departure: Departure) {
        let Departure { name, room, remaining } = departure;
        self.send_to(&remaining, &Left(room, name).into());
    }

    fn send_to(&self, clients: &[ClientId], message: &ServerMsg) {
        for &client in clients {
            self.server.send(client, message.clone());
        }
    }
}
