//! The operations of servers.

use std::{future::Future, time::Duration};

use simplenet::{
    AuthAttempt, AuthIdentity, AuthRefusal, Authenticate, Authenticator, BindError, SendOutcome,
    ServerBuilder,
};
use simplenet_tests::chat;

use super::{
    Act, Conditions, Outcome, Prepare,
    healthy::{self, Answers},
};

/// Returns the operation of a server with this name.
pub(super) fn operation(name: &str, conditions: Conditions) -> Option<Prepare> {
    Some(match name {
        "bind" => Box::pin(async move {
            let server = builder(&conditions).bind("127.0.0.1:0").map_err(text)?;
            Ok(Box::pin(async move { Ok(server.url().to_string()) }) as Act)
        }),
        "bind_memory" => Box::pin(async move {
            let (server, connector) = builder(&conditions).bind_memory().map_err(text)?;
            Ok(Box::pin(async move {
                let text = server.url().to_string();
                drop((server, connector));
                Ok(text)
            }) as Act)
        }),
        #[cfg(feature = "axum")]
        "bind_axum" => Box::pin(async move {
            let (server, _route) = builder(&conditions).bind_axum::<()>().map_err(text)?;
            Ok(Box::pin(async move { Ok(server.url().to_string()) }) as Act)
        }),
        "server next" => {
            on_server(conditions, |mut pair| async move { Ok(format!("{:?}", pair.server.next())) })
        }
        "server recv" => on_server(conditions, |mut pair| async move {
            pair.client.close();
            Ok(format!("{:?}", pair.server.recv().await))
        }),
        "server send" => on_server(conditions, |pair| async move {
            let left = chat::Left(chat::RoomId(1), "bob".into());
            match pair.server.send(pair.client.id(), left) {
                SendOutcome::Queued => Ok("queued".to_owned()),
                other => Err(format!("{other:?}")),
            }
        }),
        "shutdown" => on_server(conditions, |pair| async move {
            Ok(format!("{:?}", pair.server.shutdown(DEADLINE).await))
        }),
        "shutdown_blocking" => on_server(conditions, |pair| async move {
            Ok(format!("{:?}", pair.server.shutdown_blocking(DEADLINE)))
        }),
        "Serving" => Box::pin(async move {
            let serving = builder(&conditions).service(Answers).bind("127.0.0.1:0");
            let serving = serving.map_err(text)?;
            Ok(Box::pin(async move {
                let handle = serving.handle();
                let (served, shut_down) =
                    futures_util::join!(serving, async { handle.shutdown(DEADLINE).await });
                match served == shut_down {
                    true => Ok(format!("{served:?}")),
                    false => Err(format!("{served:?} and {shut_down:?}")),
                }
            }) as Act)
        }),
        "drop server" => on_server(conditions, |pair| async move {
            drop(pair.server);
            Ok("dropped".to_owned())
        }),
        "Authenticator" => Box::pin(async move {
            let authenticator = Authenticator::custom(Sleeps);
            let server = builder(&conditions).authenticator(authenticator).bind("127.0.0.1:0");
            let server = server.map_err(text)?;
            let client = healthy::client(server.url());
            if conditions.runs {
                client.ready().await.map_err(|reason| reason.to_string())?;
            }
            Ok(Box::pin(async move {
                // The session may have ended since with its runtime.
                let ready = if conditions.runs { Ok(()) } else { client.ready().await };
                drop(server);
                ready.map(|()| "ready".to_owned()).map_err(|reason| reason.to_string())
            }) as Act)
        }),
        _ => return None,
    })
}

/// The deadline of a shutdown.
const DEADLINE: Duration = Duration::from_millis(100);

/// A server in the surroundings, and its client.
struct Pair {
    server: chat::Server,
    client: chat::ClientHandle,
}

fn on_server<F>(conditions: Conditions, act: fn(Pair) -> F) -> Prepare
where
    F: Future<Output = Outcome> + Send + 'static,
{
    Box::pin(async move {
        let mut server = builder(&conditions).bind("127.0.0.1:0").map_err(text)?;
        let client = healthy::client(server.url());
        if conditions.runs {
            server.recv().await;
        }
        let pair = Pair { server, client: client.clone() };
        Ok(Box::pin(async move {
            let outcome = act(pair).await;
            drop(client);
            outcome
        }) as Act)
    })
}

fn builder(conditions: &Conditions) -> ServerBuilder<chat::Chat> {
    let builder = chat::Server::builder();
    match &conditions.chosen {
        Some(chosen) => builder.runtime(chosen.clone()),
        None => builder,
    }
}

fn text(error: BindError) -> String {
    error.to_string()
}

/// An authenticator that uses timers and tasks of tokio.
struct Sleeps;

impl Authenticate for Sleeps {
    async fn authenticate(&self, attempt: AuthAttempt) -> Result<AuthIdentity, AuthRefusal> {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let identity = AuthIdentity::new(attempt.credentials.client_id());
        tokio::spawn(std::future::ready(identity)).await.map_err(|_| AuthRefusal::new("no task"))
    }
}
