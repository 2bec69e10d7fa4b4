use simplenet::Reply;
use simplenet_tests::chat::{Join, Said, Say, Service, ServiceContext, Typing};

struct Rooms;

impl Service for Rooms {
    async fn typing(&self, _: ServiceContext, _: Typing) {}

    async fn join(&self, _: ServiceContext, _: Join) -> Reply<Said> {
        Reply::Reject
    }

    async fn say(&self, _: ServiceContext, _: Say) -> Reply<Said> {
        Said { seq: 1 }.into()
    }
}

fn main() {}
