//! The host: the rooms' rules, applied to what clients ask for.

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

/// Serves the chat until the server is shut down; tells on standard output what happens.
///
/// # Errors
///
/// Standard output cannot be written to.
pub async fn serve(mut server: chat::Server, rules: Rules) -> io::Result<()> {
    let mut host = Host { server: server.handle(), rooms: Rooms::new(rules) };
    while let Some((client, event)) = server.recv().await {
        host.handle(client, event)?;
    }
    Ok(())
}

/// Answers the clients and tells them of each other.
struct Host {
    server: chat::ServerHandle,
    rooms: Rooms,
}

impl Host {
    fn handle(&mut self, client: ClientId, event: ServerEvent) -> io::Result<()> {
        match event {
            ServerEvent::Report(ServerReport::Connected(_, hello)) => {
                self.welcome(client, hello.name)
            }
            ServerEvent::Report(ServerReport::Disconnected(reason)) => {
                self.goodbye(client, &reason)
            }
            ServerEvent::Msg(ClientMsg::Typing(_)) => match self.rooms.name(client) {
                Some(name) => console::line(format_args!("{name} is typing")),
                None => Ok(()),
            },
            ServerEvent::Request(IncomingRequest::Join(join, token)) => {
                self.join(client, &join, token)
            }
            ServerEvent::Request(IncomingRequest::Say(say, token)) => self.say(client, say, token),
        }
    }

    fn welcome(&mut self, client: ClientId, name: String) -> io::Result<()> {
        let greeting = format!("{name} has connected");
        match self.rooms.welcome(client, name) {
            Ok(()) => console::line(greeting),
            Err(error) => {
                self.server.disconnect(client, CloseReason::kicked(error.to_string()));
                Ok(())
            }
        }
    }

    fn goodbye(&mut self, client: ClientId, reason: &CloseReason) -> io::Result<()> {
        if let Some(name) = self.rooms.name(client) {
            console::line(format_args!("{name} has gone: {reason}"))?;
        }
        if let Some(departure) = self.rooms.goodbye(client) {
            self.tell_departure(departure);
        }
        Ok(())
    }

    fn join(&mut self, client: ClientId, join: &Join, token: RequestToken<Join>) -> io::Result<()> {
        let room = join.room;
        // A token that is dropped rejects its request: one of somebody who is being sent away.
        let Some(name) = self.rooms.name(client).map(str::to_owned) else { return Ok(()) };
        let Some(answer) = self.rooms.join(client, room, now()) else { return Ok(()) };
        match answer {
            Ok(entered) => {
                token.respond(Ok(Joined { members: entered.members }));
                if let Some(departure) = entered.left {
                    self.tell_departure(departure);
                }
                console::line(format_args!("{name} is in {room}"))
            }
            Err(error) => {
                let line = format!("{name} may not enter {room}: {error}");
                token.respond(Err(error));
                console::line(line)
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
        console::line(&posted)?;
        self.tell(&post.others, &posted);
        token.respond(Said { seq: post.seq });
        Ok(())
    }

    fn tell_departure(&self, departure: Departure) {
        let Departure { name, room, remaining } = departure;
        self.tell(&remaining, &Left(room, name).into());
    }

    fn tell(&self, clients: &[ClientId], message: &ServerMsg) {
        for &client in clients {
            self.server.send(client, message.clone());
        }
    }
}
