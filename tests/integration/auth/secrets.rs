//! The debug output of types that contain a secret.

use simplenet::{AuthRequest, Authenticator, Secret};
use simplenet_tests::chat;

#[test]
fn secrets_are_not_printed() {
    const SECRET: &str = "open sesame";
    let auth = || AuthRequest::Secret { client_id: 1.into(), secret: Secret::new(SECRET) };
    let authenticator = || Authenticator::Secret(Secret::new(SECRET));
    let url = "ws://127.0.0.1:1";
    let printed = [
        format!("{:?}", Secret::new(SECRET)),
        format!("{:?}", auth()),
        format!("{:?}", authenticator()),
        format!("{:?}", chat::Client::builder(url).auth(auth())),
        format!("{:?}", chat::Server::builder().authenticator(authenticator())),
    ];
    let bytes = format!("{:?}", SECRET.as_bytes());
    let bytes = bytes.trim_matches(['[', ']']);
    for text in printed {
        assert!(!text.contains(SECRET) && !text.contains(bytes), "{text}");
    }
}
