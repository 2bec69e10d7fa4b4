//! The evening: who comes, what they ask for, and what they are to hear.

use std::time::Duration;

use matchmaking_protocol::{FindMatchError, Match, Mode, Outcome as Played, Rating, ReportError};
use simplenet::{CallError, ClientState, NotConnected, Url};
use tokio::time::timeout;

use crate::{
    Failure, Outcome, chain,
    guest::{Guest, refused},
    say,
};

/// Waits for the server, which may have to be started first.
pub(crate) async fn server_is_there(url: &Url, patience: Duration) -> Outcome {
    let scout = Guest::come(url, "Scout", 1_000);
    match timeout(patience, scout.ready()).await {
        Ok(ready) => Ok(ready?),
        Err(_) => {
            let reason = match scout.server().state() {
                ClientState::Connecting { reason: Some(NotConnected::Failed(error)), .. } => {
                    chain(&error)
                }
                _ => "no answer".into(),
            };
            let hint = "start one with `cargo run -p matchmaking-server`";
            Err(format!("no server at {url}: {reason}; {hint}").into())
        }
    }
}

/// Spends the evening; fails if anything is not as expected. Whoever does something next waits for what was before, never
/// for time to pass.
pub(crate) async fn spend(url: &Url) -> Outcome {
    let ann = arrive(url, "Ann", 1_500).await?;
    let ben = arrive(url, "Ben", 1_480).await?;
    let cleo = arrive(url, "Cleo", 1_200).await?;
    let dan = arrive(url, "Dan", 800).await?;

    errors_are_answers(&ann, &dan).await?;
    // From here on Ann waits, while the others come and go.
    say("Ann asks for a ranked match, and waits")?;
    let ann_waits = ann.wait_for_match(Mode::Ranked).await?;
    calls_end_early(&cleo).await?;
    leaves_while_waiting(dan, &cleo).await?;

    say("Ben asks for a ranked match")?;
    let (for_ann, for_ben) = tokio::try_join!(ann_waits, ben.find_match(Mode::Ranked))?;
    let (for_ann, for_ben) = (for_ann?, for_ben?);
    paired(&for_ann, &for_ben)?;
    results_are_settled(&ann, &ben, &cleo, &for_ann).await?;

    a_match_for_nothing(&ben, &cleo).await?;
    drop((ann, ben, cleo));
    say("everybody goes home: a fine evening")?;
    Ok(())
}

async fn arrive(url: &Url, name: &'static str, rating: u32) -> Result<Guest, Failure> {
    let guest = Guest::come(url, name, rating);
    guest.ready().await?;
    say(format_args!("{name} ({rating}) comes"))?;
    Ok(guest)
}

/// What a client may do wrong is part of the channel, and a type.
async fn errors_are_answers(ann: &Guest, dan: &Guest) -> Outcome {
    let expected = FindMatchError::RatingTooLow { required: Rating(1_000) };
    refused(dan.find_match(Mode::Ranked).await?, &expected)?;
    say(format_args!("Dan asks for a ranked match: {expected}"))?;

    let waiting = ann.wait_for_match(Mode::Ranked).await?;
    let expected = FindMatchError::AlreadySearching;
    refused(ann.find_match(Mode::Ranked).await?, &expected)?;
    say(format_args!("Ann asks for a ranked match twice: {expected}"))?;
    ann.stop_searching().await?;
    let expected = FindMatchError::Stopped;
    refused(waiting.await?, &expected)?;
    say(format_args!("Ann changes her mind: {expected}"))?;
    Ok(())
}

/// A call ends at its deadline, or when it is dropped; the server is told by a message.
async fn calls_end_early(cleo: &Guest) -> Outcome {
    const SHORT: Duration = Duration::from_millis(100);
    match cleo.find_match(Mode::Ranked).timeout(SHORT).await {
        Err(CallError::TimedOut) => {}
        other => return Err(format!("expected no answer, not {other:?}").into()),
    }
    cleo.stop_searching().await?;
    say(
        "Cleo asks for a ranked match, waits only for a moment, and stops: nobody is as strong as she is",
    )?;

    drop(cleo.wait_for_match(Mode::Casual).await?);
    cleo.stop_searching().await?;
    say("Cleo asks for a casual match, and gives the call up")?;
    Ok(())
}

/// Who goes away is not paired with anybody.
async fn leaves_while_waiting(dan: Guest, cleo: &Guest) -> Outcome {
    let call = dan.wait_for_match(Mode::Casual).await?;
    drop(dan);
    match call.await {
        Err(CallError::ResponseLost) => {}
        other => return Err(format!("expected no answer, not {other:?}").into()),
    }
    cleo.see_gone("Dan").await?;
    say("Dan asks for a casual match, and goes home while he waits")?;
    Ok(())
}

fn paired(for_ann: &Match, for_ben: &Match) -> Outcome {
    let names = (for_ann.opponent.name.as_str(), for_ben.opponent.name.as_str());
    if for_ann.id != for_ben.id || names != ("Ben", "Ann") {
        return Err(format!("not one match of two: {for_ann:?}, {for_ben:?}").into());
    }
    say(format_args!("{}: Ann plays against {}", for_ann.id, for_ann.opponent))?;
    Ok(())
}

/// One report decides, the other agrees, and a third is none of anybody's business.
async fn results_are_settled(ann: &Guest, ben: &Guest, cleo: &Guest, played: &Match) -> Outcome {
    let rating = ann.report(played, Played::Won).await??;
    expect(rating, Rating(1_516))?;
    say(format_args!("Ann has won, and has a rating of {rating} now"))?;
    expect(cleo.report(played, Played::Won).await?, Err(ReportError::NotYourMatch))?;
    say(format_args!("Cleo says that she has won it: {}", ReportError::NotYourMatch))?;
    let rating = ben.report(played, Played::Lost).await??;
    expect(rating, Rating(1_464))?;
    say(format_args!("Ben has lost, and has a rating of {rating} now"))?;
    Ok(())
}

async fn a_match_for_nothing(ben: &Guest, cleo: &Guest) -> Outcome {
    let ben_waits = ben.wait_for_match(Mode::Casual).await?;
    let (for_ben, for_cleo) = tokio::try_join!(ben_waits, cleo.find_match(Mode::Casual))?;
    let (for_ben, for_cleo) = (for_ben?, for_cleo?);
    say(format_args!("{}: Ben plays against {}", for_ben.id, for_ben.opponent))?;
    expect(cleo.report(&for_cleo, Played::Won).await?, Ok(Rating(1_200)))?;
    expect(ben.report(&for_ben, Played::Won).await?, Err(ReportError::Contradiction))?;
    say(format_args!("both say that they have won it: {}", ReportError::Contradiction))?;
    Ok(())
}

fn expect<T: PartialEq + std::fmt::Debug>(value: T, expected: T) -> Outcome {
    if value == expected {
        Ok(())
    } else {
        Err(format!("expected {expected:?}, not {value:?}").into())
    }
}
