//! The service under test. The client chooses the behavior of each handler. The test releases held
//! handlers, and the handlers report their steps to the test.

use std::collections::BTreeSet;

use simplenet::{
    AuthRequest, ClientBuilder, CloseReason, Reply, ServerConfig, Serving, ShutdownReport, Url,
};
use simplenet_tests::harness::soon;
use tasks::{Behavior, Done, Hello, Hint, Note, Service, ServiceContext, Work};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

#[simplenet::channel(schema = "schemas/tasks.ron")]
pub(super) mod tasks {}

/// A step of a handler, which has started, has ended, or was dropped before its end.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Started(Subject),
    Ended(Subject),
    Dropped(Subject),
}

/// The event that a handler handles, with the number that the test has chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Subject {
    Connect(u32),
    Note(u32),
    Work(u32),
    /// The id of the client.
    Disconnect(u128),
}

/// The handlers of the service. They report their steps to the test.
struct Handlers {
    steps: mpsc::UnboundedSender<Step>,
    released: watch::Sender<BTreeSet<u32>>,
}

/// The running service, and the test's control over it.
pub(super) struct TestService {
    steps: mpsc::UnboundedReceiver<Step>,
    released: watch::Sender<BTreeSet<u32>>,
    pub(super) server: tasks::ServerHandle,
    pub(super) serving: JoinHandle<ShutdownReport>,
}

impl TestService {
    pub(super) fn start() -> Self {
        Self::start_with(ServerConfig::default())
    }

    pub(super) fn start_with(config: ServerConfig) -> Self {
        let (sender, steps) = mpsc::unbounded_channel();
        let released = watch::Sender::default();
        let handlers = Handlers { steps: sender, released: released.clone() };
        let serving = bind(config, handlers);
        Self { steps, released, server: serving.handle(), serving: tokio::spawn(serving) }
    }

    pub(super) fn client(&self, id: u64) -> tasks::Client {
        self.client_with(id, Behavior::AtOnce)
    }

    /// Creates a client. The number in its hello is its id.
    pub(super) fn client_with(&self, id: u64, behavior: Behavior) -> tasks::Client {
        client(self.server.url(), id).connect(hello(id, behavior))
    }

    /// Connects a client, waits for its `connected` hook, and returns its handle.
    pub(super) async fn caller(&mut self, id: u64) -> tasks::ClientHandle {
        let caller = self.client(id).into_handle();
        soon("the welcome", caller.ready()).await.unwrap();
        self.until(Step::Ended(Subject::Connect(u32::try_from(id).unwrap()))).await;
        caller
    }

    /// Releases the held handlers with this number.
    pub(super) fn release(&self, number: u32) {
        self.released.send_modify(|released| {
            released.insert(number);
        });
    }

    /// Waits for the next step.
    pub(super) async fn step(&mut self) -> Step {
        soon("a step", self.steps.recv()).await.unwrap()
    }

    /// Asserts that these are the next steps.
    pub(super) async fn expect(&mut self, steps: impl IntoIterator<Item = Step>) {
        for expected in steps {
            assert_eq!(self.step().await, expected);
        }
    }

    /// Returns the steps up to and including `awaited`.
    pub(super) async fn until(&mut self, awaited: Step) -> Vec<Step> {
        let mut steps = Vec::new();
        while steps.last() != Some(&awaited) {
            steps.push(self.step().await);
        }
        steps
    }

    /// Waits for the end of the service, and returns its report and the remaining steps.
    pub(super) async fn end(&mut self) -> (ShutdownReport, Vec<Step>) {
        let report = soon("the end of the service", &mut self.serving).await.unwrap();
        let mut steps = Vec::new();
        while let Some(step) = soon("the last step", self.steps.recv()).await {
            steps.push(step);
        }
        (report, steps)
    }
}

pub(super) fn bind<S>(config: ServerConfig, service: S) -> Serving<tasks::Tasks>
where
    S: Service + Send + Sync + 'static,
{
    tasks::Server::builder().config(config).service(service).bind("127.0.0.1:0").unwrap()
}

pub(super) fn client(url: Url, id: u64) -> ClientBuilder<tasks::Tasks> {
    let client_id = u128::from(id).into();
    tasks::Client::builder(url).auth(AuthRequest::None { client_id })
}

pub(super) fn hello(id: u64, behavior: Behavior) -> Hello {
    Hello { number: u32::try_from(id).unwrap(), behavior }
}

pub(super) fn note(number: u32) -> Note {
    Note { number, behavior: Behavior::AtOnce }
}

pub(super) fn work(number: u32) -> Work {
    Work { number, behavior: Behavior::AtOnce }
}

pub(super) fn held_note(number: u32) -> Note {
    Note { number, behavior: Behavior::Held }
}

pub(super) fn held_work(number: u32) -> Work {
    Work { number, behavior: Behavior::Held }
}

/// Returns the steps of a handler that runs to its end.
pub(super) fn completed(subject: Subject) -> [Step; 2] {
    [Step::Started(subject), Step::Ended(subject)]
}

impl Handlers {
    async fn handle(
        &self,
        context: &ServiceContext,
        subject: Subject,
        number: u32,
        behavior: &Behavior,
    ) {
        let mut guard = HandlerGuard { handlers: self, subject, ended: false };
        self.report(Step::Started(subject));
        match *behavior {
            Behavior::Held => {
                let mut released = self.released.subscribe();
                released.wait_for(|released| released.contains(&number)).await.unwrap();
            }
            Behavior::Panicking => panic!("panic of handler {number}"),
            Behavior::Hinting(id) if u128::from(id) == context.client_id().get() => {
                context.send(Hint { number });
            }
            Behavior::Hinting(id) => {
                context.server().send(u128::from(id), Hint { number });
            }
            Behavior::AtOnce | Behavior::Acknowledging | Behavior::Rejecting => {}
        }
        guard.ended = true;
    }

    fn report(&self, step: Step) {
        // Fails if the test has ended.
        let _ = self.steps.send(step);
    }
}

/// A guard that reports, when it is dropped, whether its handler has ended or was dropped before
/// its end.
struct HandlerGuard<'a> {
    handlers: &'a Handlers,
    subject: Subject,
    ended: bool,
}

impl Drop for HandlerGuard<'_> {
    fn drop(&mut self) {
        let step = if self.ended { Step::Ended } else { Step::Dropped };
        self.handlers.report(step(self.subject));
    }
}

impl Service for Handlers {
    async fn connected(&self, context: ServiceContext, hello: Hello) {
        let Hello { number, behavior } = hello;
        self.handle(&context, Subject::Connect(number), number, &behavior).await;
    }

    async fn disconnected(&self, context: ServiceContext, _: CloseReason) {
        let subject = Subject::Disconnect(context.client_id().get());
        self.handle(&context, subject, 0, &Behavior::AtOnce).await;
    }

    async fn note(&self, context: ServiceContext, note: Note) {
        self.handle(&context, Subject::Note(note.number), note.number, &note.behavior).await;
    }

    async fn work(&self, context: ServiceContext, work: Work) -> Reply<Done> {
        let Work { number, behavior } = work;
        self.handle(&context, Subject::Work(number), number, &behavior).await;
        match behavior {
            Behavior::Acknowledging => Reply::Acknowledge,
            Behavior::Rejecting => Reply::Reject,
            _ => Done { number }.into(),
        }
    }
}
