#[simplenet::channel(schema = "schemas/unknown_type.ron")]
mod notes {}

// With all this in use, the error in the schema is the only one.
use notes::{Client, ClientEvent, Hello, IncomingRequest, Note, Notes, Server, ServerEvent, Write, Written};

fn serve(server: &mut Server, event: ServerEvent) {
    match event {
        ServerEvent::Request(IncomingRequest::Write(write, token)) => {
            let Note { text, .. } = write.note.clone();
            println!("{text}");
            server.respond(token, Written(1));
        }
        ServerEvent::Msg(notes::ClientMsg::Erase(_)) => {}
        _ => {}
    }
}

async fn write(client: &Client, note: Note) -> Option<u64> {
    client.send(notes::Erase);
    client.call(Write { note }).await.ok().map(|Written(number)| number)
}

fn hear(event: ClientEvent) -> Option<notes::ServerMsg> {
    match event {
        ClientEvent::Msg(message) => Some(message),
        _ => None,
    }
}

fn main() {
    let _ = (serve, write, hear, Hello { name: String::new() });
    let _ = <Notes as simplenet::ChannelPack>::PROTOCOL.name();
}
