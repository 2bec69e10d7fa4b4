//! Who a client is: at its hello, and again with each fresh token.

use std::{net::SocketAddr, sync::Arc};

use super::{Peer, Shared, remote_client::RemoteClient};
use crate::{
    AuthAttempt, AuthCredentials, AuthIdentity, AuthRefusal, ChannelPack, ClientId, CloseReason,
    EnvType, TlsIdentity,
    auth::RevocationWatcher,
    session::Session,
    time::{self, Instant},
    wall_clock,
    wire::{Auth, SecretBytes},
};

impl<C: ChannelPack> Shared<C> {
    /// Who the stranger is. One and the same refusal, whatever was wrong.
    pub(super) async fn identify(
        &self,
        stranger: &Stranger,
        auth: &Auth,
        renews: Option<ClientId>,
    ) -> Result<AuthIdentity, CloseReason> {
        self.judge(stranger, auth, renews).await.map_err(|refusal| {
            tracing::debug!(address = ?stranger.address, %refusal, "authentication refused");
            REFUSED
        })
    }

    async fn judge(
        &self,
        stranger: &Stranger,
        auth: &Auth,
        renews: Option<ClientId>,
    ) -> Result<AuthIdentity, AuthRefusal> {
        let attempt = AuthAttempt {
            credentials: AuthCredentials::try_from(auth)?,
            env: stranger.env,
            address: stranger.address,
            tls: stranger.tls.clone(),
            channel: C::PROTOCOL.name(),
            renews,
        };
        let identity = self.authenticator.authenticate(attempt, wall_clock::now()).await?;
        match renews {
            Some(client) if client != identity.client_id => {
                Err(AuthRefusal::new("a fresh token for another client"))
            }
            _ if self.authenticator.has_revoked(&identity) => Err(AuthRefusal::new("revoked")),
            _ => Ok(identity),
        }
    }

    /// When a session of this client has to end.
    pub(super) fn expiry(&self, identity: &AuthIdentity) -> Option<Instant> {
        let expires_at = identity.expires_at.filter(|_| self.config.enforce_expiry)?;
        Some(time::deadline(expires_at.duration_since(wall_clock::now()).unwrap_or_default()))
    }

    /// A client has sent a fresh token.
    pub(super) fn renew(self: &Arc<Self>, client: &Arc<RemoteClient>, token: SecretBytes) {
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
            let stranger = Stranger::from(&client.peer());
            let auth = Auth::Token(token);
            let identified = self.identify(&stranger, &auth, Some(client.id));
            match time::timeout(self.config.auth_timeout, identified).await {
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

    /// Has what is revoked later end the sessions that it concerns.
    pub(super) fn watch_revocations(self: &Arc<Self>) {
        if let Some(revocations) = self.authenticator.revocations() {
            revocations.watch(Arc::<Self>::downgrade(self));
        }
    }

    /// Ends a session whose client's identity is revoked.
    pub(super) fn end_revoked(&self, client: &RemoteClient) {
        if self.authenticator.has_revoked(&client.peer().identity) {
            client.link.call(|session| session.core().abort(REFUSED));
        }
    }
}

impl<C: ChannelPack> RevocationWatcher for Shared<C> {
    fn revoked(&self) {
        self.registry.for_each(|client| self.end_revoked(client));
    }
}

/// What whoever is not accepted is told, at its hello and later.
const REFUSED: CloseReason = CloseReason::AuthenticationRefused(String::new());

/// What is known of a peer before it is known who it is.
#[derive(Clone, Debug)]
pub(super) struct Stranger {
    pub(super) env: EnvType,
    pub(super) address: Option<SocketAddr>,
    pub(super) tls: Option<TlsIdentity>,
}

impl Stranger {
    pub(super) fn identified(self, identity: AuthIdentity) -> Peer {
        let Self { env, address, tls } = self;
        Peer { env, address, tls, identity }
    }
}

impl From<&Peer> for Stranger {
    fn from(peer: &Peer) -> Self {
        Self { env: peer.env, address: peer.address, tls: peer.tls.clone() }
    }
}
