use simplenet_tests::chat::{RequestToken, Said, Say};

fn answer(token: RequestToken<Say>) {
    token.respond(Said { seq: 1 });
    token.respond(Said { seq: 2 });
}

fn main() {
    let _ = answer;
}
