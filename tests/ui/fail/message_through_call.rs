use simplenet_tests::chat::{Client, Typing};

fn call(client: &Client) {
    client.request(Typing);
    let _ = client.call(Typing);
}

fn main() {
    let _ = call;
}
