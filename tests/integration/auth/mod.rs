//! Authentication: accepted and refused clients, expiry, renewal and revocation.

mod clocks;
mod custom;
mod provider;
mod refusals;
mod secrets;
mod sessions;

use std::time::{Duration, SystemTime};

use simplenet::{
    AuthSigningKey, AuthToken, AuthTokenBuilder, AuthVerifyingKey, Authenticator, CloseReason,
    ServerConfig, ServerReport, TokenVerifier, generate_auth_token_keys,
};
use simplenet_tests::{
    chat, raw,
    raw::{Auth, Hello},
};

/// The close code of every failed authentication.
const REFUSED: u16 = 4002;

/// A login service, and its key pair. Servers trust the verifying key.
struct Login {
    signing: AuthSigningKey,
    verifying: AuthVerifyingKey,
}

impl Login {
    fn new() -> Self {
        let (signing, verifying) = generate_auth_token_keys().expect("random bytes");
        Self { signing, verifying }
    }

    fn verifier(&self) -> TokenVerifier {
        TokenVerifier::new([self.verifying])
    }

    /// Creates a token that is valid for an hour.
    fn token(&self, client: u128) -> AuthToken {
        self.sign(AuthTokenBuilder::new(client))
    }

    fn sign(&self, token: AuthTokenBuilder) -> AuthToken {
        token.sign(&self.signing).expect("a token below the size limit")
    }
}

fn server(authenticator: Authenticator) -> chat::Server {
    server_with(authenticator, ServerConfig::default())
}

fn server_with(authenticator: Authenticator, config: ServerConfig) -> chat::Server {
    chat::Server::builder()
        .authenticator(authenticator)
        .config(config)
        .bind("127.0.0.1:0")
        .expect("a free port")
}

fn hello(auth: Auth) -> Hello {
    Hello { auth, ..Hello::new::<chat::Chat>(0, raw::text("ann")) }
}

/// Returns the credentials of a client with this token.
fn token_auth(token: &AuthToken) -> Auth {
    Auth::Token(token.as_bytes().to_vec())
}

/// Waits up to `time` under a paused clock for the end of a session, and returns its reason.
async fn ended_within(server: &mut chat::Server, time: Duration) -> CloseReason {
    match tokio::time::timeout(time, server.recv()).await.expect("an event") {
        Some((_, chat::ServerEvent::Report(ServerReport::Disconnected(reason)))) => reason,
        other => panic!("expected Disconnected, got {other:?}"),
    }
}

/// Returns the time `seconds` before now.
fn ago(seconds: u64) -> SystemTime {
    SystemTime::now() - Duration::from_secs(seconds)
}

/// Returns the time `seconds` after now.
fn ahead(seconds: u64) -> SystemTime {
    SystemTime::now() + Duration::from_secs(seconds)
}
