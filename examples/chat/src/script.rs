//! The parts that clients play in the demo. Each waits for what it needs and fails if something else comes.

use chat::{
    console,
    protocol::chat::{
        Client, ClientEvent, Hello, Join, JoinError, Joined, RoomId, Say, ServerMsg, Typing,
    },
};
use clap::{Args, ValueEnum};
use simplenet::{ClientReport, DeathReason, Url};

use crate::{Failure, Outcome, chat_old};

#[derive(Args)]
pub(crate) struct Options {
    part: Part,
    #[arg(long)]
    url: Url,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    Ann,
    Ben,
    Cleo,
}

const HALL: RoomId = RoomId(1);
const OFFICE: RoomId = RoomId(2);

pub(crate) async fn run(options: Options) -> Outcome {
    match options.part {
        Part::Ann => ann(options.url).await,
        Part::Ben => ben(options.url).await,
        Part::Cleo => cleo(options.url).await,
    }
}

/// Waits in the hall until somebody speaks to her, and sees him off.
async fn ann(url: Url) -> Outcome {
    let mut ann = Actor::connect(url, "Ann").await?;
    ann.join(HALL).await??;
    ann.hear(|message| matches!(message, ServerMsg::Posted(posted) if posted.from == "Ben"))
        .await?;
    ann.say(HALL, "Hello, Ben!").await?;
    ann.hear(|message| matches!(message, ServerMsg::Left(left) if left.1 == "Ben")).await?;
    ann.leave().await
}

/// Meets Ann, and tries a door that is closed to him.
async fn ben(url: Url) -> Outcome {
    let mut ben = Actor::connect(url, "Ben").await?;
    ben.join(HALL).await??;
    ben.client.send(Typing);
    ben.say(HALL, "Hello, Ann!").await?;
    ben.hear(|message| matches!(message, ServerMsg::Posted(posted) if posted.from == "Ann"))
        .await?;
    match ben.join(OFFICE).await? {
        Err(JoinError::Banned { .. }) => {}
        other => return Err(format!("expected to be banned, not {other:?}").into()),
    }
    ben.say(HALL, "They do not let me into room 2. Bye!").await?;
    ben.leave().await
}

/// Was not updated: she is built from the schema as it once was.
async fn cleo(url: Url) -> Outcome {
    console::line("connects, built from another schema: chat-old.ron")?;
    let client = chat_old::Client::builder(url).connect(chat_old::Hello { name: "Cleo".into() });
    client.ready().await?;
    Err("was let in with another schema".into())
}

/// A client that tells what it does and hears.
struct Actor {
    client: Client,
}

impl Actor {
    async fn connect(url: Url, name: &str) -> Result<Self, Failure> {
        let mut client = Client::builder(url).connect(Hello { name: name.into() });
        match client.recv().await {
            Some(ClientEvent::Report(ClientReport::Connected)) => Ok(Self { client }),
            other => Err(unexpected(other)),
        }
    }

    async fn join(&self, room: RoomId) -> Result<Result<Joined, JoinError>, Failure> {
        let answer = self.client.call(Join { room }).await?;
        match &answer {
            Ok(joined) => {
                console::line(format_args!("enters {room}: {}", joined.members.join(", ")))?;
            }
            Err(error) => console::line(format_args!("is not let into {room}: {error}"))?,
        }
        Ok(answer)
    }

    async fn say(&self, room: RoomId, text: &str) -> Outcome {
        console::line(format_args!("says in {room}: {text}"))?;
        self.client.call(Say { room, text: text.into() }).await?;
        Ok(())
    }

    /// Takes messages up to the one that is waited for.
    async fn hear(&mut self, awaited: impl Fn(&ServerMsg) -> bool) -> Outcome {
        loop {
            match self.client.recv().await {
                Some(ClientEvent::Msg(message)) => {
                    console::line(format_args!("hears: {message}"))?;
                    if awaited(&message) {
                        return Ok(());
                    }
                }
                other => return Err(unexpected(other)),
            }
        }
    }

    async fn leave(mut self) -> Outcome {
        self.client.close();
        while let Some(event) = self.client.recv().await {
            if let ClientEvent::Report(ClientReport::IsDead(DeathReason::ClosedBySelf)) = event {
                return Ok(console::line("leaves")?);
            }
        }
        Err(unexpected(None))
    }
}

fn unexpected(event: Option<ClientEvent>) -> Failure {
    match event {
        Some(ClientEvent::Report(ClientReport::IsDead(reason))) => reason.into(),
        other => format!("did not expect {other:?}").into(),
    }
}
