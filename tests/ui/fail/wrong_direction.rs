use simplenet::ClientId;
use simplenet_tests::chat::{Client, Left, RoomId, Server, Typing};

fn server_sends_client_messages(server: &Server) {
    server.send(ClientId::new(1), Typing);
    server.broadcast(Typing);
}

fn client_sends_server_message(client: &Client) {
    client.send(Left(RoomId(1), String::new()));
}

fn main() {
    let _ = (server_sends_client_messages, client_sends_server_message);
}
