//! Behaviour that the scenario of the client does not cover: messages, shutdown and invalid names.

use std::{error::Error, future::pending, time::Duration};

use matchmaking_protocol::{
    FindMatch, FindMatchError, Lobby, MatchReady, Mode, OpponentLeft, Player, Rating, WatchLobby,
    matchmaking::{Client, ClientEvent, ServerMsg},
};
use matchmaking_server::MatchmakingServer;
use simplenet::{CallError, ClientReport, CloseReason, DeathReason, ShutdownReport, Url};
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};

type Outcome = Result<(), Box<dyn Error>>;

/// Time after which a step of a test counts as hanging.
const STEP_TIMEOUT: Duration = Duration::from_secs(20);

fn serve(
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(Url, JoinHandle<ShutdownReport>), Box<dyn Error>> {
    let server = MatchmakingServer::bind("127.0.0.1:0")?;
    Ok((server.url(), tokio::spawn(server.run(stop))))
}

/// Connects a client that receives its events.
async fn connect(url: &Url, name: &str) -> Result<Client, Box<dyn Error>> {
    let player = Player { name: name.into(), rating: Rating(1_000) };
    let mut client = Client::builder(url.clone()).connect(player);
    match timeout(STEP_TIMEOUT, client.recv()).await? {
        Some(ClientEvent::Report(ClientReport::Connected)) => Ok(client),
        other => Err(format!("expected `Connected`, got {other:?}").into()),
    }
}

/// Receives a message from the server.
async fn recv_message(client: &mut Client) -> Result<ServerMsg, Box<dyn Error>> {
    match timeout(STEP_TIMEOUT, client.recv()).await? {
        Some(ClientEvent::Msg(message)) => Ok(message),
        other => Err(format!("expected a message, got {other:?}").into()),
    }
}

#[tokio::test]
async fn match_and_departure_of_the_opponent_are_sent_as_messages() -> Outcome {
    let (url, serving) = serve(pending())?;
    let mut ann = connect(&url, "Ann").await?;
    let mut ben = connect(&url, "Ben").await?;
    let (for_ann, for_ben) = timeout(STEP_TIMEOUT, async {
        let find = FindMatch { mode: Mode::Casual };
        tokio::join!(ann.call(find.clone()), ben.call(find))
    })
    .await?;
    let (for_ann, for_ben) = (for_ann??, for_ben??);
    assert_eq!(for_ann.opponent.name, "Ben");
    let id = for_ann.id;
    let again = timeout(STEP_TIMEOUT, ann.call(FindMatch { mode: Mode::Casual })).await??;
    assert_eq!(again, Err(FindMatchError::AlreadyPlaying { id }));
    assert_eq!(recv_message(&mut ann).await?, MatchReady { found: for_ann }.into());
    assert_eq!(recv_message(&mut ben).await?, MatchReady { found: for_ben }.into());
    drop(ben);
    assert_eq!(recv_message(&mut ann).await?, OpponentLeft { id }.into());
    let lobby = timeout(STEP_TIMEOUT, ann.call(WatchLobby { seen: None })).await??;
    assert_eq!(lobby, Lobby::default());
    serving.abort();
    Ok(())
}

#[tokio::test]
async fn open_requests_are_answered_at_shutdown() -> Outcome {
    let (stop, stopped) = oneshot::channel();
    let (url, serving) = serve(async { stopped.await.unwrap_or_default() })?;
    let ann = connect(&url, "Ann").await?;
    let search = ann.call(FindMatch { mode: Mode::Ranked });
    let mut seen = None;
    let lobby = loop {
        let lobby = timeout(STEP_TIMEOUT, ann.call(WatchLobby { seen })).await??;
        if lobby.searching == ["Ann"] {
            break lobby;
        }
        seen = Some(lobby);
    };
    let watch = ann.call(WatchLobby { seen: Some(lobby) });
    // Requests are sent in order, so the server has received `watch` before it answers this one.
    timeout(STEP_TIMEOUT, ann.call(WatchLobby { seen: None })).await??;
    stop.send(()).map_err(|()| "the server has already stopped")?;
    assert_eq!(timeout(STEP_TIMEOUT, search).await??, Err(FindMatchError::Closing));
    assert!(matches!(timeout(STEP_TIMEOUT, watch).await?, Err(CallError::Rejected)));
    timeout(STEP_TIMEOUT, serving).await??;
    Ok(())
}

#[tokio::test]
async fn player_with_invalid_name_is_disconnected_with_the_reason() -> Outcome {
    let (url, serving) = serve(pending())?;
    for name in ["", "\u{1b}[2J", &"n".repeat(33)] {
        let player = Player { name: name.into(), rating: Rating(1_000) };
        let client = Client::builder(url.clone()).connect(player).into_handle();
        let end = timeout(STEP_TIMEOUT, client.call(FindMatch { mode: Mode::Casual })).await?;
        assert!(end.is_err(), "{end:?}");
        let death = timeout(STEP_TIMEOUT, client.call(FindMatch { mode: Mode::Casual })).await?;
        match death {
            Err(CallError::Dead(DeathReason::SessionEnded(CloseReason::Kicked(text)))) => {
                assert!(text.contains("1 to 32 printable characters"), "{text}");
            }
            other => return Err(format!("expected `Kicked`, got {other:?}").into()),
        }
    }
    serving.abort();
    Ok(())
}
