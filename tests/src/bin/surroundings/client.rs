//! The operations of clients.

use std::{future::Future, time::Duration};

use simplenet::{
    AuthProvider, AuthRequest, Authenticator, ClientReport, ClientState, DeathReason,
    MessageStatus, RequestStatus, TokenVerifier,
};
use simplenet_tests::chat;

use super::{Act, Conditions, Outcome, Prepare, healthy::HealthyServer};

/// Returns the operation of a client with this name.
pub(super) fn operation(name: &str, conditions: Conditions) -> Option<Prepare> {
    Some(match name {
        "connect" => on_client(conditions, |client| async move { alive(&client) }),
        "next" => on_client(conditions, |mut client| async move {
            client.next();
            alive(&client)
        }),
        "recv" => on_client(conditions, |mut client| async move {
            client.close();
            match client.recv().await {
                Some(chat::ClientEvent::Report(ClientReport::IsDead(reason))) => {
                    Err(reason.to_string())
                }
                event => Ok(format!("{event:?}")),
            }
        }),
        "send" => on_client(conditions, |client| async move {
            match client.send(chat::Typing).status() {
                status @ MessageStatus::Failed(_) => Err(status.to_string()),
                status => Ok(format!("{status:?}")),
            }
        }),
        "request" => on_client(conditions, |client| async move {
            match client.request(say()).status() {
                status @ RequestStatus::SendFailed(_) => Err(status.to_string()),
                status => Ok(format!("{status:?}")),
            }
        }),
        "call" => on_client(conditions, |client| async move {
            let call = client.call(say()).timeout(Duration::from_millis(500));
            call.await.map(|said| format!("{said:?}")).map_err(|error| format!("{error:?}"))
        }),
        "ready" => on_client(conditions, |client| async move {
            let ready = client.ready().await;
            ready.map(|()| "ready".to_owned()).map_err(|reason| reason.to_string())
        }),
        "close, dead" => on_client(conditions, |client| async move {
            client.close();
            closed(client.dead().await)
        }),
        "close_blocking" => on_client(conditions, |client| async move {
            let ended = client.close_blocking(Duration::from_secs(2));
            ended.map_err(|error| error.to_string()).and_then(closed)
        }),
        "drop client" => on_client(conditions, |client| async move {
            let alive = alive(&client);
            drop(client);
            alive
        }),
        "AuthProvider" => Box::pin(with_provider(conditions)),
        _ => return None,
    })
}

fn on_client<F>(conditions: Conditions, act: fn(chat::Client) -> F) -> Prepare
where
    F: Future<Output = Outcome> + Send + 'static,
{
    Box::pin(async move {
        let server = HealthyServer::start();
        let client = connect(&conditions, server.url(), AuthRequest::none(7_u128)).await;
        Ok(Box::pin(async move {
            let outcome = act(client).await;
            drop(server);
            outcome
        }) as Act)
    })
}

/// Creates a client, and receives its `Connected` if possible.
async fn connect(conditions: &Conditions, url: simplenet::Url, auth: AuthRequest) -> chat::Client {
    let mut builder = chat::Client::builder(url).auth(auth);
    if let Some(chosen) = &conditions.chosen {
        builder = builder.runtime(chosen.clone());
    }
    let mut client = builder.connect(chat::Hello { name: "tested".into() });
    if conditions.runs && !client.is_dead() {
        client.recv().await;
    }
    client
}

/// The provider uses timers and tasks of tokio.
async fn with_provider(conditions: Conditions) -> Result<Act, String> {
    let (signing, verifying) = simplenet::generate_auth_token_keys().expect("random bytes");
    let verifier = TokenVerifier::new([verifying]);
    let server = HealthyServer::start_with(Authenticator::Token(verifier));
    let token = simplenet::make_auth_token_from_lifetime(&signing, 600, 7_u128).expect("a token");
    let provider = AuthProvider::new(move || {
        let token = token.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let token = tokio::spawn(std::future::ready(token)).await?;
            Ok(token.into())
        }
    });
    let auth = AuthRequest::Provider { client_id: 7_u128.into(), provider };
    let client = connect(&conditions, server.url(), auth).await;
    Ok(Box::pin(async move {
        let ready = client.ready().await;
        drop(server);
        ready.map(|()| "ready".to_owned()).map_err(|reason| reason.to_string())
    }))
}

fn say() -> chat::Say {
    chat::Say { room: chat::RoomId(1), text: "hello".into() }
}

fn alive(client: &chat::Client) -> Outcome {
    match client.state() {
        ClientState::Dead(reason) => Err(reason.to_string()),
        state => Ok(format!("{state:?}")),
    }
}

fn closed(reason: DeathReason) -> Outcome {
    match reason {
        DeathReason::ClosedBySelf => Ok(reason.to_string()),
        _ => Err(reason.to_string()),
    }
}
