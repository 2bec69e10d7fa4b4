//! A service with a handler for each request, and clients that await the responses.
//!
//! The service is a lobby with unique names. One client also receives the messages of the server,
//! and the other client only makes calls. Service and clients run in this process and talk over a
//! socket.
//!
//! ```sh
//! cargo run -p simplenet --example service
//! ```

use std::{
    collections::BTreeMap,
    error::Error,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use lobby::{ClientEvent, Entered, Join, JoinError, Joined, Left, ServerMsg, ServiceContext};
use simplenet::{ClientId, ClientReport, CloseReason, Reply};

/// The error of the example.
type BoxError = Box<dyn Error + Send + Sync>;

#[simplenet::channel]
mod lobby {
    /// A request to enter the lobby.
    #[request(Result<Joined, JoinError>)]
    pub struct Join {
        pub name: String,
    }
    /// The members, including the new one.
    pub struct Joined {
        pub members: Vec<String>,
    }
    pub enum JoinError {
        NameTaken,
    }
    /// Sent to all clients when a member has joined.
    #[server_message]
    pub struct Entered(pub String);
    /// Sent to all clients when a member has disconnected.
    #[server_message]
    pub struct Left(pub String);
}

/// The service, with the names of its members.
#[derive(Default)]
struct Lobby {
    members: Mutex<BTreeMap<ClientId, String>>,
}

impl Lobby {
    fn members(&self) -> MutexGuard<'_, BTreeMap<ClientId, String>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl lobby::Service for Lobby {
    async fn join(
        &self,
        context: ServiceContext,
        Join { name }: Join,
    ) -> Reply<Result<Joined, JoinError>> {
        let mut members = self.members();
        if members.values().any(|member| *member == name) {
            return Err(JoinError::NameTaken).into();
        }
        members.insert(context.client_id(), name.clone());
        context.server().broadcast(Entered(name));
        let mut names: Vec<_> = members.values().cloned().collect();
        names.sort();
        Ok(Joined { members: names }).into()
    }

    async fn disconnected(&self, context: ServiceContext, _: CloseReason) {
        let member = self.members().remove(&context.client_id());
        if let Some(name) = member {
            context.server().broadcast(Left(name));
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let serving = lobby::Server::builder().service(Lobby::default()).bind("127.0.0.1:0")?;
    let server = serving.handle();
    let serving = tokio::spawn(serving);

    let client = lobby::Client::builder(server.url()).connect(());
    let ada = client.handle();
    // A call waits until the application has received `Connected`, so another task must receive the
    // events.
    let receiving = tokio::spawn(receive_until_a_member_leaves(client));
    let joined = ada.call(Join { name: "Ada".into() }).await?;
    assert_eq!(joined, Ok(Joined { members: vec!["Ada".into()] }));

    // A client that only makes calls needs no such task: after `into_handle`, events are discarded.
    let ben = lobby::Client::builder(server.url()).connect(()).into_handle();
    let refused = ben.call(Join { name: "Ada".into() }).await?;
    assert_eq!(refused, Err(JoinError::NameTaken));
    let joined = ben.call(Join { name: "Ben".into() }).await?;
    assert_eq!(joined, Ok(Joined { members: vec!["Ada".into(), "Ben".into()] }));
    println!("Ben is refused as Ada and joins as Ben");

    // The client closes when its last handle is dropped.
    drop(ben);
    let received = receiving.await??;
    assert_eq!(received, ["Ada entered", "Ben entered", "Ben left"]);
    println!("Ada received {received:?}");

    server.shutdown(Duration::from_secs(5)).await;
    let report = serving.await?;
    println!("{} session closed, {} cut", report.flushed, report.cut);
    Ok(())
}

/// Returns the messages of the server, up to the first `Left`.
async fn receive_until_a_member_leaves(mut client: lobby::Client) -> Result<Vec<String>, BoxError> {
    let mut received = Vec::new();
    loop {
        match client.recv().await {
            Some(ClientEvent::Report(ClientReport::Connected)) => {}
            Some(ClientEvent::Msg(ServerMsg::Entered(Entered(name)))) => {
                received.push(format!("{name} entered"));
            }
            Some(ClientEvent::Msg(ServerMsg::Left(Left(name)))) => {
                received.push(format!("{name} left"));
                return Ok(received);
            }
            other => return Err(format!("unexpected event: {other:?}").into()),
        }
    }
}
