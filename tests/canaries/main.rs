//! A test that no secret appears in a log line, an error or a close reason. It logs sessions and
//! refusals at TRACE, in a separate process.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed precondition fails the test at its line"
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
    quoting::{Quoting, decode_on_this_thread, quotes},
};

#[tokio::test(flavor = "multi_thread")]
async fn secrets_do_not_appear_in_logs_and_errors() {
    let logs = Logs::start();
    let mut canaries = Canaries::default();
    let mut output = String::new();
    secrets(&mut canaries, &mut output).await;
    tokens(&mut canaries, &mut output).await;
    refused_values(&mut canaries, &mut output).await;
    urls(&mut canaries, &mut output).await;

    assert_eq!(canaries.found_in(&output), None, "in an error, a close reason or a `Debug`");
    for (line, number) in logs.tracing_lines().lines().zip(1..) {
        assert_eq!(canaries.found_in(line), None, "line {number}: {line}");
    }
    // Without these records, the test would prove nothing.
    for record in [
        "authentication refused",
        "session ended",
        "client is dead",
        "tungstenite",
        "expected another text",
        "its `Deserialize` failed",
    ] {
        assert!(logs.tracing_lines().contains(record), "no record of {record:?}");
    }
    let lines = logs.tracing_lines();
    let of_clocks = lines.lines().filter(|line| line.contains("the clocks of the login service"));
    let of_clocks: Vec<&str> = of_clocks.collect();
    assert_eq!(of_clocks.len(), 1, "two refusals by the clock, one warning: {of_clocks:?}");
    assert!(of_clocks[0].contains("WARN") && of_clocks[0].contains("not valid yet"));
    // At TRACE, tungstenite logs whole frames through the crate `log`. simplenet logs a warning
    // about these records.
    let mut frames_with_canaries = 0;
    for (target, level, line) in logs.log_records() {
        if target.starts_with("tungstenite::protocol") && level == log::Level::Trace {
            frames_with_canaries += usize::from(canaries.found_in(&line).is_some());
            continue;
        }
        assert_eq!(canaries.found_in(&line), None, "{target}: {line}");
    }
    assert!(
        frames_with_canaries > 0,
        "tungstenite logged no canary: the warning is obsolete, or the canaries are not found"
    );
    assert!(logs.tracing_lines().contains("which contain messages and secrets"));
}

/// Runs sessions and refusals with a secret, and appends their outcomes to `output`.
async fn secrets(canaries: &mut Canaries, output: &mut String) {
    let secret = canaries.text("shared-secret-of-clients");
    let wrong = canaries.text("wrong-secret-of-a-client");
    let name = canaries.text("name-in-a-connect-message");
    let authenticator = Authenticator::Secret(Secret::new(secret));
    writeln!(output, "{authenticator:?}").unwrap();
    let mut server = server(authenticator);
    let auth = |secret| AuthRequest::Secret { client_id: 1.into(), secret: Secret::new(secret) };
    let mut client = chat::Client::builder(server.url())
        .auth(auth(secret))
        .connect(chat::Hello { name: name.into() });
    let (_, peer) = accept(&mut server).await;
    writeln!(output, "{peer:?} {client:?}").unwrap();
    soon("the client", client.ready()).await.unwrap();
    client.close();
    while soon("an event", client.recv()).await.is_some() {}
    writeln!(output, "{:?}", ended(&mut server).await).unwrap();

    let refused = chat::Client::builder(server.url()).auth(auth(wrong)).connect(hello());
    let reason = soon("a refusal", refused.ready()).await.unwrap_err();
    writeln!(output, "{reason:?} {reason}").unwrap();
    let too_long = "too-long".repeat(200);
    let too_long = canaries.text(&too_long);
    let unsendable = chat::Client::builder(server.url()).auth(auth(too_long)).connect(hello());
    let reason = soon("a refusal", unsendable.ready()).await.unwrap_err();
    writeln!(output, "{reason:?} {reason}").unwrap();
}

