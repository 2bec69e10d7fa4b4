//! A login service, and tokens that are invalid in various ways.

use std::{
    sync::LazyLock,
    time::{Duration, SystemTime},
};

use simplenet::{
    AuthSigningKey, AuthToken, AuthTokenBuilder, TokenVerifier, generate_auth_token_keys,
};

use super::harness::PROBE;

static KEY: LazyLock<AuthSigningKey> = LazyLock::new(new_key);

/// Returns the token of the honest client.
static PROBES: LazyLock<AuthToken> = LazyLock::new(|| sign(for_us(PROBE)));

pub(super) fn verifier() -> TokenVerifier {
    TokenVerifier::new([KEY.verifying_key()]).channel("target").server("eu")
}

pub(super) fn probe() -> &'static AuthToken {
    &PROBES
}

/// Returns a valid token.
pub(super) fn good(client: u128) -> AuthToken {
    sign(for_us(client))
}

pub(super) fn expired_by_a_second(client: u128) -> AuthToken {
    let ago = |seconds| SystemTime::now() - Duration::from_secs(seconds);
    sign(for_us(client).issued_at(ago(600)).expires_at(ago(1)))
}

pub(super) fn of_another_key(client: u128) -> AuthToken {
    for_us(client).sign(&new_key()).expect("a token")
}

pub(super) fn for_others(client: u128) -> [AuthToken; 4] {
    let token = || AuthTokenBuilder::new(client);
    [
        token(),
        token().channel("target"),
        token().channel("target").server("us"),
        token().channel("chat").server("eu"),
    ]
    .map(sign)
}

fn for_us(client: u128) -> AuthTokenBuilder {
    AuthTokenBuilder::new(client).channel("target").server("eu")
}

fn sign(token: AuthTokenBuilder) -> AuthToken {
    token.sign(&KEY).expect("a token")
}

fn new_key() -> AuthSigningKey {
    generate_auth_token_keys().expect("random bytes").0
}
