use simplenet::Reply;
use simplenet_tests::chat::{Join, JoinError, Joined, Service, ServiceContext, Typing};

struct Rooms;

impl Service for Rooms {
    async fn typing(&self, _: ServiceContext, _: Typing) {}

    async fn join(&self, _: ServiceContext, _: Join) -> Reply<Result<Joined, JoinError>> {
        Reply::Reject
    }
}

fn main() {}
