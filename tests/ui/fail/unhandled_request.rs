use simplenet_tests::chat::IncomingRequest;

fn answer(request: IncomingRequest) {
    match request {
        IncomingRequest::Join(_, token) => {
            token.ack();
        }
    }
}

fn main() {
    let _ = answer;
}