/// Runs a session whose tokens are renewed and then revoked. Also causes refusals of all kinds.
async fn tokens(canaries: &mut Canaries, output: &mut String) {
    let (signing, verifying) = generate_auth_token_keys().unwrap();
    let in_a_minute = std::time::SystemTime::now() + Duration::from_secs(60);
    let early = AuthTokenBuilder::new(1).not_before(in_a_minute).sign(&signing).unwrap();
    canaries.text(&signing.to_base64());
    canaries.text(signing.to_pem().lines().nth(1).unwrap());
    let claims = canaries.text("claims-of-the-auth-token");
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
    let authenticator = Authenticator::custom(QuotingAuthenticator(verifier));
    let auth = AuthRequest::Provider { client_id: 1.into(), provider };
    writeln!(output, "{signing:?} {authenticator:?} {auth:?}", signing = verifying.id()).unwrap();
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
    writeln!(output, "{:?}", ended(&mut server).await).unwrap();
    let death = soon("the end of the client", client.dead()).await;
    writeln!(output, "{death:?} {death}").unwrap();

    let issued = issued.lock().unwrap().clone();
    assert!(issued.len() >= 2);
    for token in &issued {
        canaries.token(token);
        writeln!(output, "{token:?}").unwrap();
    }
    let mut malformed = issued[0].as_bytes().to_vec();
    malformed.truncate(200);
    let malformed = canaries.bytes(&malformed);
    canaries.token(&early);
    let [revoked, early] = [&issued[0], &early].map(|token| token.as_bytes().to_vec());
    for token in [revoked, early.clone(), early, malformed] {
        let auth = Auth::Token(token);
        let mut peer = RawPeer::upgraded(&server.url()).await;
        peer.send(&Hello { auth, ..Hello::new::<chat::Chat>(1, raw::text("x")) }.encode()).await;
        let (refused, _) = peer.refused().await;
        writeln!(output, "{refused:?}").unwrap();
    }
}

/// Sends values whose `Deserialize` fails with an error that quotes the value. A connect message, a
/// client message and a server message contain such values.
async fn refused_values(canaries: &mut Canaries, output: &mut String) {
    let in_custom_error =
        Quoting::InCustomError(canaries.text("value-in-a-custom-error").to_owned());
    let in_serde_error =
        Quoting::InSerdeError(canaries.text("value-in-an-error-of-serde").to_owned());
    for value in [in_custom_error, in_serde_error] {
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
        // First, the sender refuses its own value. Then its peer does.
        for decodes in [false, true] {
            decode_on_this_thread(decodes);
            let refused = connect(Some(value.clone()));
            let reason = soon("the end of the refused client", refused.dead()).await;
            writeln!(output, "{reason:?} {reason}").unwrap();
        }

        for from_client in [true, false] {
            let mut client = connect(None);
            let (id, connected) = soon("a client", server.recv()).await.unwrap();
            assert!(matches!(connected, quotes::ServerEvent::Report(ServerReport::Connected(..))));
            let connected = soon("the session", client.recv()).await.unwrap();
            assert!(matches!(connected, quotes::ClientEvent::Report(ClientReport::Connected)));
            if from_client {
                client.send(quotes::ClientValue { value: value.clone() });
            } else {
                assert!(server.send(id, quotes::ServerValue { value: value.clone() }).is_queued());
            }
            let (_, ended) = soon("the end of the session", server.recv()).await.unwrap();
            writeln!(output, "{ended:?}").unwrap();
            while let Some(event) = soon("the end of the client", client.recv()).await {
                writeln!(output, "{event:?}").unwrap();
            }
        }
    }
    decode_on_this_thread(false);
    assert!(output.contains("expected another text"), "{output}");
}

/// Prints builders and errors of clients whose URLs contain secrets, and addresses of servers with
/// secrets.
async fn urls(canaries: &mut Canaries, output: &mut String) {
    let password = canaries.text("password-in-a-url");
    let query = canaries.text("token-in-the-query-of-a-url");
    for url in [
        format!("ws://user:{password}@127.0.0.1:1/"),
        format!("ws://{password}@127.0.0.1:1/"),
        format!("user:{password}@127.0.0.1:1"),
        format!("http://user:{password}@127.0.0.1:1/?{query}"),
        format!("ws://127.0.0.1:1/?token={query}"),
        format!("127.0.0.1:1/?token={query}"),
        format!("ws://127.0.0.1:1/#{query}"),
    ] {
        let config =
            ClientConfig { max_initial_connect_attempts: Some(1), ..ClientConfig::default() };
        let builder = chat::Client::builder(&url).config(config);
        writeln!(output, "{builder:?}").unwrap();
        let death = soon("the end of the client", builder.connect(hello()).dead()).await;
        writeln!(output, "{death:?} {death}").unwrap();
        let bound = chat::Server::builder().bind(url.as_str()).map(|_| ());
        let error = bound.unwrap_err();
        writeln!(output, "{error:?} {error}").unwrap();
        if let Ok(url) = simplenet::Url::parse(&url) {
            let token = AuthTokenBuilder::new(1).lifetime(Duration::from_secs(9));
            let token = token.sign(&generate_auth_token_keys().unwrap().0).unwrap();
            let fresh = simplenet::FreshToken { token, url: Some(url) };
            writeln!(output, "{fresh:?}").unwrap();
        }
    }
}

/// An authenticator that accepts tokens, and logs and quotes all other credentials.
struct QuotingAuthenticator(TokenVerifier);

impl Authenticate for QuotingAuthenticator {
    async fn authenticate(&self, attempt: AuthAttempt) -> Result<AuthIdentity, AuthRefusal> {
        // Like an application that logs everything.
        tracing::trace!(?attempt, "authentication attempt");
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
