//! The credentials of a client, which are sent with each hello and renewed before they expire.

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
    wire::{self, Auth, EncodeError, Hello, HelloExtensions, OutgoingFrame},
};

/// The contents of a client's hellos.
pub(crate) struct Credentials {
    source: Source,
    protocol: Protocol,
    /// The connect message, encoded.
    connect: Bytes,
    extensions: HelloExtensions,
    /// The time from the start of a session to the first request for a fresh token.
    renew_after: Duration,
}

enum Source {
    /// The same credentials at each connect. `token` is set if they are a token.
    Fixed { auth: Auth, token: Option<AuthToken> },
    /// A fresh token at each connect.
    Provider { client: ClientId, provider: AuthProvider },
}

/// The maximum time between the request for a fresh token and the expiry of the present token.
const MAX_MARGIN: Duration = Duration::from_secs(60);

/// The shortest time between two requests for a fresh token.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

impl Credentials {
    /// Creates the contents from the credentials, the connect message, and the longest frame that
    /// the client accepts, in bytes.
    ///
    /// # Errors
    ///
    /// The reason why these credentials can never be sent.
    pub(crate) fn new<C: ChannelPack>(
        auth: AuthRequest,
        message: &C::ConnectMsg,
        max_msg_size: usize,
    ) -> Result<Self, String> {
        let unusable = |error: EncodeError| format!("the connect message cannot be sent: {error}");
        let connect = wire::encode(message, wire::MAX_HELLO_BYTES).map_err(unusable)?;
        C::payloads().connect.check_connect(&connect).map_err(unusable)?;
        let source = Source::from(auth);
        let longest = match &source {
            Source::Fixed { auth, .. } => auth.clone(),
            Source::Provider { .. } => Auth::Token(vec![0; AuthToken::MAX_BYTES].into()),
        };
        let extensions = HelloExtensions {
            max_msg_size: Some(u32::try_from(max_msg_size).unwrap_or(u32::MAX)),
            ..HelloExtensions::default()
        };
        let (protocol, renew_after) = (C::PROTOCOL, Duration::ZERO);
        let credentials = Self { source, protocol, connect, extensions, renew_after };
        credentials.encode(longest).map_err(unusable)?;
        Ok(credentials)
    }

    /// Returns whether these credentials are a token that has expired.
    pub(crate) fn have_expired(&self) -> bool {
        matches!(&self.source, Source::Fixed { token: Some(token), .. } if token.is_expired())
    }

    /// Returns whether these credentials are one token that is never renewed.
    pub(crate) fn are_single_token(&self) -> bool {
        matches!(self.source, Source::Fixed { token: Some(_), .. })
    }

    /// Returns the hello for one attempt. A provider may change the connector's URL.
    pub(crate) async fn hello<K: Connector>(
        &mut self,
        connector: &mut K,
    ) -> Result<Bytes, ConnectError> {
        let auth = match &self.source {
            Source::Fixed { auth, .. } => auth.clone(),
            Source::Provider { client, provider } => {
                let FreshToken { token, url } = provide(provider, *client).await?;
                if let Some(url) = url {
                    connector.set_url(url).map_err(provider_error)?;
                }
                self.renew_after = renew_after(&token, wall_clock::now());
                token_auth(&token)
            }
        };
        let unusable = |error: EncodeError| ConnectError::Handshake(error.to_string());
        self.encode(auth).map_err(unusable)
    }

    /// Sends a fresh token each time before the present token expires. The future never completes.
    pub(crate) async fn renew(
        &self,
        config: &ClientConfig,
        mut send: impl FnMut(&OutgoingFrame),
    ) -> Infallible {
        let Source::Provider { client, provider } = &self.source else {
            return pending().await;
        };
        let mut backoff = Backoff::new(config.reconnect_interval, config.max_reconnect_interval);
        let mut wait = self.renew_after;
        loop {
            time::sleep(wait.max(MIN_INTERVAL)).await;
            let provided = time::timeout(config.connect_timeout, provide(provider, *client));
            wait = match provided.await {
                Some(Ok(FreshToken { token, .. })) => {
                    backoff.reset();
                    send(&wire::token(token.as_bytes()));
                    renew_after(&token, wall_clock::now())
                }
                failed => {
                    let error = failed.and_then(Result::err);
                    tracing::debug!(%client, ?error, "fresh token not provided");
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
            // In release builds, an unauthenticated server receives only the hash of the schema.
            canonical: cfg!(debug_assertions).then(|| self.protocol.canonical().to_owned()),
            extensions: self.extensions.clone(),
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
            AuthRequest::Token { token } => (token_auth(&token), Some(token)),
        };
        Self::Fixed { auth, token }
    }
}

fn token_auth(token: &AuthToken) -> Auth {
    Auth::Token(token.as_bytes().to_vec().into())
}

/// Requests a fresh token, and verifies that it is for this client.
async fn provide(provider: &AuthProvider, client: ClientId) -> Result<FreshToken, ConnectError> {
    let fresh = provider.provide().await.map_err(provider_error)?;
    match fresh.token.client_id() {
        owner if owner == client => Ok(fresh),
        owner => Err(provider_error(format!("token for client {owner} instead of {client}"))),
    }
}

fn provider_error(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ConnectError {
    ConnectError::Provider { source: Arc::from(error.into()) }
}

/// Returns the wait between the arrival of `token` and the request for the next token.
///
/// The local clock may be wrong, so the wait is bounded by the token's lifetime.
fn renew_after(token: &AuthToken, now: SystemTime) -> Duration {
    let lifetime = token.expires_at().duration_since(token.issued_at()).unwrap_or_default();
    let left = token.expires_at().duration_since(now).map_or(lifetime, |left| left.min(lifetime));
    left - (left / 5).min(MAX_MARGIN)
}

#[cfg(all(test, feature = "server"))]
#[expect(clippy::expect_used, reason = "a failed expectation fails the test")]
mod tests {
    use super::*;
    use crate::auth::{AuthTokenBuilder, generate_auth_token_keys};

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    /// Returns the wait in seconds, for a token that was issued at second 100,000. The local clock
    /// shows second `now`.
    fn renew_after_seconds(lifetime: u64, now: u64) -> u64 {
        let (key, _) = generate_auth_token_keys().expect("random bytes");
        let token = AuthTokenBuilder::new(1).issued_at(at(100_000));
        let token = token.lifetime(Duration::from_secs(lifetime)).sign(&key).expect("a token");
        renew_after(&token, at(now)).as_secs()
    }

    #[test]
    fn fresh_token_is_requested_before_the_old_one_expires() {
        assert_eq!(renew_after_seconds(3600, 100_000), 3540);
        assert_eq!(renew_after_seconds(100, 100_000), 80);
        assert_eq!(renew_after_seconds(0, 100_000), 0);
        assert_eq!(
            renew_after_seconds(3600, 103_500),
            80,
            "the token was not new when it was provided"
        );
    }

    #[test]
    fn renewal_with_a_wrong_local_clock_follows_the_lifetime() {
        assert_eq!(renew_after_seconds(3600, 99_000), 3540, "the local clock is behind");
        assert_eq!(renew_after_seconds(3600, 101_000), 2540, "the local clock is ahead");
        assert_eq!(renew_after_seconds(3600, 200_000), 3540, "the local clock is a day ahead");
    }
}
