//! The methods of a service may be async functions, or functions that return a future.

#![deny(warnings)]

use std::future::{Future, ready};

use simplenet::Reply;
use simplenet_tests::chat::{
    Hello, Join, JoinError, Joined, Posted, Said, Say, Server, Service, ServiceContext, Typing,
};

struct Rooms {
    full: bool,
}

impl Service for Rooms {
    async fn connected(&self, context: ServiceContext, hello: Hello) {
        let text = "joined".to_owned();
        context.send(Posted { room: simplenet_tests::chat::RoomId(0), from: hello.name, text });
    }

    fn typing(&self, _: ServiceContext, _: Typing) -> impl Future<Output = ()> + Send {
        ready(())
    }

    async fn join(&self, _: ServiceContext, _: Join) -> Reply<Result<Joined, JoinError>> {
        if self.full { Err(JoinError::Full).into() } else { Reply::Acknowledge }
    }

    async fn say(&self, context: ServiceContext, _: Say) -> Reply<Said> {
        let _ = context.peer();
        Said { seq: 1 }.into()
    }
}

fn main() {
    let _: fn(Rooms) -> Result<_, simplenet::BindError> =
        |rooms| Server::builder().service(rooms).bind("127.0.0.1:0");
    let _ = Rooms { full: true };
}
