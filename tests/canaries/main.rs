//! Complete sessions at TRACE, in a separate process: no secret shows in a log line, an error or a close reason.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed precondition fails the test at its place"
)]

mod canary;
mod logs;
mod quoting;

use std::{
    fmt::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use simplenet::{
    AuthAttempt, AuthCredentials, AuthIdentity, AuthProvider, AuthRefusal, AuthRequest, AuthToken,
    AuthTokenBuilder, Authenticate, Authenticator, ClientConfig, ClientReport, Revocations, Secret,
    ServerReport, TokenVerifier, generate_auth_token_keys,
};
use simplenet_tests::{
    chat,
    harness::{accept, ended, hello, soon},
    raw,
    raw::{Auth, Hello, RawPeer},
};

use self::{
    canary::Canaries,
    logs::Logs,
    quoting::{Quoting, quotes},
};

#[tokio::test(flavor = "multi_thread")]
async fn secrets_do_not_show_in_logs_and_errors() {
    let logs = Logs::begin();
    let mut canaries = Canaries::default();
    let mut seen = String::new();
    secrets(&mut canaries, &mut seen).await;
    tokens(&mut canaries, &mut seen).await;
    refused_values(&mut canaries, &mut seen).await;

    assert_eq!(canaries.found_in(&seen), None, "in an error, a close reason or a `Debug`");
    for (line, number) in logs.ours().lines().zip(1..) {
        assert_eq!(canaries.found_in(line), None, "line {number}: {line}");
    }
    // The logs contain the sessions above. Otherwise the test would prove nothing.
    for what in [
        "authentication refused",
        "session ended",
        "client is dead",
        "tungstenite",
        "expected another text",
        "its `Deserialize` failed",
    ] {
        assert!(logs.ours().contains(what), "{what}");
    }
    // tungstenite prints whole frames by the crate `log`, only at TRACE, and simplenet warns about it.
    let mut frames = 0;
    for (target, level, line) in logs.others() {
        if target.starts_with("tungstenite::protocol") && level == log::Level::Trace {
            frames += usize::from(canaries.found_in(&line).is_some());
            continue;
        }
        assert_eq!(canaries.found_in(&line), None, "{target}: {line}");
    }
    assert!(frames > 0, "the warning is obsolete, or the canaries do not work");
    assert!(logs.ours().contains("which contain messages and secrets"));
}

/// Runs sessions and refusals with a secret, and appends their outcomes to `seen`.
async fn secrets(canaries: &mut Canaries, seen: &mut String) {
    let secret = canaries.text("the-secret-of-all-clients");
    let wrong = canaries.text("something-that-was-guessed");
    let words = canaries.text("private-words-of-a-client");
    let authenticator = Authenticator::Secret(Secret::new(secret));
    writeln!(seen, "{authenticator:?}").unwrap();
    let mut server = server(authenticator);
    let auth = |secret| AuthRequest::Secret { client_id: 1.into(), secret: Secret::new(secret) };
    let mut client = chat::Client::builder(server.url())
        .auth(auth(secret))
        .connect(chat::Hello { name: words.into() });
    let (_, peer) = accept(&mut server).await;
    writeln!(seen, "{peer:?} {client:?}").unwrap();
    soon("the client", client.ready()).await.unwrap();
    client.close();
    while soon("an event", client.recv()).await.is_some() {}
    writeln!(seen, "{:?}", ended(&mut server).await).unwrap();

    let refused = chat::Client::builder(server.url()).auth(auth(wrong)).connect(hello());
    let reason = soon("a refusal", refused.ready()).await.unwrap_err();
    writeln!(seen, "{reason:?} {reason}").unwrap();
    let too_long = "endless".repeat(200);
    let too_long = canaries.text(&too_long);
    let unusable = chat::Client::builder(server.url()).auth(auth(too_long)).connect(hello());
    let reason = soon("a refusal", unusable.ready()).await.unwrap_err();
    writeln!(seen, "{reason:?} {reason}").unwrap();
}

/// Runs a session with renewed and then revoked tokens, and refusals of all kinds.
async fn tokens(canaries: &mut Canaries, seen: &mut String) {
    let (signing, verifying) = generate_auth_token_keys().unwrap();
    canaries.text(&signing.to_base64());
    canaries.text(signing.to_pem().lines().nth(1).unwrap());
    let claims = canaries.text("what-the-login-service-knows");
    let issued = Arc::new(Mutex::new(Vec::<AuthToken>::new()));
    let provider = AuthProvider::new({
        let issued = issued.clone();
        move || {
            let token = AuthTokenBuilder::new(1).lifetime(Duration::from_secs(2)).claims(claims);
            let token = token.sign(&signing);
            let issued = issued.clone();
            async move {
                issued.lock().unwrap().extend(token.clone());
                Ok(token?.into())
            }
        }
    });
    let revocations = Revocations::new();
    let verifier = TokenVerifier::new([verifying]).revocations(revocations.clone());
    let authenticator = Authenticator::custom(Custom(verifier));
    let auth = AuthRequest::Provider { client_id: 1.into(), provider };
    writeln!(seen, "{signing:?} {authenticator:?} {auth:?}", signing = verifying.id()).unwrap();
    let mut server = server(authenticator);
    let config = ClientConfig { max_reconnect_attempts: Some(1), ..ClientConfig::default() };
    let client = chat::Client::builder(server.url()).auth(auth).config(config).connect(hello());
    accept(&mut server).await;
    soon("a fresh token", async {
        let first = issued.lock().unwrap().first().map(AuthToken::id);
        while server.peer(1).is_none_or(|peer| peer.identity.token_id == first) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    revocations.revoke_client(1, std::time::SystemTime::now() + Duration::from_secs(60));
    writeln!(seen, "{:?}", ended(&mut server).await).unwrap();
    let death = soon("the end of the client", client.dead()).await;
    writeln!(seen, "{death:?} {death}").unwrap();

    let issued = issued.lock().unwrap().clone();
    assert!(issued.len() >= 2);
    for token in &issued {
        canaries.token(token);
        writeln!(seen, "{token:?}").unwrap();
    }
    let mut malformed = issued[0].as_bytes().to_vec();
    malformed.truncate(200);
    let malformed = canaries.bytes(&malformed);
    for auth in [Auth::Token(issued[0].as_bytes().to_vec()), Auth::Token(malformed)] {
        let mut peer = RawPeer::upgraded(&server.url()).await;
        peer.send(&Hello { auth, ..Hello::new::<chat::Chat>(1, raw::text("x")) }.encode()).await;
        let (refused, _) = peer.refused().await;
        writeln!(seen, "{refused:?}").unwrap();
    }
}

/// Sends values whose type refuses and quotes them: in a hello, from a client and from a server.
async fn refused_values(canaries: &mut Canaries, seen: &mut String) {
    let freely = Quoting::Freely(canaries.text("what-a-type-quotes-freely").to_owned());
    let formally = Quoting::Formally(canaries.text("what-a-type-quotes-formally").to_owned());
    for value in [freely, formally] {
        let mut server = quotes::Server::builder().bind("127.0.0.1:0").unwrap();
        let url = server.url();
        let connect = |value| {
            let config = ClientConfig {
                reconnect_on_disconnect: false,
                max_initial_connect_attempts: Some(1),
                ..ClientConfig::default()
            };
            quotes::Client::builder(url.clone()).config(config).connect(quotes::Hello { value })
        };
        let stranger = connect(Some(value.clone()));
        writeln!(seen, "{:?}", soon("the end of a stranger", stranger.dead()).await).unwrap();

        for from_client in [true, false] {
            let mut client = connect(None);
            let (id, connected) = soon("a client", server.recv()).await.unwrap();
            assert!(matches!(connected, quotes::ServerEvent::Report(ServerReport::Connected(..))));
            let connected = soon("the session", client.recv()).await.unwrap();
            assert!(matches!(connected, quotes::ClientEvent::Report(ClientReport::Connected)));
            if from_client {
                client.send(quotes::Said { value: value.clone() });
            } else {
                assert!(server.send(id, quotes::Told { value: value.clone() }).is_queued());
            }
            let (_, ended) = soon("the end of the session", server.recv()).await.unwrap();
            writeln!(seen, "{ended:?}").unwrap();
            while let Some(event) = soon("the end of the client", client.recv()).await {
                writeln!(seen, "{event:?}").unwrap();
            }
        }
    }
    assert!(seen.contains("expected another text"), "{seen}");
}

/// An authenticator that accepts tokens, and fails in various ways otherwise.
struct Custom(TokenVerifier);

impl Authenticate for Custom {
    async fn authenticate(&self, attempt: AuthAttempt) -> Result<AuthIdentity, AuthRefusal> {
        // An application that logs everything it receives.
        tracing::trace!(?attempt, "who is this");
        match &attempt.credentials {
            AuthCredentials::Token(token) => {
                Ok(self.0.verify(token, std::time::SystemTime::now())?)
            }
            other => Err(AuthRefusal::new(format!("{other:?}"))),
        }
    }
}

fn server(authenticator: Authenticator) -> chat::Server {
    chat::Server::builder().authenticator(authenticator).bind("127.0.0.1:0").expect("a free port")
}
