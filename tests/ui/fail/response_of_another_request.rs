use simplenet_tests::chat::{IncomingRequest, Said, Server};

fn answer(request: IncomingRequest) {
    match request {
        IncomingRequest::Join(_, token) => {
            token.respond(Said { seq: 1 });
        }
        IncomingRequest::Say(_, _) => {}
    }
}

fn answer_by_server(server: &Server, request: IncomingRequest) {
    if let IncomingRequest::Join(_, token) = request {
        server.respond(token, Said { seq: 1 });
    }
}

fn main() {
    let _ = (answer, answer_by_server);
}
