//! Panics in a user's `Serialize` and `Deserialize`: each request still ends exactly once.

use std::panic::{AssertUnwindSafe, catch_unwind};

use simplenet::{ClientReport, RequestId, RequestStatus, ServerReport};
use simplenet_tests::{fragile, fragile_type::Fragile, harness::soon};

async fn server_event(server: &mut fragile::Server) -> fragile::ServerEvent {
    soon("an event of the server", server.recv()).await.expect("the server continues").1
}

async fn client_event(client: &mut fragile::Client) -> fragile::ClientEvent {
    soon("an event of the client", client.recv()).await.expect("the client continues")
}

async fn connected() -> (fragile::Server, fragile::Client) {
    let mut server = fragile::Server::builder().bind("127.0.0.1:0").unwrap();
    let mut client = fragile::Client::builder(server.url()).connect(());
    let event = server_event(&mut server).await;
    assert!(matches!(event, fragile::ServerEvent::Report(ServerReport::Connected(..))));
    let event = client_event(&mut client).await;
    assert!(matches!(event, fragile::ClientEvent::Report(ClientReport::Connected)));
    (server, client)
}

async fn token(server: &mut fragile::Server) -> fragile::RequestToken<fragile::Get> {
    match server_event(server).await {
        fragile::ServerEvent::Request(fragile::IncomingRequest::Get(_, token)) => token,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn s7_response_whose_serialize_panics_rejects_its_request() {
    let (mut server, mut client) = connected().await;
    let signal = client.request(fragile::Get { number: 1 });
    let token = token(&mut server).await;
    let response = fragile::Got { value: Fragile::PanicsInSerialize };
    assert!(catch_unwind(AssertUnwindSafe(|| token.respond(response))).is_err());
    match client_event(&mut client).await {
        fragile::ClientEvent::Reject(id) => assert_eq!(id, signal.id()),
        other => panic!("{other:?}"),
    }
    assert_eq!(signal.status(), RequestStatus::Rejected);
}

#[tokio::test]
async fn c2_requests_end_once_if_a_deserialize_of_the_client_panics() {
    let (mut server, mut client) = connected().await;
    let signals = [1, 2, 3].map(|number| client.request(fragile::Get { number }));
    let [first, second, third] =
        [token(&mut server).await, token(&mut server).await, token(&mut server).await];
    let client_id = first.client_id();
    // The client reads all frames in one batch.
    first.ack();
    let note = fragile::Note { value: Fragile::PanicsInDeserialize };
    assert!(server.send(client_id, note).is_queued());
    second.respond(fragile::Got { value: Fragile::Valid });
    third.ack();
    let mut outcomes: Vec<(RequestId, RequestStatus)> = Vec::new();
    while outcomes.len() < 3 {
        match client_event(&mut client).await {
            fragile::ClientEvent::Ack(id) => outcomes.push((id, RequestStatus::Acknowledged)),
            fragile::ClientEvent::Response(_, id) => outcomes.push((id, RequestStatus::Responded)),
            fragile::ClientEvent::ResponseLost(id) => {
                outcomes.push((id, RequestStatus::ResponseLost));
            }
            fragile::ClientEvent::Report(_) => {}
            other => panic!("{other:?}"),
        }
    }
    outcomes.sort_by_key(|(id, _)| *id);
    let statuses: Vec<_> = signals.iter().map(|signal| (signal.id(), signal.status())).collect();
    assert_eq!(outcomes, statuses, "events and statuses differ");
}
