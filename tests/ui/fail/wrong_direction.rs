use simplenet::ClientId;
use simplenet_tests::chat::{Client, Left, RoomId, Server, Typing};

fn server_sends_what_clients_send(server: &Server) {
    server.send(ClientId::new(1), Typing);
    server.broadcast(Typing);
}

fn client_sends_what_servers_send(client: &Client) {
    client.send(Left(RoomId(1), String::new()));
}

fn main() {
    let _ = (server_sends_what_clients_send, client_sends_what_servers_send);
}
