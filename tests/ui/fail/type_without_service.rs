use simplenet_tests::chat::Server;

struct Rooms;

fn main() {
    let _ = Server::builder().service(Rooms);
}
