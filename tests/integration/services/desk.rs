//! A service whose handlers do what the client says, wait for what the test says, and tell what they do.

use std::collections::BTreeSet;

use desk::{Done, Hint, Manner, Note, Service, ServiceContext, Visitor, Work};
use simplenet::{AuthRequest, ClientBuilder, CloseReason, Reply, ServerConfig, Serving, Url};
use simplenet_tests::harness::soon;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

#[simplenet::channel(schema = "schemas/desk.ron")]
pub(super) mod desk {}

/// A handler has begun, ended, or was dropped before its end.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
    Began(What),
    Ended(What),
    Dropped(What),
}

/// What is handled: the visitor's or the thing's number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum What {
    Visit(u32),
    Note(u32),
    Work(u32),
    /// Of the client with this id.
    Leave(u128),
}

/// The handlers.
struct Clerks {
    deeds: mpsc::UnboundedSender<Deed>,
    open: watch::Sender<BTreeSet<u32>>,
}

/// The test's view of a desk.
pub(super) struct Desk {
    deeds: mpsc::UnboundedReceiver<Deed>,
    open: watch::Sender<BTreeSet<u32>>,
    pub(super) server: desk::ServerHandle,
    pub(super) serving: JoinHandle<()>,
}

impl Desk {
    pub(super) fn open() -> Self {
        Self::open_with(ServerConfig::default())
    }

    pub(super) fn open_with(config: ServerConfig) -> Self {
        let (sender, deeds) = mpsc::unbounded_channel();
        let open = watch::Sender::default();
        let clerks = Clerks { deeds: sender, open: open.clone() };
        let serving = bind(config, clerks);
        Self { deeds, open, server: serving.handle(), serving: tokio::spawn(serving) }
    }

    pub(super) fn client(&self, id: u64) -> desk::Client {
        self.client_with(id, Manner::AtOnce)
    }

    /// A client whose number is its id.
    pub(super) fn client_with(&self, id: u64, manner: Manner) -> desk::Client {
        client(self.server.url(), id).connect(visitor(id, manner))
    }

    /// A client that only calls, and is there.
    pub(super) async fn caller(&mut self, id: u64) -> desk::ClientHandle {
        let caller = self.client(id).into_handle();
        soon("the welcome", caller.ready()).await.unwrap();
        self.until(Deed::Ended(What::Visit(u32::try_from(id).unwrap()))).await;
        caller
    }

    /// What is held under this number goes on.
    pub(super) fn release(&self, number: u32) {
        self.open.send_modify(|open| {
            open.insert(number);
        });
    }

    /// The next deed.
    pub(super) async fn deed(&mut self) -> Deed {
        soon("a deed", self.deeds.recv()).await.unwrap()
    }

    pub(super) async fn expect(&mut self, deeds: impl IntoIterator<Item = Deed>) {
        for expected in deeds {
            assert_eq!(self.deed().await, expected);
        }
    }

    /// Everything up to a deed.
    pub(super) async fn until(&mut self, awaited: Deed) -> Vec<Deed> {
        let mut deeds = Vec::new();
        while deeds.last() != Some(&awaited) {
            deeds.push(self.deed().await);
        }
        deeds
    }

    /// All that is left once the service is over.
    pub(super) async fn rest(&mut self) -> Vec<Deed> {
        soon("the end of the service", &mut self.serving).await.unwrap();
        let mut deeds = Vec::new();
        while let Some(deed) = soon("the end of the clerks", self.deeds.recv()).await {
            deeds.push(deed);
        }
        deeds
    }
}

pub(super) fn bind<S>(config: ServerConfig, service: S) -> Serving<desk::Desk>
where
    S: Service + Send + Sync + 'static,
{
    desk::Server::builder().config(config).service(service).bind("127.0.0.1:0").unwrap()
}

pub(super) fn client(url: Url, id: u64) -> ClientBuilder<desk::Desk> {
    let client_id = u128::from(id).into();
    desk::Client::builder(url).auth(AuthRequest::None { client_id })
}

pub(super) fn visitor(id: u64, manner: Manner) -> Visitor {
    Visitor { number: u32::try_from(id).unwrap(), manner }
}

pub(super) fn note(number: u32) -> Note {
    Note { number, manner: Manner::AtOnce }
}

pub(super) fn work(number: u32) -> Work {
    Work { number, manner: Manner::AtOnce }
}

pub(super) fn held_note(number: u32) -> Note {
    Note { number, manner: Manner::Held }
}

pub(super) fn held_work(number: u32) -> Work {
    Work { number, manner: Manner::Held }
}

/// A handler that runs and is dropped whole, with its end.
pub(super) fn whole(what: What) -> [Deed; 2] {
    [Deed::Began(what), Deed::Ended(what)]
}

impl Clerks {
    async fn handle(&self, context: &ServiceContext, what: What, number: u32, manner: &Manner) {
        let mut record = Record { clerks: self, what, ended: false };
        self.tell(Deed::Began(what));
        match *manner {
            Manner::Held => {
                let mut open = self.open.subscribe();
                open.wait_for(|open| open.contains(&number)).await.unwrap();
            }
            Manner::Panicking => panic!("the manner of number {number}"),
            Manner::Hinting(id) if u128::from(id) == context.client_id().get() => {
                context.send(Hint { number });
            }
            Manner::Hinting(id) => {
                context.server().send(u128::from(id), Hint { number });
            }
            Manner::AtOnce | Manner::Acknowledging | Manner::Rejecting => {}
        }
        record.ended = true;
    }

    fn tell(&self, deed: Deed) {
        // The test may have seen enough.
        let _ = self.deeds.send(deed);
    }
}

struct Record<'a> {
    clerks: &'a Clerks,
    what: What,
    ended: bool,
}

impl Drop for Record<'_> {
    fn drop(&mut self) {
        let deed = if self.ended { Deed::Ended } else { Deed::Dropped };
        self.clerks.tell(deed(self.what));
    }
}

impl Service for Clerks {
    async fn connected(&self, context: ServiceContext, visitor: Visitor) {
        let Visitor { number, manner } = visitor;
        self.handle(&context, What::Visit(number), number, &manner).await;
    }

    async fn disconnected(&self, context: ServiceContext, _: CloseReason) {
        let what = What::Leave(context.client_id().get());
        self.handle(&context, what, 0, &Manner::AtOnce).await;
    }

    async fn note(&self, context: ServiceContext, note: Note) {
        self.handle(&context, What::Note(note.number), note.number, &note.manner).await;
    }

    async fn work(&self, context: ServiceContext, work: Work) -> Reply<Done> {
        let Work { number, manner } = work;
        self.handle(&context, What::Work(number), number, &manner).await;
        match manner {
            Manner::Acknowledging => Reply::Acknowledge,
            Manner::Rejecting => Reply::Reject,
            _ => Done { number }.into(),
        }
    }
}
