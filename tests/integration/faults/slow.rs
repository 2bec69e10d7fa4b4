//! Bytes that arrive late, or in small segments.

use std::time::Duration;

use simplenet_tests::{
    chat,
    harness::{accept, client, client_event, connected, hello, server, server_event},
    proxy::{Faults, Proxy},
};

use super::{panics::without_panics, scripted_session::ScriptedSession};

#[test]
fn session_split_into_single_bytes_works() {
    without_panics(async {
        let faults = Faults { max_write: Some(1), ..Default::default() };
        let session = ScriptedSession { to_server: faults, to_client: faults, altered: false };
        assert_eq!(session.run().await.sessions, 1);
    });
}

#[test]
fn session_over_a_slow_connection_works() {
    without_panics(async {
        for (up, down) in [(0, 20), (20, 0), (20, 5)] {
            let delayed =
                |delay| Faults { delay: Duration::from_millis(delay), ..Default::default() };
            let session = ScriptedSession {
                to_server: delayed(up),
                to_client: delayed(down),
                altered: false,
            };
            assert_eq!(session.run().await.sessions, 1);
        }
    });
}

/// Sends large and small frames alternately, in both directions at once.
#[test]
fn frames_split_into_segments_keep_their_order() {
    const MANY: u32 = 100;
    fn text(number: u32) -> String {
        "x".repeat(if number.is_multiple_of(10) { 30_000 } else { 10 })
    }
    without_panics(async {
        let mut server = server();
        let pieces = |max_write| Faults { max_write: Some(max_write), ..Default::default() };
        let proxy = Proxy::with_faults(&server.url(), pieces(7), pieces(3)).await;
        let mut client = client(proxy.url(), 1).connect(hello());
        let (id, _) = accept(&mut server).await;
        connected(&mut client).await;
        for number in 0..MANY {
            let room = chat::RoomId(number);
            client.request(chat::Say { room, text: text(number) });
            server.send(id, chat::Posted { room, from: String::new(), text: text(number) });
        }
        for number in 0..MANY {
            match server_event(&mut server).await.1 {
                chat::ServerEvent::Request(chat::IncomingRequest::Say(say, token)) => {
                    assert_eq!((say.room.0, say.text), (number, text(number)));
                    token.respond(chat::Said { seq: number.into() });
                }
                other => panic!("{other:?}"),
            }
        }
        let (mut posted, mut responses) = (0, 0);
        while posted < MANY || responses < MANY {
            match client_event(&mut client).await {
                chat::ClientEvent::Msg(chat::ServerMsg::Posted(message)) => {
                    assert_eq!((message.room.0, message.text), (posted, text(posted)));
                    posted += 1;
                }
                chat::ClientEvent::Response(chat::ServerResponse::Say(response), _) => {
                    assert_eq!(response.seq, u64::from(responses));
                    responses += 1;
                }
                other => panic!("{other:?}"),
            }
        }
    });
}
