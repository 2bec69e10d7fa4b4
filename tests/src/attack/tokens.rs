//! Valid tokens, and tokens that are invalid in various ways.

use std::{
    sync::LazyLock,
    time::{Duration, SystemTime},
};

use simplenet::{
    AuthSigningKey, AuthToken, AuthTokenBuilder, TokenVerifier, generate_auth_token_keys,
};

use super::harness::PROBE;

static KEY: LazyLock<AuthSigningKey> = LazyLock::new(new_key);

/// The token of the honest client.
static PROBE_TOKEN: LazyLock<AuthToken> = LazyLock::new(|| sign(valid_builder(PROBE)));

pub(super) fn verifier() -> TokenVerifier {
    TokenVerifier::new([KEY.verifying_key()]).channel("target").server("eu")
}

/// Returns the token of the honest client.
pub(super) fn probe_token() -> &'static AuthToken {
    &PROBE_TOKEN
}

/// Returns a valid token.
pub(super) fn valid(client: u128) -> AuthToken {
    sign(valid_builder(client))
}

/// Returns a token that expired a second ago.
pub(super) fn recently_expired(client: u128) -> AuthToken {
    let ago = |seconds| SystemTime::now() - Duration::from_secs(seconds);
    sign(valid_builder(client).issued_at(ago(600)).expires_at(ago(1)))
}

pub(super) fn signed_with_another_key(client: u128) -> AuthToken {
    valid_builder(client).sign(&new_key()).expect("a token")
}

/// Returns tokens without the server's name or channel, or with other ones.
pub(super) fn for_other_servers(client: u128) -> [AuthToken; 4] {
    let token = || AuthTokenBuilder::new(client);
    [
        token(),
        token().channel("target"),
        token().channel("target").server("us"),
        token().channel("chat").server("eu"),
    ]
    .map(sign)
}

fn valid_builder(client: u128) -> AuthTokenBuilder {
    AuthTokenBuilder::new(client).channel("target").server("eu")
}

fn sign(token: AuthTokenBuilder) -> AuthToken {
    token.sign(&KEY).expect("a token")
}

fn new_key() -> AuthSigningKey {
    generate_auth_token_keys().expect("random bytes").0
}
