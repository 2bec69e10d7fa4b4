//! The credentials of a client, which are sent with each hello and renewed before they expire.

use std::{convert::Infallible, future::pending, sync::Arc};

use bytes::Bytes;

use super::{
    backoff::Backoff,
    renewal::{self, until_renewal},
    single_token::SingleToken,
};
use crate::{
    auth::{AuthProvider, AuthRequest, AuthToken, FreshToken},
    channel::ChannelPack,
    client::config::ClientConfig,
    env::EnvType,
    id::ClientId,
    protocol::Protocol,
    server_url::ServerUrl,
    session::Expiry,
    time::{self, Instant},
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
}

enum Source {
    /// The same credentials at each connect. `token` is set if they are a token.
    Fixed { auth: Auth, token: Option<SingleToken> },
    /// A fresh token at each connect.
    Provider { client: ClientId, provider: AuthProvider },
}

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
        let credentials = Self { source, protocol: C::PROTOCOL, connect, extensions };
        credentials.encode(longest).map_err(unusable)?;
        Ok(credentials)
    }

    /// Returns whether these credentials are a single token that has expired, even if the clock of
    /// this machine is wrong.
    pub(crate) fn have_certainly_expired(&self, now: Instant) -> bool {
        self.single_token().is_some_and(|token| token.has_certainly_expired(now))
    }

    /// Returns whether these credentials are a single token that has expired by the clock of this
    /// machine.
    pub(crate) fn have_expired_by_local_clock(&self) -> bool {
        self.single_token().is_some_and(|token| token.has_expired_at(wall_clock::now()))
    }

    /// Returns whether these credentials are one token that is never renewed.
    pub(crate) fn are_single_token(&self) -> bool {
        self.single_token().is_some()
    }

    fn single_token(&self) -> Option<&SingleToken> {
        match &self.source {
            Source::Fixed { token, .. } => token.as_ref(),
            Source::Provider { .. } => None,
        }
    }

    /// Returns the hello for one attempt. A provider may change the connector's URL.
    pub(crate) async fn hello<K: Connector>(
        &self,
        connector: &mut K,
    ) -> Result<Bytes, ConnectError> {
        let auth = match &self.source {
            Source::Fixed { auth, .. } => auth.clone(),
            Source::Provider { client, provider } => {
                let FreshToken { token, url } = provide(provider, *client).await?;
                if let Some(url) = url {
                    let url = ServerUrl::parse(url.as_str()).map_err(provider_error)?;
                    connector.set_url(url).map_err(provider_error)?;
                }
                token_auth(&token)
            }
        };
        self.encode(auth).map_err(provider_error)
    }

    /// Sends a fresh token each time before the session expires. `expiry` returns the expiry that
    /// the server has announced last. The future never completes. The task that polls it must also
    /// process the frames of the session, so that the future notices a new expiry.
    pub(crate) async fn renew(
        &self,
        config: &ClientConfig,
        expiry: impl Fn() -> Option<Expiry>,
        mut send: impl FnMut(&OutgoingFrame),
    ) -> Infallible {
        let Source::Provider { client, provider } = &self.source else {
            return pending().await;
        };
        let mut backoff = Backoff::new(config.reconnect_interval, config.max_reconnect_interval);
        let mut sent_at = None;
        loop {
            until_renewal(&expiry, sent_at).await;
            loop {
                let provided = time::timeout(config.connect_timeout, provide(provider, *client));
                match provided.await {
                    Some(Ok(FreshToken { token, .. })) => {
                        backoff.reset();
                        send(&wire::token(token.as_bytes()));
                        sent_at = Some(time::now());
                        break;
                    }
                    failed => {
                        let error = failed.and_then(Result::err);
                        tracing::debug!(%client, ?error, "fresh token not provided");
                        let wait = backoff.next(fastrand::f64(), None);
                        time::sleep(wait.max(renewal::MIN_INTERVAL)).await;
                    }
                }
            }
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
            AuthRequest::Token { token } => {
                (token_auth(&token), Some(SingleToken::new(&token, time::now())))
            }
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
