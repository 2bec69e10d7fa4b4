//! Promises S4, S5, C1, C4, C6, C7, C8 of ARCHITECTURE.md: the receivers, the order and the
//! statuses of messages.

use simplenet::{
    ClientConfig, ClientReport, ClientState, CloseReason, DeathReason, MessageStatus,
    RequestStatus, SendError, SendOutcome, ServerReport,
};
use simplenet_tests::{
    chat,
    harness::{
        accept, client, client_event, connected, ended, hello, pair, server, server_event, soon,
    },
    raw::RawServer,
};

fn posted(text: &str) -> chat::Posted {
    chat::Posted { room: chat::RoomId(1), from: "server".into(), text: text.into() }
}

fn text(event: chat::ClientEvent) -> String {
    match event {
        chat::ClientEvent::Msg(chat::ServerMsg::Posted(posted)) => posted.text,
        other => panic!("expected Posted, got {other:?}"),
    }
}

#[tokio::test]
async fn s4_send_addresses_the_session_whose_connected_was_received() {
    let mut server = server();
    let mut client = client(server.url(), 1).connect(hello());
    soon("the welcome", client.ready()).await.unwrap();
    // The client is accepted, but the server's application has not received the `Connected`.
    assert_eq!(server.send(1, posted("early")), SendOutcome::NotConnected);
    assert_eq!(server.broadcast(posted("early")).queued, 0);
    assert_eq!(server.disconnect(1, CloseReason::kicked("")), SendOutcome::NotConnected);
    assert_eq!((server.num_connections(), server.clients().len()), (1, 0));
    let (id, _) = accept(&mut server).await;
    assert_eq!(server.clients(), [id]);
    assert_eq!(server.send(1, posted("in time")), SendOutcome::Queued);
    connected(&mut client).await;
    assert_eq!(text(client_event(&mut client).await), "in time");

    // The session has ended and a new session has begun, but the server's application has not
    // received these events.
    client.close();
    while soon("the end", client.recv()).await.is_some() {}
    let second = simplenet_tests::harness::client(server.url(), 1).connect(hello());
    soon("the second welcome", second.ready()).await.unwrap();
    assert_eq!(server.send(1, posted("between sessions")), SendOutcome::NotConnected);
    assert!(matches!(
        server_event(&mut server).await.1,
        chat::ServerEvent::Report(ServerReport::Disconnected(CloseReason::ClosedByClient))
    ));
    assert_eq!(server.send(1, posted("between sessions")), SendOutcome::NotConnected);
    accept(&mut server).await;
    assert_eq!(server.send(1, posted("to the new session")), SendOutcome::Queued);
    assert_eq!(server.send(2, posted("unknown id")), SendOutcome::NotConnected);
}

#[tokio::test]
async fn s5_messages_and_answers_arrive_in_the_order_of_the_calls() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    for room in 0..3 {
        client.request(chat::Join { room: chat::RoomId(room) });
    }
    let mut tokens = Vec::new();
    while tokens.len() < 3 {
        if let chat::ServerEvent::Request(chat::IncomingRequest::Join(_, token)) =
            server_event(&mut server).await.1
        {
            tokens.push(token);
        }
    }
    server.send(1, posted("first"));
    server.ack(tokens.remove(1));
    server.broadcast(posted("second"));
    server.respond(tokens.remove(0), Err(chat::JoinError::Full));
    server.reject(tokens.remove(0));
    server.send(1, posted("last"));
    server.disconnect(1, CloseReason::Application { code: 5, text: "bye".into() });

    assert_eq!(text(client_event(&mut client).await), "first");
    assert!(matches!(client_event(&mut client).await, chat::ClientEvent::Ack(id) if id.get() == 2));
    assert_eq!(text(client_event(&mut client).await), "second");
    assert!(matches!(
        client_event(&mut client).await,
        chat::ClientEvent::Response(chat::ServerResponse::Join(Err(chat::JoinError::Full)), id)
            if id.get() == 1
    ));
    assert!(
        matches!(client_event(&mut client).await, chat::ClientEvent::Reject(id) if id.get() == 3)
    );
    assert_eq!(text(client_event(&mut client).await), "last");
    match client_event(&mut client).await {
        chat::ClientEvent::Report(ClientReport::ClosedByServer(reason)) => {
            assert_eq!(reason, CloseReason::Application { code: 5, text: "bye".into() });
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        client_event(&mut client).await,
        chat::ClientEvent::Report(ClientReport::IsDead(DeathReason::SessionEnded(_)))
    ));
    assert_eq!(server.send(1, posted("too late")), SendOutcome::NotConnected);
}

