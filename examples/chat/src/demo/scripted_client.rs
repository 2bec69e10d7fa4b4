//! The hidden command `demo-client`. Each client follows a script and fails on unexpected events.

use chat::{
    console,
    protocol::chat::{
        Client, ClientEvent, Hello, Join, JoinError, Joined, RoomId, Say, ServerMsg, Typing,
    },
};
use clap::{Args, ValueEnum};
use simplenet::{ClientReport, DeathReason};

use super::chat_old;
use crate::BoxError;

#[derive(Args)]
pub(crate) struct Options {
    script: Script,
    #[arg(long)]
    url: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum Script {
    Ann,
    Ben,
    Cleo,
}

const LOBBY: RoomId = RoomId(1);
/// The server bans Ben from this room.
const OFFICE: RoomId = RoomId(2);

pub(crate) async fn run(options: Options) -> Result<(), BoxError> {
    match options.script {
        Script::Ann => run_ann(options.url).await,
        Script::Ben => run_ben(options.url).await,
        Script::Cleo => run_cleo(options.url).await,
    }
}

/// Ann replies to Ben, and stays until Ben has left.
async fn run_ann(url: String) -> Result<(), BoxError> {
    let mut ann = ScriptedClient::connect(url, "Ann").await?;
    ann.join(LOBBY).await??;
    ann.receive_until(|message| matches!(message, ServerMsg::Posted(post) if post.from == "Ben"))
        .await?;
    ann.say(LOBBY, "Hello, Ben!").await?;
    ann.receive_until(|message| matches!(message, ServerMsg::Left(left) if left.1 == "Ben"))
        .await?;
    ann.close().await
}

/// Ben exchanges messages with Ann, and tries to join a room that bans the name Ben.
async fn run_ben(url: String) -> Result<(), BoxError> {
    let mut ben = ScriptedClient::connect(url, "Ben").await?;
    ben.join(LOBBY).await??;
    ben.client.send(Typing);
    ben.say(LOBBY, "Hello, Ann!").await?;
    ben.receive_until(|message| matches!(message, ServerMsg::Posted(post) if post.from == "Ann"))
        .await?;
    match ben.join(OFFICE).await? {
        Err(JoinError::Banned { .. }) => {}
        other => return Err(format!("expected `JoinError::Banned`, got {other:?}").into()),
    }
    ben.say(LOBBY, "I am banned from room 2. Bye!").await?;
    ben.close().await
}

/// Cleo uses an older schema, so the server refuses the connection.
async fn run_cleo(url: String) -> Result<(), BoxError> {
    console::print_line("connecting with an older schema: chat-old.ron")?;
    let client = chat_old::Client::builder(url).connect(chat_old::Hello { name: "Cleo".into() });
    client.ready().await?;
    Err("the server accepted a client with another schema".into())
}

/// A client that prints its actions and the messages that it receives.
struct ScriptedClient {
    client: Client,
}

impl ScriptedClient {
    async fn connect(url: String, name: &str) -> Result<Self, BoxError> {
        let mut client = Client::builder(url).connect(Hello { name: name.into() });
        match client.recv().await {
            Some(ClientEvent::Report(ClientReport::Connected)) => Ok(Self { client }),
            other => Err(unexpected(other)),
        }
    }

    async fn join(&self, room: RoomId) -> Result<Result<Joined, JoinError>, BoxError> {
        let answer = self.client.call(Join { room }).await?;
        match &answer {
            Ok(joined) => {
                let members = joined.members.join(", ");
                console::print_line(format_args!("joined {room}: {members}"))?;
            }
            Err(error) => console::print_line(format_args!("cannot join {room}: {error}"))?,
        }
        Ok(answer)
    }

    async fn say(&self, room: RoomId, text: &str) -> Result<(), BoxError> {
        console::print_line(format_args!("sending to {room}: {text}"))?;
        self.client.call(Say { room, text: text.into() }).await?;
        Ok(())
    }

    /// Receives messages until one of them meets the condition.
    async fn receive_until(
        &mut self,
        condition: impl Fn(&ServerMsg) -> bool,
    ) -> Result<(), BoxError> {
        loop {
            match self.client.recv().await {
                Some(ClientEvent::Msg(message)) => {
                    console::print_line(format_args!("received: {message}"))?;
                    if condition(&message) {
                        return Ok(());
                    }
                }
                other => return Err(unexpected(other)),
            }
        }
    }

    async fn close(mut self) -> Result<(), BoxError> {
        self.client.close();
        while let Some(event) = self.client.recv().await {
            if let ClientEvent::Report(ClientReport::IsDead(DeathReason::ClosedBySelf)) = event {
                return Ok(console::print_line("closed")?);
            }
        }
        Err(unexpected(None))
    }
}

fn unexpected(event: Option<ClientEvent>) -> BoxError {
    match event {
        Some(ClientEvent::Report(ClientReport::IsDead(reason))) => reason.into(),
        Some(event) => format!("unexpected event: {event:?}").into(),
        None => "the client has no more events".into(),
    }
}
