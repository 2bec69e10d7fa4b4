//! The server: the rooms' rules, applied to what clients ask for.

use std::{io, time::Duration};

use clap::Args;
use simplenet::{ClientId, CloseReason, ServerConfig, ServerReport};
use tokio::signal;
use tracing_subscriber::filter::{EnvFilter, LevelFilter};

use crate::{
    Outcome, console,
    protocol::{
        chat::{
            self, ClientMsg, IncomingRequest, Join, Joined, Left, Posted, RequestToken, Said, Say,
            ServerEvent, ServerMsg,
        },
        now,
    },
    rooms::{Ban, Departure, Rooms, Rules},
};

#[derive(Args)]
pub(crate) struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:9000")]
    addr: String,
    /// How many may be in a room.
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    places: usize,
    /// Keep a name out of a room for an hour; may be given several times.
    #[arg(long = "ban", value_name = "ROOM:NAME")]
    bans: Vec<Ban>,
}

/// How long the bans last.
const BAN: Duration = Duration::from_secs(60 * 60);
/// How long clients may take to hear the last of it when the server shuts down.
const FAREWELL: Duration = Duration::from_secs(5);

/// Serves the chat until Ctrl-C.
pub(crate) async fn run(options: Options) -> Outcome {
    let levels =
        EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(levels).with_writer(io::stderr).without_time().init();

    // Whoever may connect here may know the schema too, so a client that differs is told where.
    let config = ServerConfig { explain_mismatch: true, ..Default::default() };
    let mut server = chat::Server::builder().config(config).bind(options.addr.as_str())?;
    console::line(format_args!("listening on {}", server.url()))?;

    // Beside the loop: requests that have come in are still answered while the server shuts down.
    let handle = server.handle();
    tokio::spawn(async move {
        if signal::ctrl_c().await.is_ok() {
            handle.shutdown(FAREWELL).await;
        }
    });

    let banned_until = now().saturating_add(BAN.as_secs());
    let rules = Rules { places: options.places, bans: options.bans, banned_until };
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