#[tokio::test]
async fn c1_connected_follows_the_welcome() {
    let listener = RawServer::bind().await;
    let config = ClientConfig { max_initial_connect_attempts: Some(1), ..Default::default() };
    let mut client = client(listener.url(), 1).config(config).connect(hello());
    // The client has sent its hello, and the server has not answered.
    let silent = listener.hello_received().await;
    assert!(!client.is_connected());
    drop(silent);
    // The only event is `IsDead`.
    match client_event(&mut client).await {
        chat::ClientEvent::Report(ClientReport::IsDead(DeathReason::GaveUp {
            attempts: 1,
            ..
        })) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn c4_client_sends_nothing_before_connected_is_received() {
    let mut server = server();
    let mut client = client(server.url(), 1).connect(hello());
    assert_eq!(client.send(chat::Typing).status(), MessageStatus::Failed(SendError::NotConnected));
    soon("the welcome", client.ready()).await.unwrap();
    accept(&mut server).await;
    assert!(matches!(client.state(), ClientState::Accepted));
    assert!(!client.is_connected());
    let not_received = SendError::ConnectedNotReceived;
    assert_eq!(client.send(chat::Typing).status(), MessageStatus::Failed(not_received));
    let early = client.request(chat::Join { room: chat::RoomId(1) });
    assert_eq!(early.status(), RequestStatus::SendFailed(not_received));
    connected(&mut client).await;
    match client_event(&mut client).await {
        chat::ClientEvent::SendFailed(id, error) => {
            assert_eq!((id, error), (early.id(), not_received));
        }
        other => panic!("{other:?}"),
    }
    let sent = client.send(chat::Typing);
    assert!(matches!(server_event(&mut server).await.1, chat::ServerEvent::Msg(_)));
    soon("the flush", async {
        while sent.status() == MessageStatus::Sending {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(sent.status(), MessageStatus::Sent);
    // The messages and requests that have failed do not arrive.
    client.close();
    assert!(matches!(
        server_event(&mut server).await.1,
        chat::ServerEvent::Report(ServerReport::Disconnected(CloseReason::ClosedByClient))
    ));
}

#[tokio::test]
async fn c8_messages_sent_on_connected_arrive_first() {
    let mut server = server();
    for id in 0..20 {
        let mut client = client(server.url(), id).connect(hello());
        accept(&mut server).await;
        server.send(id, posted("welcome"));
        connected(&mut client).await;
        assert_eq!(text(client_event(&mut client).await), "welcome");
        drop(client);
        ended(&mut server).await;
    }
}

#[tokio::test]
async fn oversized_message_fails_without_ending_the_session() {
    let mut server = simplenet_tests::harness::server_with(simplenet::ServerConfig {
        max_msg_size: 1000,
        ..Default::default()
    });
    let client = pair(&mut server, 1).await;
    let large = || chat::Say { room: chat::RoomId(1), text: "x".repeat(2000) };
    assert_eq!(client.request(large()).status(), RequestStatus::SendFailed(SendError::TooLarge));
    assert_eq!(server.send(1, posted(&"x".repeat(2000))), SendOutcome::TooLarge);
    // The session continues.
    client.send(chat::Typing);
    assert!(matches!(server_event(&mut server).await.1, chat::ServerEvent::Msg(_)));
}

/// The client's limit is below that of the server. Without knowing it, the server would end the
/// session with each of these messages, and the client would connect again.
#[tokio::test]
async fn message_beyond_the_limit_of_the_client_is_not_sent() {
    let mut server = server();
    let config = ClientConfig { max_msg_size: 1000, ..Default::default() };
    let mut client = client(server.url(), 1).config(config).connect(hello());
    accept(&mut server).await;
    let mut other = pair(&mut server, 2).await;
    let large = || posted(&"x".repeat(2000));
    assert_eq!(server.send(1, large()), SendOutcome::TooLarge);
    let outcome = server.broadcast(large());
    assert_eq!((outcome.queued, outcome.too_large, outcome.overflowed), (1, 1, 0));
    connected(&mut client).await;

    let signal = client.request(chat::Join { room: chat::RoomId(1) });
    let (_, event) = server_event(&mut server).await;
    let chat::ServerEvent::Request(chat::IncomingRequest::Join(_, token)) = event else {
        panic!("{event:?}")
    };
    let joined = chat::Joined { members: vec!["x".repeat(2000)] };
    assert_eq!(token.respond(Ok(joined)), SendOutcome::TooLarge);
    match client_event(&mut client).await {
        chat::ClientEvent::Reject(id) => assert_eq!(id, signal.id()),
        other => panic!("expected a rejection, got {other:?}"),
    }
    assert!(server.send(1, posted("fits")).is_queued());
    assert_eq!(text(client_event(&mut client).await), "fits", "the session continues");
    assert_eq!(text(client_event(&mut other).await).len(), 2000);
}

#[tokio::test]
async fn is_closed_is_true_for_a_dead_client() {
    let mut server = server();
    let mut client = pair(&mut server, 1).await;
    assert!(client.is_connected() && !client.is_closed());
    server.disconnect(1, CloseReason::kicked("enough"));
    assert!(matches!(
        client_event(&mut client).await,
        chat::ClientEvent::Report(ClientReport::ClosedByServer(_))
    ));
    soon("death", client.dead()).await;
    assert!(!client.is_connected() && client.is_closed() && client.is_dead());
}

#[tokio::test]
async fn is_connected_until_the_session_ends() {
    let mut server = server();
    let mut client = client(server.url(), 1).connect(hello());
    assert!(!client.is_connected(), "without a session");
    accept(&mut server).await;
    soon("the welcome", client.ready()).await.expect("accepted");
    assert!(!client.is_connected(), "before Connected is received");
    connected(&mut client).await;
    assert!(client.is_connected());
    client.close();
    assert!(!client.is_connected(), "a closed client cannot send");
}
