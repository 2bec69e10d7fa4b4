//! Promises S6, S7, C2 of ARCHITECTURE.md: request tokens, and the one outcome of every request.

use simplenet::{ClientReport, RequestStatus, SendError, SendOutcome};
use simplenet_tests::{
    chat,
    harness::{accept, client_event, connected, ended, hello, pair, server, server_event},
};

type JoinToken = chat::RequestToken<chat::Join>;

async fn join_token(server: &mut chat::Server) -> JoinToken {
    match server_event(server).await.1 {
        chat::ServerEvent::Request(chat::IncomingRequest::Join(_, token)) => token,
        other => panic!("expected Join, got {other:?}"),
    }
}

fn join() -> chat::Join {
    chat::Join { room: chat::RoomId(1) }
}

#[tokio::test]
async fn s6_answer_reaches_only_the_session_of_the_request() {
    let mut server = server();
    let first = pair(&mut server, 1).await;
    first.request(join());
    let token = join_token(&mut server).await;
    assert!(!token.is_stale());
    first.close();
    ended(&mut server).await;
    assert!(token.is_stale());

    let mut second = simplenet_tests::harness::client(server.url(), 1).connect(hello());
    accept(&mut server).await;
    connected(&mut second).await;
    let own = second.request(join());
    assert_eq!(own.id().get(), 1, "the ids of both sessions must be equal for this test");
    let own_token = join_token(&mut server).await;
    assert_eq!(token.respond(Err(chat::JoinError::Full)), SendOutcome::NotConnected);
    assert_eq!(own_token.ack(), SendOutcome::Queued);
    assert!(matches!(client_event(&mut second).await, chat::ClientEvent::Ack(_)));
}

#[tokio::test]
async fn s7_dropped_token_rejects_its_request() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    let dropped = client.request(join());
    drop(join_token(&mut server).await);
    assert!(matches!(client_event(&mut client).await, chat::ClientEvent::Reject(_)));
    assert_eq!(dropped.status(), RequestStatus::Rejected);

    let panicked = client.request(join());
    let token = join_token(&mut server).await;
    let handler = std::thread::spawn(move || {
        let _token = token;
        std::panic::resume_unwind(Box::new("panic of a handler"));
    });
    assert!(handler.join().is_err());
    match client_event(&mut client).await {
        chat::ClientEvent::Reject(id) => assert_eq!(id, panicked.id()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn s7_dropped_event_rejects_its_request() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    let open = client.request(join());
    // The token of the request is dropped with the event.
    let (_, event) = server_event(&mut server).await;
    drop(event);
    assert!(matches!(client_event(&mut client).await, chat::ClientEvent::Reject(_)));
    assert_eq!(open.status(), RequestStatus::Rejected);
}

#[tokio::test]
async fn c2_every_request_has_one_outcome_as_event_and_status() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    let responded = client.request(join());
    let acknowledged = client.request(join());
    let rejected = client.request(join());
    let lost = client.request(join());
    join_token(&mut server).await.respond(Ok(chat::Joined { members: vec![] }));
    join_token(&mut server).await.ack();
    join_token(&mut server).await.reject();
    let _kept = join_token(&mut server).await;

    match client_event(&mut client).await {
        chat::ClientEvent::Response(chat::ServerResponse::Join(Ok(joined)), id) => {
            assert_eq!((joined.members.len(), id), (0, responded.id()));
        }
        other => panic!("{other:?}"),
    }
    assert!(
        matches!(client_event(&mut client).await, chat::ClientEvent::Ack(id) if id == acknowledged.id())
    );
    assert!(
        matches!(client_event(&mut client).await, chat::ClientEvent::Reject(id) if id == rejected.id())
    );
    assert_eq!(lost.status(), RequestStatus::Waiting);
    drop(server);
    assert!(matches!(
        client_event(&mut client).await,
        chat::ClientEvent::Report(ClientReport::Disconnected(_))
    ));
    assert!(
        matches!(client_event(&mut client).await, chat::ClientEvent::ResponseLost(id) if id == lost.id())
    );
    let failed = client.request(join());
    assert!(
        matches!(client_event(&mut client).await, chat::ClientEvent::SendFailed(id, SendError::NotConnected) if id == failed.id())
    );

    let statuses = [responded, acknowledged, rejected, lost, failed].map(|signal| signal.status());
    assert_eq!(
        statuses,
        [
            RequestStatus::Responded,
            RequestStatus::Acknowledged,
            RequestStatus::Rejected,
            RequestStatus::ResponseLost,
            RequestStatus::SendFailed(SendError::NotConnected),
        ]
    );
}

#[tokio::test]
async fn c2_request_after_death_has_only_a_status() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    client.close();
    while simplenet_tests::harness::soon("the end", client.recv()).await.is_some() {}
    assert!(client.is_dead());
    assert_eq!(client.request(join()).status(), RequestStatus::SendFailed(SendError::NotConnected));
    assert!(client.next().is_none());
}

#[tokio::test]
async fn c6_request_ids_are_unique_across_sessions() {
    let mut server = server();
    let address = server.url().socket_addrs(|| None).unwrap()[0];
    let config = simplenet::ClientConfig {
        reconnect_interval: std::time::Duration::from_millis(10),
        ..Default::default()
    };
    let mut client =
        simplenet_tests::harness::client(server.url(), 1).config(config).connect(hello());
    accept(&mut server).await;
    connected(&mut client).await;
    let first = client.request(join());
    join_token(&mut server).await.ack();
    drop(server);
    let mut server = loop {
        match chat::Server::builder().bind(address) {
            Ok(server) => break server,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    accept(&mut server).await;
    while !matches!(
        client_event(&mut client).await,
        chat::ClientEvent::Report(ClientReport::Disconnected(_))
    ) {}
    connected(&mut client).await;
    let second = client.request(join());
    assert!(second.id() > first.id());
    let token = join_token(&mut server).await;
    assert_eq!(token.request_id(), second.id());
}
