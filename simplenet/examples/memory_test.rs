//! Tests of an application over memory, without sockets.
//!
//! The application is a game in which players guess a number. The application receives its server
//! as an argument. So a test can pass a server from `bind_memory`, and the program one from `bind`.
//! The tests pause tokio's clock. It then advances only when all tasks wait, so a minute of waiting
//! takes no real time.
//!
//! Here, `main` calls the tests. In the tests of a crate, each function has the attribute
//! `#[tokio::test(start_paused = true)]` instead, which needs the feature `test-util` of tokio.
//!
//! ```sh
//! cargo run -p simplenet --example memory_test
//! ```

use std::{cmp::Ordering, error::Error, time::Duration};

use game::{Answer, ClientEvent, Guess, IncomingRequest, ServerEvent, ServerMsg, Won};
use simplenet::{ClientReport, CloseReason, MemoryConnector};
use tokio::time::{Instant, timeout};

/// The error of a test.
type BoxError = Box<dyn Error + Send + Sync>;

/// The time without an event after which the server disconnects the players.
const MAX_IDLE: Duration = Duration::from_secs(60);

#[simplenet::channel]
mod game {
    #[request(Answer)]
    pub struct Guess(pub u32);
    pub enum Answer {
        TooLow,
        TooHigh,
        Correct,
    }
    /// Sent to all players when one of them has guessed the number.
    #[server_message]
    pub struct Won(pub u32);
}

/// The application under test. It ends when the server is shut down.
async fn play(mut server: game::Server, number: u32) {
    loop {
        match timeout(MAX_IDLE, server.recv()).await {
            Ok(Some((_, ServerEvent::Request(IncomingRequest::Guess(Guess(guess), token))))) => {
                let answer = match guess.cmp(&number) {
                    Ordering::Less => Answer::TooLow,
                    Ordering::Greater => Answer::TooHigh,
                    Ordering::Equal => Answer::Correct,
                };
                if answer == Answer::Correct {
                    server.broadcast(Won(number));
                }
                token.respond(answer);
            }
            Ok(Some(_)) => {}
            Ok(None) => return,
            Err(_) => {
                for player in server.clients() {
                    server.disconnect(player, CloseReason::kicked("no guess in time"));
                }
            }
        }
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), BoxError> {
    wrong_guess_is_answered_with_a_hint().await?;
    correct_guess_is_announced_to_all_players().await?;
    idle_player_is_disconnected_after_a_minute().await?;
    println!("3 tests passed");
    Ok(())
}

async fn wrong_guess_is_answered_with_a_hint() -> Result<(), BoxError> {
    let connector = start_game(7)?;
    let player = connect(&connector).await?;
    assert_eq!(player.call(Guess(6)).await?, Answer::TooLow);
    assert_eq!(player.call(Guess(8)).await?, Answer::TooHigh);
    Ok(())
}

async fn correct_guess_is_announced_to_all_players() -> Result<(), BoxError> {
    let connector = start_game(7)?;
    let mut players = [connect(&connector).await?, connect(&connector).await?];
    assert_eq!(players[0].call(Guess(7)).await?, Answer::Correct);
    for player in &mut players {
        let event = next_event(player).await?;
        assert!(matches!(event, ClientEvent::Msg(ServerMsg::Won(Won(7)))), "{event:?}");
    }
    Ok(())
}

async fn idle_player_is_disconnected_after_a_minute() -> Result<(), BoxError> {
    let connector = start_game(7)?;
    let started = Instant::now();
    let mut player = connect(&connector).await?;
    match next_event(&mut player).await? {
        ClientEvent::Report(ClientReport::ClosedByServer(reason)) => {
            assert_eq!(reason, CloseReason::kicked("no guess in time"));
        }
        other => return Err(format!("unexpected event: {other:?}").into()),
    }
    assert_eq!(started.elapsed().as_secs(), MAX_IDLE.as_secs());
    Ok(())
}

/// Starts a game in the background, and returns the connector for its players.
fn start_game(number: u32) -> Result<MemoryConnector, BoxError> {
    let (server, connector) = game::Server::builder().bind_memory()?;
    tokio::spawn(play(server, number));
    Ok(connector)
}

/// Connects a player, and waits until it can send.
async fn connect(connector: &MemoryConnector) -> Result<game::Client, BoxError> {
    let mut client = game::Client::in_memory(connector).connect(());
    match next_event(&mut client).await? {
        ClientEvent::Report(ClientReport::Connected) => Ok(client),
        other => Err(format!("unexpected event: {other:?}").into()),
    }
}

/// Waits for the next event, for at most twice the idle time.
async fn next_event(client: &mut game::Client) -> Result<ClientEvent, BoxError> {
    let event = timeout(2 * MAX_IDLE, client.recv()).await?;
    event.ok_or_else(|| "the client is dead".into())
}
