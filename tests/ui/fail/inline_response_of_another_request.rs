#[simplenet::channel]
mod notes {
    #[request(Result<Note, Gone>)]
    pub struct Read(pub u8);
    #[request(Written)]
    pub struct Write(pub Note);
    pub struct Note(pub String);
    pub struct Gone;
    pub struct Written;
}

use notes::{IncomingRequest, Server, Written};

fn answer(server: &mut Server, request: IncomingRequest) {
    match request {
        IncomingRequest::Read(_, token) => server.respond(token, Written),
        IncomingRequest::Write(_, token) => server.respond(token, Written),
    };
}

fn main() {
    let _ = answer;
}
