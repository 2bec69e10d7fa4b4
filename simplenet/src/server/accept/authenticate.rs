//! The authentication of clients, at the hello and for each fresh token.

use std::{net::SocketAddr, sync::Arc};

use crate::{
    auth::{
        AuthAttempt, AuthCredentials, AuthIdentity, AuthRefusal, AuthToken, RevocationWatcher,
        Secret, TokenError,
    },
    channel::ChannelPack,
    env::EnvType,
    id::ClientId,
    server::{events::Peer, sessions::RemoteClient, shared::Shared},
    session::Session,
    time::{self, Instant},
    tls::TlsIdentity,
    wall_clock,
    wire::{Auth, CloseReason, SecretBytes},
};

impl<C: ChannelPack> Shared<C> {
    /// Authenticates a peer. For a fresh token, `renews` is the client whose session the token
    /// prolongs.
    ///
    /// # Errors
    ///
    /// Every failure is answered with the same refusal.
    pub(super) async fn authenticate(
        &self,
        peer: &PendingPeer,
        auth: &Auth,
        renews: Option<ClientId>,
    ) -> Result<AuthIdentity, CloseReason> {
        match self.verify(peer, auth, renews).await {
            Ok(identity) => {
                if identity.token_id.is_some() {
                    self.clock_warnings.accepted(time::now());
                }
                Ok(identity)
            }
            Err(refusal) => {
                tracing::debug!(address = ?peer.address, %refusal, "authentication refused");
                self.warn_of_clocks(auth, &refusal, renews.is_some());
                Err(REFUSED)
            }
        }
    }

    /// Logs a warning if a token was refused because the clocks of this server and of the login
    /// service differ.
    fn warn_of_clocks(&self, auth: &Auth, refusal: &AuthRefusal, renews: bool) {
        if let Some(token) = refusal.token()
            && self.clock_warnings.is_due(token, renews, time::now())
        {
            let client = credentials(auth).ok().map(|credentials| credentials.client_id());
            tracing::warn!(
                client = client.map(tracing::field::display),
                %refusal,
                "token refused: the clocks of the login service and of this server may differ; \
                 set both. Logged at most once a minute, each refusal at DEBUG"
            );
        }
    }

    async fn verify(
        &self,
        peer: &PendingPeer,
        auth: &Auth,
        renews: Option<ClientId>,
    ) -> Result<AuthIdentity, AuthRefusal> {
        let attempt = AuthAttempt {
            credentials: credentials(auth)?,
            env: peer.env,
            address: peer.address,
            tls: peer.tls.clone(),
            channel: C::PROTOCOL.name(),
            renews,
        };
        let identity = self.authenticator.authenticate(attempt, wall_clock::now()).await?;
        match renews {
            Some(client) if client != identity.client_id => {
                Err(AuthRefusal::new("fresh token of another client"))
            }
            _ if self.authenticator.is_revoked(&identity) => Err(AuthRefusal::new("revoked")),
            _ => Ok(identity),
        }
    }

    /// Returns the time at which the session of this identity must end.
    pub(super) fn expiry(&self, identity: &AuthIdentity) -> Option<Instant> {
        let expires_at = identity.expires_at.filter(|_| self.config.enforce_expiry)?;
        Some(time::deadline(expires_at.duration_since(wall_clock::now()).unwrap_or_default()))
    }

    /// Verifies a fresh token of a client, in a task of its own.
    pub(in crate::server) fn renew(
        self: &Arc<Self>,
        client: &Arc<RemoteClient>,
        token: SecretBytes,
    ) {
        if client.fresh_tokens.push(token) {
            let (shared, client) = (self.clone(), client.clone());
            self.runtime.spawn(async move {
                let renewed = shared.renew_all(&client);
                shared.clone().unless_aborted(renewed).await;
            });
        }
    }

    async fn renew_all(&self, client: &RemoteClient) {
        while let Some(token) = client.fresh_tokens.next() {
            let peer = PendingPeer::from(&client.peer());
            let auth = Auth::Token(token);
            let authenticated = self.authenticate(&peer, &auth, Some(client.id));
            match time::timeout(self.config.auth_timeout, authenticated).await {
                Some(Ok(identity)) => {
                    let expires_at = self.expiry(&identity);
                    client.renew(identity, expires_at);
                    self.end_revoked(client);
                }
                refused => {
                    let reason = refused.and_then(Result::err).unwrap_or(CloseReason::Timeout);
                    client.link.call(|session| session.core().abort(reason));
                    return;
                }
            }
        }
    }

    /// Subscribes to revocations. From then on, a revocation ends the sessions with the revoked
    /// credentials.
    pub(in crate::server) fn watch_revocations(self: &Arc<Self>) {
        if let Some(revocations) = self.authenticator.revocations() {
            revocations.watch(Arc::<Self>::downgrade(self));
        }
    }

    /// Ends the session if the identity of its client is revoked.
    pub(in crate::server) fn end_revoked(&self, client: &RemoteClient) {
        if self.authenticator.is_revoked(&client.peer().identity) {
            client.link.call(|session| session.core().abort(REFUSED));
        }
    }
}

impl<C: ChannelPack> RevocationWatcher for Shared<C> {
    fn revocation_added(&self) {
        self.registry.for_each(|client| self.end_revoked(client));
    }
}

/// The answer to every failed authentication, at the hello and during a session.
const REFUSED: CloseReason = CloseReason::AuthenticationRefused(String::new());

/// Reads the credentials of a hello, which are not verified yet.
fn credentials(auth: &Auth) -> Result<AuthCredentials, TokenError> {
    Ok(match auth {
        Auth::None { client_id } => AuthCredentials::None { client_id: ClientId::new(*client_id) },
        Auth::Secret { client_id, secret } => AuthCredentials::Secret {
            client_id: ClientId::new(*client_id),
            secret: Secret::new(secret.expose()),
        },
        Auth::Token(token) => AuthCredentials::Token(AuthToken::from_bytes(token.expose())?),
    })
}

/// The properties of a peer that is not authenticated yet.
#[derive(Clone, Debug)]
pub(super) struct PendingPeer {
    pub(super) env: EnvType,
    pub(super) address: Option<SocketAddr>,
    pub(super) tls: Option<TlsIdentity>,
}

impl PendingPeer {
    pub(super) fn authenticated(self, identity: AuthIdentity) -> Peer {
        let Self { env, address, tls } = self;
        Peer { env, address, tls, identity }
    }
}

impl From<&Peer> for PendingPeer {
    fn from(peer: &Peer) -> Self {
        Self { env: peer.env, address: peer.address, tls: peer.tls.clone() }
    }
}
