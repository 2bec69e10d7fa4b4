//! What clients see of the service that those of the evening do not: its messages, and its end.

use std::{error::Error, future::pending, time::Duration};

use matchmaking_protocol::{
    FindMatch, FindMatchError, Lobby, MatchReady, Mode, OpponentLeft, Player, Rating, WatchLobby,
    matchmaking::{Client, ClientEvent, ServerMsg},
};
use matchmaking_server::MatchmakingServer;
use simplenet::{CallError, ClientReport, CloseReason, DeathReason, Url};
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};

type Outcome = Result<(), Box<dyn Error>>;

/// Far more than any of this takes, so whatever lasts so long hangs.
const LIMIT: Duration = Duration::from_secs(20);

fn serve(
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(Url, JoinHandle<()>), Box<dyn Error>> {
    let server = MatchmakingServer::bind("127.0.0.1:0")?;
    Ok((server.url(), tokio::spawn(server.run(stop))))
}

/// A client that takes its events.
async fn connect(url: &Url, name: &str) -> Result<Client, Box<dyn Error>> {
    let player = Player { name: name.into(), rating: Rating(1_000) };
    let mut client = Client::builder(url.clone()).connect(player);
    match timeout(LIMIT, client.recv()).await? {
        Some(ClientEvent::Report(ClientReport::Connected)) => Ok(client),
        other => Err(format!("expected Connected, not {other:?}").into()),
    }
}

async fn message(client: &mut Client) -> Result<ServerMsg, Box<dyn Error>> {
    match timeout(LIMIT, client.recv()).await? {
        Some(ClientEvent::Msg(message)) => Ok(message),
        other => Err(format!("expected a message, not {other:?}").into()),
    }
}

#[tokio::test]
async fn players_hear_of_their_match_and_of_an_opponent_who_leaves() -> Outcome {
    let (url, serving) = serve(pending())?;
    let mut ann = connect(&url, "Ann").await?;
    let mut ben = connect(&url, "Ben").await?;
    let (for_ann, for_ben) = timeout(LIMIT, async {
        let find = FindMatch { mode: Mode::Casual };
        tokio::join!(ann.call(find.clone()), ben.call(find))
    })
    .await?;
    let (for_ann, for_ben) = (for_ann??, for_ben??);
    assert_eq!(for_ann.opponent.name, "Ben");
    let id = for_ann.id;
    let again = timeout(LIMIT, ann.call(FindMatch { mode: Mode::Casual })).await??;
    assert_eq!(again, Err(FindMatchError::AlreadyPlaying { id }));
    assert_eq!(message(&mut ann).await?, MatchReady { found: for_ann }.into());
    assert_eq!(message(&mut ben).await?, MatchReady { found: for_ben }.into());
    drop(ben);
    assert_eq!(message(&mut ann).await?, OpponentLeft { id }.into());
    let lobby = timeout(LIMIT, ann.call(WatchLobby { seen: None })).await??;
    assert_eq!(lobby, Lobby::default());
    serving.abort();
    Ok(())
}

#[tokio::test]
async fn everybody_who_waits_is_answered_when_the_server_stops() -> Outcome {
    let (stop, stopped) = oneshot::channel();
    let (url, serving) = serve(async { stopped.await.unwrap_or_default() })?;
    let ann = connect(&url, "Ann").await?;
    let search = ann.call(FindMatch { mode: Mode::Ranked });
    let mut seen = None;
    let lobby = loop {
        let lobby = timeout(LIMIT, ann.call(WatchLobby { seen })).await??;
        if lobby.searching == ["Ann"] {
            break lobby;
        }
        seen = Some(lobby);
    };
    let watch = ann.call(WatchLobby { seen: Some(lobby) });
    // Answered in this order, so the server has the watch too when it stops.
    timeout(LIMIT, ann.call(WatchLobby { seen: None })).await??;
    stop.send(()).map_err(|()| "the server has stopped before")?;
    assert_eq!(timeout(LIMIT, search).await??, Err(FindMatchError::Closing));
    assert!(matches!(timeout(LIMIT, watch).await?, Err(CallError::Rejected)));
    timeout(LIMIT, serving).await??;
    Ok(())
}

#[tokio::test]
async fn a_player_without_a_name_is_sent_away() -> Outcome {
    let (url, serving) = serve(pending())?;
    for name in ["", "\u{1b}[2J", &"n".repeat(33)] {
        let player = Player { name: name.into(), rating: Rating(1_000) };
        let client = Client::builder(url.clone()).connect(player).into_handle();
        let end = timeout(LIMIT, client.call(FindMatch { mode: Mode::Casual })).await?;
        assert!(end.is_err(), "{end:?}");
        let death = timeout(LIMIT, client.call(FindMatch { mode: Mode::Casual })).await?;
        match death {
            Err(CallError::Dead(DeathReason::SessionEnded(CloseReason::Kicked(why)))) => {
                assert!(why.contains("1 to 32 characters"), "{why}");
            }
            other => return Err(format!("expected a farewell, not {other:?}").into()),
        }
    }
    serving.abort();
    Ok(())
}
