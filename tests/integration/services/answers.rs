//! Handlers: their answers, their messages, and their panics.

use std::{
    io,
    sync::{Arc, Mutex},
};

use simplenet::{CallError, ClientReport, EnvType};
use simplenet_tests::harness::soon;
use tracing_subscriber::fmt::MakeWriter;

use super::test_service::{
    Step::{Dropped, Started},
    Subject, TestService, completed,
    tasks::{Behavior, ClientEvent, Hint, Note, ServerMsg, Work},
    work,
};

#[tokio::test]
async fn handler_responds_acknowledges_or_rejects() {
    let mut service = TestService::start();
    let client = service.caller(1).await;
    assert_eq!(soon("Done", client.call(work(1))).await.unwrap().number, 1);
    let acknowledged = client.call(Work { number: 2, behavior: Behavior::Acknowledging });
    assert!(matches!(soon("the end", acknowledged).await, Err(CallError::Acknowledged)));
    let rejected = client.call(Work { number: 3, behavior: Behavior::Rejecting });
    assert!(matches!(soon("the end", rejected).await, Err(CallError::Rejected)));
}

#[tokio::test]
async fn handler_sends_to_its_own_client_and_to_others() {
    let mut service = TestService::start();
    let mut clients = [service.client(1), service.client(2)];
    for client in &mut clients {
        assert!(matches!(
            soon("Connected", client.recv()).await,
            Some(ClientEvent::Report(ClientReport::Connected))
        ));
    }
    for id in [1, 2] {
        service.until(super::test_service::Step::Ended(Subject::Connect(id))).await;
    }
    let [first, second] = &mut clients;
    let call = first.call(Work { number: 7, behavior: Behavior::Hinting(2) });
    soon("the answer", call).await.unwrap();
    assert!(matches!(
        soon("the hint", second.recv()).await,
        Some(ClientEvent::Msg(ServerMsg::Hint(Hint { number: 7 })))
    ));
    first.send(Note { number: 8, behavior: Behavior::Hinting(1) });
    assert!(matches!(
        soon("the hint", first.recv()).await,
        Some(ClientEvent::Msg(ServerMsg::Hint(Hint { number: 8 })))
    ));
    // Each client received only its own hint.
    assert!(first.next().is_none() && second.next().is_none());
}

#[tokio::test]
async fn panicking_handler_rejects_only_its_request() {
    let log = Log::default();
    let _logging = tracing::subscriber::set_default(
        tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish(),
    );
    let mut service = TestService::start();
    let client = service.caller(1).await;
    let other = service.caller(2).await;
    let held = client.call(super::test_service::held_work(1));
    service.expect([Started(Subject::Work(1))]).await;

    let call = client.call(Work { number: 2, behavior: Behavior::Panicking });
    assert!(matches!(soon("the rejection", call).await, Err(CallError::Rejected)));
    service.expect([Started(Subject::Work(2)), Dropped(Subject::Work(2))]).await;
    client.send(Note { number: 3, behavior: Behavior::Panicking });
    service.expect([Started(Subject::Note(3)), Dropped(Subject::Note(3))]).await;

    assert_eq!(soon("the next answer", client.call(work(4))).await.unwrap().number, 4);
    service.expect(completed(Subject::Work(4))).await;
    assert_eq!(soon("the answer to another client", other.call(work(5))).await.unwrap().number, 5);
    service.expect(completed(Subject::Work(5))).await;
    service.release(1);
    assert_eq!(soon("the first answer", held).await.unwrap().number, 1);

    let log = log.text();
    for number in [2, 3] {
        let panicked = |line: &str| {
            line.contains("ERROR") && line.contains(&format!("panic of handler {number}"))
        };
        assert!(log.lines().any(panicked), "{log}");
    }
}

#[tokio::test]
async fn handler_receives_its_peer() {
    use super::test_service::tasks::{Done, Service, ServiceContext};

    struct PeerCheck;

    impl Service for PeerCheck {
        async fn note(&self, _: ServiceContext, _: Note) {}

        async fn work(&self, context: ServiceContext, _: Work) -> simplenet::Reply<Done> {
            let peer = context.peer();
            assert_eq!(peer.env, EnvType::Native);
            assert_eq!(context.server().peer(context.client_id()).as_ref(), Some(&peer));
            Done { number: peer.address.unwrap().port().into() }.into()
        }
    }

    let serving = super::test_service::bind(Default::default(), PeerCheck);
    let url = serving.url();
    let connect = |id| {
        super::test_service::client(url.clone(), id)
            .connect(super::test_service::hello(id, Behavior::AtOnce))
            .into_handle()
    };
    let (first, second) = (connect(1), connect(2));
    let port = soon("the answer", first.call(work(1))).await.unwrap().number;
    assert_ne!(port, 0);
    assert_ne!(soon("the answer", second.call(work(1))).await.unwrap().number, port);
    drop(serving);
}

/// Captures the log of this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
