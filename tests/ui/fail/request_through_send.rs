use simplenet_tests::chat::{Client, Join, RoomId};

fn join(client: &Client) {
    client.send(Join { room: RoomId(1) });
}

fn main() {
    let _ = join;
}
