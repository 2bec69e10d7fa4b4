// The rest of a program whose channel `notes` has an error in its schema. It uses all parts of the
// channel, so a case fails if any of these uses adds an error of its own.

use notes::{
    Client, ClientEvent, Hello, IncomingRequest, Note, Notes, Server, ServerEvent, Write, Written,
};

fn handle_server_event(server: &mut Server, event: ServerEvent) {
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

fn server_message(event: ClientEvent) -> Option<notes::ServerMsg> {
    match event {
        ClientEvent::Msg(message) => Some(message),
        _ => None,
    }
}

fn main() {
    let _ = (handle_server_event, write, server_message, Hello { name: String::new() });
    let _ = <Notes as simplenet::ChannelPack>::PROTOCOL.name();
}
