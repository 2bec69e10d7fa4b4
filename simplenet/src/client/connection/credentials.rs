//! What a client shows of who it is: at each connect, and again before it expires.

use std::{
    convert::Infallible,
    future::pending,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;

use super::backoff::Backoff;
use crate::{
    auth::{AuthProvider, AuthRequest, AuthToken, FreshToken},
    channel::ChannelPack,
    client::config::ClientConfig,
    env::EnvType,
    id::ClientId,
    protocol::Protocol,
    time,
    transport::{ConnectError, Connector},
    wall_clock,
    wire::{self, Auth, EncodeError, Hello},
};

/// What a client says in its hellos.
pub(crate) struct Credentials {
    source: Source,
    protocol: Protocol,
    /// The connect message, encoded.
    connect: Bytes,
    /// How long a session that begins now can do without a fresh token.
    good_for: Duration,
}

enum Source {
    /// The same at each connect; from the token, if there is one.
    Given { auth: Auth, token: Option<AuthToken> },
    /// Fresh tokens.
    Provider { client: ClientId, provider: AuthProvider },
}

/// What is left of a token's time when a fresh one is asked for, at most.
const MARGIN: Duration = Duration::from_secs(60);

/// Between one fresh token and the next, at least.
const PAUSE: Duration = Duration::from_secs(1);

impl Credentials {
    /// An error says why these can never be sent.
    pub(crate) fn new<C: ChannelPack>(
        auth: AuthRequest,
        message: &C::ConnectMsg,
    ) -> Result<Self, String> {
        let unusable = |error: EncodeError| format!("connect message: {error}");
        let connect = wire::encode(message, wire::MAX_HELLO_BYTES).map_err(unusable)?;
        let source = Source::from(auth);
        let longest = match &source {
            Source::Given { auth, .. } => auth.clone(),
            Source::Provider { .. } => Auth::Token(vec![0; AuthToken::MAX_BYTES].into()),
        };
        let credentials = Self { source, protocol: C::PROTOCOL, connect, good_for: Duration::ZERO };
        credentials.encode(longest).map_err(unusable)?;
        Ok(credentials)
    }

    /// Whether there is nothing in it that a server would take, nor will there ever be.
    pub(crate) fn have_expired(&self) -> bool {
        matches!(&self.source, Source::Given { token: Some(token), .. } if token.is_expired())
    }

    /// Whether they are one token and no other.
    pub(crate) fn are_one_token(&self) -> bool {
        matches!(self.source, Source::Given { token: Some(_), .. })
    }

    /// The hello for one attempt. A provider may send the connector elsewhere.
    pub(crate) async fn hello<K: Connector>(
        &mut self,
        connector: &mut K,
    ) -> Result<Bytes, ConnectError> {
        let auth = match &self.source {
            Source::Given { auth, .. } => auth.clone(),
            Source::Provider { client, provider } => {
                let FreshToken { token, url } = provide(provider, *client).await?;
                if let Some(url) = url {
                    connector.set_url(url).map_err(unprovided)?;
                }
                self.good_for = good_for(&token, wall_clock::now());
                carried(&token)
            }
        };
        let unusable = |error: EncodeError| ConnectError::Handshake(error.to_string());
        self.encode(auth).map_err(unusable)
    }

    /// Sends fresh tokens in time, as long as it is polled.
    pub(crate) async fn renew(
        &self,
        config: &ClientConfig,
        mut send: impl FnMut(Bytes),
    ) -> Infallible {
        let Source::Provider { client, provider } = &self.source else {
            return pending().await;
        };
        let mut backoff = Backoff::new(config.reconnect_interval, config.max_reconnect_interval);
        let mut wait = self.good_for;
        loop {
            time::sleep(wait.max(PAUSE)).await;
            let provided = time::timeout(config.connect_timeout, provide(provider, *client));
            wait = match provided.await {
                Some(Ok(FreshToken { token, .. })) => {
                    backoff.reset();
                    send(wire::token(token.as_bytes()));
                    good_for(&token, wall_clock::now())
                }
                failed => {
                    let error = failed.and_then(Result::err);
                    tracing::debug!(%client, ?error, "no fresh token");
                    backoff.next(fastrand::f64(), None)
                }
            };
        }
    }

    fn encode(&self, auth: Auth) -> Result<Bytes, EncodeError> {
        let hello = Hello {
            features: 0,
            channel: self.protocol.name().to_owned(),
            protocol: self.protocol.hash(),
            environment: EnvType::current(),
            auth,
            connect: self.connect.clone(),
            // In release builds a stranger learns no more of the schema than its hash.
            canonical: cfg!(debug_assertions).then(|| self.protocol.canonical().to_owned()),
        };
        hello.encode()
    }
}

impl From<AuthRequest> for Source {
    fn from(request: AuthRequest) -> Self {
        let (auth, token) = match request {
            AuthRequest::Provider { client_id, provider } => {
                return Self::Provider { client: client_id, provider };
            }
            AuthRequest::None { client_id } => (Auth::None { client_id: client_id.get() }, None),
            AuthRequest::Secret { client_id, secret } => {
                let secret = secret.expose().to_vec().into();
                (Auth::Secret { client_id: client_id.get(), secret }, None)
            }
            AuthRequest::Token { token } => (carried(&token), Some(token)),
        };
        Self::Given { auth, token }
    }
}

fn carried(token: &AuthToken) -> Auth {
    Auth::Token(token.as_bytes().to_vec().into())
}

/// A fresh token, if it is the client's own.
async fn provide(provider: &AuthProvider, client: ClientId) -> Result<FreshToken, ConnectError> {
    let fresh = provider.provide().await.map_err(unprovided)?;
    match fresh.token.client_id() {
        owner if owner == client => Ok(fresh),
        owner => Err(unprovided(format!("its token is for client {owner} instead of {client}"))),
    }
}

fn unprovided(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ConnectError {
    ConnectError::Provider { source: Arc::from(error.into()) }
}

/// How long a session can do without another token than this one, which has just been given.
///
/// This machine's clock may be wrong, and then what the token says about its own lifetime counts.
fn good_for(token: &AuthToken, now: SystemTime) -> Duration {
    let lifetime = token.expires_at().duration_since(token.issued_at()).unwrap_or_default();
    let left = token.expires_at().duration_since(now).map_or(lifetime, |left| left.min(lifetime));
    left - (left / 5).min(MARGIN)
}

#[cfg(all(test, feature = "server"))]
#[expect(clippy::expect_used, reason = "a test that cannot go on fails where it stands")]
mod tests {
    use super::*;
    use crate::auth::{AuthTokenBuilder, generate_auth_token_keys};

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    /// For a token that was issued at 100,000, when this machine's clock shows `now`.
    fn good_for_seconds(lifetime: u64, now: u64) -> u64 {
        let (key, _) = generate_auth_token_keys().expect("random bytes");
        let token = AuthTokenBuilder::new(1).issued_at(at(100_000));
        let token = token.lifetime(Duration::from_secs(lifetime)).sign(&key).expect("a token");
        good_for(&token, at(now)).as_secs()
    }

    #[test]
    fn a_fresh_token_is_asked_for_before_the_old_one_expires() {
        assert_eq!(good_for_seconds(3600, 100_000), 3540);
        assert_eq!(good_for_seconds(100, 100_000), 80);
        assert_eq!(good_for_seconds(0, 100_000), 0);
        assert_eq!(good_for_seconds(3600, 103_500), 80, "it was not new when it was given");
    }

    #[test]
    fn a_clock_that_is_wrong_neither_forgets_nor_floods() {
        assert_eq!(good_for_seconds(3600, 99_000), 3540, "it is behind");
        assert_eq!(good_for_seconds(3600, 101_000), 2540, "it is ahead");
        assert_eq!(good_for_seconds(3600, 200_000), 3540, "it is a day ahead");
    }
}
