//! Integration tests: real clients and servers, in one binary.
use simplenet::{AuthRequest, ServerReport, ClientReport};
use simplenet_tests::chat;

#[tokio::test]
async fn smoke() {
    let mut server = chat::Server::builder().bind("127.0.0.1:0").unwrap();
    let mut client = chat::Client::builder(server.url())
        .auth(AuthRequest::None { client_id: 7u128.into() })
        .connect(chat::Hello { name: "ann".into() });
    let (id, event) = server.recv().await.unwrap();
    println!("{id} {event:?}");
    assert!(matches!(event, chat::ServerEvent::Report(ServerReport::Connected(..))));
    let event = client.recv().await.unwrap();
    assert!(matches!(event, chat::ClientEvent::Report(ClientReport::Connected)), "{event:?}");
    let call = client.call(chat::Join { room: chat::RoomId(1) });
    let (_, event) = server.recv().await.unwrap();
    match event {
        chat::ServerEvent::Request(chat::IncomingRequest::Join(_, token)) => { server.respond(token, Ok(chat::Joined { members: vec!["x".into()] })); }
        other => panic!("{other:?}"),
    }
    println!("{:?}", call.await);
    drop(client);
    println!("{:?}", server.recv().await);
}
