//! The scenario: four players, their requests, and the expected responses.

use std::{fmt::Debug, time::Duration};

use matchmaking_protocol::{FindMatchError, Match, Mode, Outcome as Played, Rating, ReportError};
use simplenet::CallError;
use tokio::time::timeout;

use crate::{BoxError, Outcome, player_client::PlayerClient, print_line};

/// Waits until the server accepts a client. The server may start after this program.
pub(crate) async fn wait_for_server(url: &str, connect_timeout: Duration) -> Outcome {
    let client = PlayerClient::start(url, "Probe", 1_000);
    if let Ok(ready) = timeout(connect_timeout, client.ready()).await {
        return Ok(ready?);
    }
    let hint = "start one with `cargo run -p matchmaking-server`";
    Err(format!("no server at {url}: {}; {hint}", client.state()).into())
}

/// Runs the scenario, and fails at the first unexpected response. Each step waits for the effect of
/// the previous one instead of sleeping.
pub(crate) async fn run(url: &str) -> Outcome {
    let ann = connect(url, "Ann", 1_500).await?;
    let ben = connect(url, "Ben", 1_480).await?;
    let cleo = connect(url, "Cleo", 1_200).await?;
    let dan = connect(url, "Dan", 800).await?;

    check_search_errors(&ann, &dan).await?;
    // Ann searches during the next steps, and is paired with Ben at the end.
    print_line("Ann searches for a ranked match")?;
    let ann_search = ann.start_search(Mode::Ranked).await?;
    check_cancelled_calls(&cleo).await?;
    check_disconnect_during_search(dan, &cleo).await?;

    print_line("Ben searches for a ranked match")?;
    let (for_ann, for_ben) = tokio::try_join!(ann_search, ben.find_match(Mode::Ranked))?;
    let (for_ann, for_ben) = (for_ann?, for_ben?);
    check_pair(&for_ann, &for_ben)?;
    check_reports(&ann, &ben, &cleo, &for_ann).await?;

    check_casual_match(&ben, &cleo).await?;
    drop((ann, ben, cleo));
    print_line("scenario completed")?;
    Ok(())
}

async fn connect(url: &str, name: &'static str, rating: u32) -> Result<PlayerClient, BoxError> {
    let client = PlayerClient::start(url, name, rating);
    client.ready().await?;
    print_line(format_args!("{name} ({rating}) has connected"))?;
    Ok(client)
}

/// Checks the errors of `FindMatch`, which are typed responses.
async fn check_search_errors(ann: &PlayerClient, dan: &PlayerClient) -> Outcome {
    let error = FindMatchError::RatingTooLow { required: Rating(1_000) };
    expect_eq(dan.find_match(Mode::Ranked).await?, Err(error.clone()))?;
    print_line(format_args!("Dan searches for a ranked match: {error}"))?;

    let search = ann.start_search(Mode::Ranked).await?;
    let error = FindMatchError::AlreadySearching;
    expect_eq(ann.find_match(Mode::Ranked).await?, Err(error.clone()))?;
    print_line(format_args!("Ann searches for a second match: {error}"))?;
    ann.stop_search().await?;
    let error = FindMatchError::Stopped;
    expect_eq(search.await?, Err(error.clone()))?;
    print_line(format_args!("Ann stops the search: {error}"))?;
    Ok(())
}

/// Checks calls that end at their deadline or by a drop. The client then stops the search itself.
async fn check_cancelled_calls(cleo: &PlayerClient) -> Outcome {
    const CALL_TIMEOUT: Duration = Duration::from_millis(100);
    match cleo.find_match(Mode::Ranked).timeout(CALL_TIMEOUT).await {
        Err(CallError::TimedOut) => {}
        other => return Err(format!("expected `TimedOut`, got {other:?}").into()),
    }
    cleo.stop_search().await?;
    print_line("Cleo searches for a ranked match: no opponent within 100 ms")?;

    drop(cleo.start_search(Mode::Casual).await?);
    cleo.stop_search().await?;
    print_line("Cleo searches for a casual match, and drops the call")?;
    Ok(())
}

/// Checks that the search of a disconnected player ends.
async fn check_disconnect_during_search(dan: PlayerClient, cleo: &PlayerClient) -> Outcome {
    let search = dan.start_search(Mode::Casual).await?;
    drop(dan);
    match search.await {
        Err(CallError::ResponseLost) => {}
        other => return Err(format!("expected `ResponseLost`, got {other:?}").into()),
    }
    cleo.wait_for_search_end("Dan").await?;
    print_line("Dan searches for a casual match, and disconnects during the search")?;
    Ok(())
}

fn check_pair(for_ann: &Match, for_ben: &Match) -> Outcome {
    let names = (for_ann.opponent.name.as_str(), for_ben.opponent.name.as_str());
    if for_ann.id != for_ben.id || names != ("Ben", "Ann") {
        let error = format!("expected one match of Ann and Ben, got {for_ann:?} and {for_ben:?}");
        return Err(error.into());
    }
    print_line(format_args!("{}: Ann plays against {}", for_ann.id, for_ann.opponent))?;
    Ok(())
}

/// Checks that the first report of a match decides, and that only its players can report.
async fn check_reports(
    ann: &PlayerClient,
    ben: &PlayerClient,
    cleo: &PlayerClient,
    played: &Match,
) -> Outcome {
    let rating = ann.report(played, Played::Won).await??;
    expect_eq(rating, Rating(1_516))?;
    print_line(format_args!("Ann reports a win: her rating is now {rating}"))?;
    let error = ReportError::NotYourMatch;
    expect_eq(cleo.report(played, Played::Won).await?, Err(error.clone()))?;
    print_line(format_args!("Cleo reports a win of the same match: {error}"))?;
    let rating = ben.report(played, Played::Lost).await??;
    expect_eq(rating, Rating(1_464))?;
    print_line(format_args!("Ben reports a loss: his rating is now {rating}"))?;
    Ok(())
}

/// Checks that a casual match keeps the ratings, and that a contradicting report is rejected.
async fn check_casual_match(ben: &PlayerClient, cleo: &PlayerClient) -> Outcome {
    let ben_search = ben.start_search(Mode::Casual).await?;
    let (for_ben, for_cleo) = tokio::try_join!(ben_search, cleo.find_match(Mode::Casual))?;
    let (for_ben, for_cleo) = (for_ben?, for_cleo?);
    print_line(format_args!("{}: Ben plays against {}", for_ben.id, for_ben.opponent))?;
    expect_eq(cleo.report(&for_cleo, Played::Won).await?, Ok(Rating(1_200)))?;
    let error = ReportError::Contradiction;
    expect_eq(ben.report(&for_ben, Played::Won).await?, Err(error.clone()))?;
    print_line(format_args!("Cleo and Ben both report a win: {error}"))?;
    Ok(())
}

fn expect_eq<T: PartialEq + Debug>(value: T, expected: T) -> Outcome {
    if value == expected {
        Ok(())
    } else {
        Err(format!("expected {expected:?}, got {value:?}").into())
    }
}
