//! The command `client`: handles events and typed lines in one loop.

use std::{io, thread};

use chat::{
    console,
    protocol::chat::{
        Client, ClientEvent, Hello, Join, JoinError, Joined, RoomId, Say, ServerResponse,
    },
};
use clap::Args;
use simplenet::{ClientConfig, ClientReport, DeathReason};
use tokio::sync::mpsc;

use crate::BoxError;

#[derive(Args)]
#[command(after_help = "\
Typed lines are sent to the room, except for these commands:
  /join NUMBER   join another room
  /quit          exit, like Ctrl-D")]
pub(crate) struct Options {
    /// The URL of the server, such as ws://127.0.0.1:9000.
    #[arg(long)]
    url: String,
    /// The name that other users see.
    #[arg(long)]
    name: String,
    /// The first room to join.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    room: u32,
}

/// The number of attempts to connect before the client gives up, after some seconds.
const MAX_CONNECT_ATTEMPTS: u32 = 4;

/// Runs the client until the user quits or the client dies.
pub(crate) async fn run(options: Options) -> Result<(), BoxError> {
    let config = ClientConfig {
        max_initial_connect_attempts: Some(MAX_CONNECT_ATTEMPTS),
        ..Default::default()
    };
    let client = Client::builder(options.url).config(config).connect(Hello { name: options.name });
    // Input is read once the client has joined a room. A client that cannot connect reads none.
    let mut lines = None;
    let room = RoomId(options.room);
    // The event `Connected` sends the request to join. Input waits for its answer.
    let mut terminal = TerminalClient { client, room, pending: Some(Pending::Join(room)) };
    loop {
        tokio::select! {
            event = terminal.client.recv() => match event {
                Some(ClientEvent::Report(ClientReport::IsDead(reason))) => {
                    return exit_result(reason);
                }
                Some(event) => terminal.handle_event(event)?,
                None => return Ok(()),
            },
            // The next line waits for the answer to the previous one.
            line = async { lines.get_or_insert_with(typed_lines).recv().await },
                if terminal.pending.is_none() && !terminal.client.is_closed() =>
            {
                terminal.handle_input(line.as_deref().map_or(Input::Quit, Input::from))?;
            }
        }
    }
}

fn exit_result(reason: DeathReason) -> Result<(), BoxError> {
    match reason {
        DeathReason::ClosedBySelf => Ok(()),
        reason => Err(reason.into()),
    }
}

/// A typed line.
#[derive(Debug, PartialEq)]
enum Input<'a> {
    Say(&'a str),
    Join(RoomId),
    Quit,
    Empty,
    Unknown,
}

impl<'a> From<&'a str> for Input<'a> {
    fn from(line: &'a str) -> Self {
        let line = line.trim();
        let mut words = line.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (None, ..) => Self::Empty,
            (Some("/quit"), None, _) => Self::Quit,
            (Some("/join"), Some(room), None) => {
                room.parse().map_or(Self::Unknown, |room| Self::Join(RoomId(room)))
            }
            (Some(command), ..) if command.starts_with('/') => Self::Unknown,
            _ => Self::Say(line),
        }
    }
}

/// The client and its state.
struct TerminalClient {
    client: Client,
    /// The current room. The client joins it again after each reconnect.
    room: RoomId,
    /// The request in flight.
    pending: Option<Pending>,
}

#[derive(Clone, Copy)]
enum Pending {
    Join(RoomId),
    Say,
}

impl TerminalClient {
    fn handle_input(&mut self, input: Input<'_>) -> io::Result<()> {
        match input {
            Input::Say(text) => {
                self.pending = Some(Pending::Say);
                self.client.request(Say { room: self.room, text: text.to_owned() });
            }
            Input::Join(room) => self.request_join(room),
            Input::Quit => self.client.close(),
            Input::Empty => {}
            Input::Unknown => {
                console::print_line("unknown command: use /join NUMBER or /quit")?;
            }
        }
        Ok(())
    }

    fn request_join(&mut self, room: RoomId) {
        self.pending = Some(Pending::Join(room));
        self.client.request(Join { room });
    }

    fn handle_event(&mut self, event: ClientEvent) -> io::Result<()> {
        match event {
            ClientEvent::Report(ClientReport::Connected) => {
                self.request_join(self.room);
                Ok(())
            }
            ClientEvent::Report(report @ ClientReport::Retrying { .. }) => {
                console::print_line(report)
            }
            // `Retrying` or `IsDead` follows, and contains the reason.
            ClientEvent::Report(_) => Ok(()),
            ClientEvent::Msg(message) => console::print_line(message),
            ClientEvent::Response(ServerResponse::Join(answer), _) => {
                self.handle_join_answer(answer)
            }
            ClientEvent::Response(ServerResponse::Say(_), _) | ClientEvent::Ack(_) => {
                self.pending = None;
                Ok(())
            }
            ClientEvent::Reject(_) => self.request_failed("not in a room: use /join NUMBER"),
            ClientEvent::SendFailed(_, error) => self.request_failed(&format!("not sent: {error}")),
            ClientEvent::ResponseLost(_) => {
                self.request_failed("connection lost: the server may not have received the request")
            }
        }
    }

    fn handle_join_answer(&mut self, answer: Result<Joined, JoinError>) -> io::Result<()> {
        let Some(Pending::Join(room)) = self.pending.take() else { return Ok(()) };
        match answer {
            Ok(joined) => {
                self.room = room;
                console::print_line(format_args!("in {room}: {}", joined.members.join(", ")))
            }
            Err(error) => console::print_line(format_args!("cannot join {room}: {error}")),
        }
    }

    fn request_failed(&mut self, message: &str) -> io::Result<()> {
        self.pending = None;
        console::print_line(message)
    }
}

/// Reads standard input in a thread, because a read from a terminal cannot be cancelled. The thread
/// ends with the program.
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
    fn typed_line_is_a_message_unless_it_starts_with_a_slash() {
        let cases = [
            ("Hello, Ben! ", Input::Say("Hello, Ben!")),
            (" /join 7", Input::Join(RoomId(7))),
            ("/quit", Input::Quit),
            ("  ", Input::Empty),
            ("/join", Input::Unknown),
            ("/join seven", Input::Unknown),
            ("/join 7 8", Input::Unknown),
            ("/jion 7", Input::Unknown),
            ("/quit now", Input::Unknown),
        ];
        for (line, input) in cases {
            assert_eq!(Input::from(line), input, "{line}");
        }
    }
}
