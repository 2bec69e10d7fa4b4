//! The client for people at a terminal: an event loop beside the lines that are typed.

use std::{io, thread};

use chat::{
    console,
    protocol::chat::{
        Client, ClientEvent, Hello, Join, JoinError, Joined, RoomId, Say, ServerResponse,
    },
};
use clap::Args;
use simplenet::{ClientConfig, ClientReport, DeathReason, Url};
use tokio::sync::mpsc;

use crate::Outcome;

#[derive(Args)]
#[command(after_help = "\
What is typed is said in the room. Further:
  /join NUMBER   go to another room
  /quit          end; Ctrl-D does the same")]
pub(crate) struct Options {
    /// Where the server is, such as ws://127.0.0.1:9000.
    #[arg(long)]
    url: Url,
    /// What the others call you.
    #[arg(long)]
    name: String,
    /// The room to enter first.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    room: u32,
}

/// Attempts to reach the server before giving up, at most some seconds apart.
const ATTEMPTS: u32 = 4;

/// Takes part in the chat until the user or the server ends it.
pub(crate) async fn run(options: Options) -> Outcome {
    let config =
        ClientConfig { max_initial_connect_attempts: Some(ATTEMPTS), ..Default::default() };
    let client = Client::builder(options.url).config(config).connect(Hello { name: options.name });
    // Nothing is read from the terminal before there is somebody to say it to.
    client.ready().await?;

    let mut typed = typed_lines();
    let room = RoomId(options.room);
    // It is asked for as soon as `Connected` is taken; until then nothing can be said.
    let mut guest = Guest { client, room, asked: Some(Asked::Join(room)) };
    loop {
        tokio::select! {
            event = guest.client.recv() => match event {
                Some(ClientEvent::Report(ClientReport::IsDead(reason))) => return end(reason),
                Some(event) => guest.hear(event)?,
                None => return Ok(()),
            },
            // One thing after the other: a line waits until the one before it is answered.
            line = typed.recv(), if guest.asked.is_none() && !guest.client.is_closed() => {
                guest.act(line.as_deref().map_or(Input::Quit, Input::from))?;
            }
        }
    }
}

fn end(reason: DeathReason) -> Outcome {
    match reason {
        DeathReason::ClosedBySelf => Ok(()),
        reason => Err(reason.into()),
    }
}

/// What somebody types.
#[derive(Debug, PartialEq)]
enum Input<'a> {
    Say(&'a str),
    Join(RoomId),
    Quit,
    Nothing,
    Unknown,
}

impl<'a> From<&'a str> for Input<'a> {
    fn from(line: &'a str) -> Self {
        let line = line.trim();
        let mut words = line.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (None, ..) => Self::Nothing,
            (Some("/quit"), None, _) => Self::Quit,
            (Some("/join"), Some(room), None) => {
                room.parse().map_or(Self::Unknown, |room| Self::Join(RoomId(room)))
            }
            (Some(command), ..) if command.starts_with('/') => Self::Unknown,
            _ => Self::Say(line),
        }
    }
}

/// The one at this terminal.
struct Guest {
    client: Client,
    /// The room to be in; entered anew whenever the connection has been lost.
    room: RoomId,
    /// What is not answered yet.
    asked: Option<Asked>,
}

#[derive(Clone, Copy)]
enum Asked {
    Join(RoomId),
    Say,
}

impl Guest {
    fn act(&mut self, input: Input<'_>) -> io::Result<()> {
        match input {
            Input::Say(text) => {
                self.asked = Some(Asked::Say);
                self.client.request(Say { room: self.room, text: text.to_owned() });
            }
            Input::Join(room) => self.enter(room),
            Input::Quit => self.client.close(),
            Input::Nothing => {}
            Input::Unknown => console::line("known are: /join NUMBER, /quit")?,
        }
        Ok(())
    }

    fn enter(&mut self, room: RoomId) {
        self.asked = Some(Asked::Join(room));
        self.client.request(Join { room });
    }

    fn hear(&mut self, event: ClientEvent) -> io::Result<()> {
        match event {
            ClientEvent::Report(ClientReport::Connected) => {
                self.enter(self.room);
                Ok(())
            }
            ClientEvent::Report(ClientReport::Disconnected(reason)) => {
                console::line(format_args!("disconnected: {reason}; connecting again"))
            }
            // The client ends then, which says why.
            ClientEvent::Report(_) => Ok(()),
            ClientEvent::Msg(message) => console::line(message),
            ClientEvent::Response(ServerResponse::Join(answer), _) => self.joined(answer),
            ClientEvent::Response(ServerResponse::Say(_), _) | ClientEvent::Ack(_) => {
                self.asked = None;
                Ok(())
            }
            ClientEvent::Reject(_) => self.failed("you are in no room: /join NUMBER"),
            ClientEvent::SendFailed(_) => {
                self.failed("that was not sent: no connection, or too long")
            }
            ClientEvent::ResponseLost(_) => self.failed("the connection broke: that may be lost"),
        }
    }

    fn joined(&mut self, answer: Result<Joined, JoinError>) -> io::Result<()> {
        let Some(Asked::Join(room)) = self.asked.take() else { return Ok(()) };
        match answer {
            Ok(joined) => {
                self.room = room;
                console::line(format_args!("in {room}: {}", joined.members.join(", ")))
            }
            Err(error) => console::line(format_args!("not let into {room}: {error}")),
        }
    }

    fn failed(&mut self, why: &str) -> io::Result<()> {
        self.asked = None;
        console::line(why)
    }
}

/// The lines of standard input. Their thread ends with the program: a read from a terminal cannot be cancelled.
fn typed_lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    thread::spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_said_unless_they_are_commands() {
        let read = [
            ("Hello, Ben! ", Input::Say("Hello, Ben!")),
            (" /join 7", Input::Join(RoomId(7))),
            ("/quit", Input::Quit),
            ("  ", Input::Nothing),
            ("/join", Input::Unknown),
            ("/join seven", Input::Unknown),
            ("/join 7 8", Input::Unknown),
            ("/jion 7", Input::Unknown),
            ("/quit now", Input::Unknown),
        ];
        for (line, input) in read {
            assert_eq!(Input::from(line), input, "{line}");
        }
    }
}
