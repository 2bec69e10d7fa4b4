//! The other sides of the tested servers and clients. They have a runtime of their own.

use std::sync::OnceLock;

use simplenet::{Authenticator, Reply, Serving, Url};
use simplenet_tests::chat::{self, Join, JoinError, Joined, RoomId, Said, Say, ServiceContext};
use tokio::runtime::{Handle, Runtime};

/// Returns a runtime that works in all surroundings.
pub(super) fn runtime() -> Handle {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().expect("a runtime")).handle().clone()
}

/// A service that answers at once.
pub(super) struct Answers;

impl chat::Service for Answers {
    async fn typing(&self, _: ServiceContext, _: chat::Typing) {}

    async fn join(&self, _: ServiceContext, _: Join) -> Reply<Result<Joined, JoinError>> {
        Err(JoinError::Full).into()
    }

    async fn say(&self, _: ServiceContext, say: Say) -> Reply<Said> {
        let RoomId(room) = say.room;
        Said { seq: room.into() }.into()
    }
}

/// A running server with the service.
pub(super) struct HealthyServer(Serving<chat::Chat>);

impl HealthyServer {
    pub(super) fn start() -> Self {
        Self::start_with(Authenticator::None)
    }

    pub(super) fn start_with(authenticator: Authenticator) -> Self {
        let builder = chat::Server::builder().runtime(runtime()).authenticator(authenticator);
        Self(builder.service(Answers).bind("127.0.0.1:0").expect("a free port"))
    }

    pub(super) fn url(&self) -> Url {
        self.0.url()
    }
}

/// Returns a running client of the server at this URL.
pub(super) fn client(url: Url) -> chat::ClientHandle {
    let hello = chat::Hello { name: "healthy".into() };
    chat::Client::builder(url).runtime(runtime()).connect(hello).into_handle()
}
