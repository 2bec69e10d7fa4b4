//! What handlers answer, and what becomes of a panic.

use std::{
    io,
    sync::{Arc, Mutex},
};

use simplenet::{CallError, ClientReport, EnvType};
use simplenet_tests::harness::soon;
use tracing_subscriber::fmt::MakeWriter;

use super::desk::{
    Deed::{Began, Dropped},
    Desk, What,
    desk::{ClientEvent, Hint, Manner, Note, ServerMsg, Work},
    whole, work,
};

#[tokio::test]
async fn a_handler_responds_acknowledges_or_rejects() {
    let mut desk = Desk::open();
    let client = desk.caller(1).await;
    assert_eq!(soon("Done", client.call(work(1))).await.unwrap().number, 1);
    let acknowledged = client.call(Work { number: 2, manner: Manner::Acknowledging });
    assert!(matches!(soon("the end", acknowledged).await, Err(CallError::Acknowledged)));
    let rejected = client.call(Work { number: 3, manner: Manner::Rejecting });
    assert!(matches!(soon("the end", rejected).await, Err(CallError::Rejected)));
}

#[tokio::test]
async fn a_handler_pushes_to_its_own_client_and_to_others() {
    let mut desk = Desk::open();
    let mut clients = [desk.client(1), desk.client(2)];
    for client in &mut clients {
        assert!(matches!(
            soon("Connected", client.recv()).await,
            Some(ClientEvent::Report(ClientReport::Connected))
        ));
    }
    for id in [1, 2] {
        desk.until(super::desk::Deed::Ended(What::Visit(id))).await;
    }
    let [first, second] = &mut clients;
    let call = first.call(Work { number: 7, manner: Manner::Hinting(2) });
    soon("the answer", call).await.unwrap();
    assert!(matches!(
        soon("the hint", second.recv()).await,
        Some(ClientEvent::Msg(ServerMsg::Hint(Hint { number: 7 })))
    ));
    first.send(Note { number: 8, manner: Manner::Hinting(1) });
    assert!(matches!(
        soon("the hint", first.recv()).await,
        Some(ClientEvent::Msg(ServerMsg::Hint(Hint { number: 8 })))
    ));
    // The first hint went to nobody else.
    assert!(first.next().is_none() && second.next().is_none());
}

#[tokio::test]
async fn a_panicking_handler_rejects_its_request_and_harms_nobody_else() {
    let log = Log::default();
    let _logging = tracing::subscriber::set_default(
        tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish(),
    );
    let mut desk = Desk::open();
    let client = desk.caller(1).await;
    let other = desk.caller(2).await;
    let waiting = client.call(super::desk::held_work(1));
    desk.expect([Began(What::Work(1))]).await;

    let call = client.call(Work { number: 2, manner: Manner::Panicking });
    assert!(matches!(soon("the rejection", call).await, Err(CallError::Rejected)));
    desk.expect([Began(What::Work(2)), Dropped(What::Work(2))]).await;
    client.send(Note { number: 3, manner: Manner::Panicking });
    desk.expect([Began(What::Note(3)), Dropped(What::Note(3))]).await;

    assert_eq!(soon("the next answer", client.call(work(4))).await.unwrap().number, 4);
    desk.expect(whole(What::Work(4))).await;
    assert_eq!(soon("the other's answer", other.call(work(5))).await.unwrap().number, 5);
    desk.expect(whole(What::Work(5))).await;
    desk.release(1);
    assert_eq!(soon("the first answer", waiting).await.unwrap().number, 1);

    let log = log.text();
    for number in [2, 3] {
        let panicked = |line: &str| {
            line.contains("ERROR") && line.contains(&format!("the manner of number {number}"))
        };
        assert!(log.lines().any(panicked), "{log}");
    }
}

#[tokio::test]
async fn a_handler_knows_its_peer() {
    use super::desk::desk::{Done, Service, ServiceContext};

    struct Curious;

    impl Service for Curious {
        async fn note(&self, _: ServiceContext, _: Note) {}

        async fn work(&self, context: ServiceContext, _: Work) -> simplenet::Reply<Done> {
            let peer = context.peer();
            assert_eq!(peer.env, EnvType::Native);
            assert_eq!(context.server().peer(context.client_id()).as_ref(), Some(&peer));
            Done { number: peer.address.unwrap().port().into() }.into()
        }
    }

    let serving = super::desk::bind(Default::default(), Curious);
    let url = serving.url();
    let connect = |id| {
        super::desk::client(url.clone(), id)
            .connect(super::desk::visitor(id, Manner::AtOnce))
            .into_handle()
    };
    let (first, second) = (connect(1), connect(2));
    let port = soon("the answer", first.call(work(1))).await.unwrap().number;
    assert_ne!(port, 0);
    assert_ne!(soon("the answer", second.call(work(1))).await.unwrap().number, port);
    drop(serving);
}

/// What is logged on this thread.
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
