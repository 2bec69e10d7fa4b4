#[cfg(feature = "server")]
use std::sync::Weak;
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex},
    time::SystemTime,
};

use super::{AuthIdentity, AuthToken, TokenId};
use crate::{id::ClientId, sync::lock};

/// A list of tokens and clients that are revoked before they expire. Clones share one list.
///
/// A server refuses revoked tokens. Before the call that revokes a token returns, it also ends the
/// sessions that rely on the token. To find them, the call checks every session of the server.
///
/// The list is kept in memory only. The application stores revocations, and adds them again after a
/// restart.
///
/// ```
/// # use std::time::SystemTime;
/// use simplenet::{Revocations, TokenRefusal, TokenVerifier};
///
/// let (signing_key, verifying_key) = simplenet::generate_auth_token_keys()?;
/// let token = simplenet::make_auth_token_from_lifetime(&signing_key, 600, 7)?;
///
/// let revocations = Revocations::new();
/// let verifier = TokenVerifier::new([verifying_key]).revocations(revocations.clone());
/// assert!(verifier.verify(&token, SystemTime::now()).is_ok());
/// revocations.revoke(&token);
/// assert_eq!(verifier.verify(&token, SystemTime::now()), Err(TokenRefusal::Revoked));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Revocations(Arc<Inner>);

#[derive(Default)]
struct Inner {
    list: Mutex<List>,
    #[cfg(feature = "server")]
    watchers: Mutex<Vec<Weak<dyn RevocationWatcher>>>,
}

/// Ends the sessions of revoked identities.
#[cfg(feature = "server")]
pub(crate) trait RevocationWatcher: Send + Sync {
    /// Called after an entry was added to the list.
    fn revocation_added(&self);
}

#[derive(Default)]
struct List {
    /// The revoked tokens, with their expiry.
    tokens: HashMap<TokenId, SystemTime>,
    /// The time of issue up to which tokens are revoked, per client.
    clients: HashMap<ClientId, SystemTime>,
    /// The time of issue before which the tokens of all clients are revoked.
    issued_from: Option<SystemTime>,
}

impl Revocations {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Revokes one token.
    pub fn revoke(&self, token: &AuthToken) {
        self.revoke_token(token.id(), token.expires_at());
    }

    /// Revokes the token with this id. Once it has expired, [`Revocations::forget_expired`] can
    /// remove the entry.
    pub fn revoke_token(&self, id: TokenId, expires_at: SystemTime) {
        self.add(|list| {
            list.tokens.insert(id, expires_at);
        });
    }

    /// Revokes all tokens that were issued to a client up to `issued_until`. Identities of the
    /// client without a time of issue are revoked as well.
    ///
    /// The time of issue is taken from the clock of the login service, which may be ahead. So to
    /// revoke all existing tokens, add the [`clock_skew`](crate::TokenVerifier::clock_skew) of the
    /// verifiers to the current time. Verifiers accept no token that was issued later than this
    /// sum.
    ///
    /// ```
    /// # use std::time::SystemTime;
    /// # use simplenet::{AuthIdentity, Revocations, TokenVerifier};
    /// # let revocations = Revocations::new();
    /// revocations.revoke_client(7, SystemTime::now() + TokenVerifier::DEFAULT_CLOCK_SKEW);
    /// assert!(revocations.is_revoked(&AuthIdentity::new(7)));
    /// ```
    ///
    /// A new token that is issued before `issued_until`, or in the same second, is revoked as well,
    /// unless
    /// [`restore_client`](Self::restore_client) restores the client.
    pub fn revoke_client(&self, client: impl Into<ClientId>, issued_until: SystemTime) {
        self.add(|list| {
            let until = list.clients.entry(client.into()).or_insert(issued_until);
            *until = issued_until.max(*until);
        });
    }

    /// Revokes all tokens that were issued before `moment`, by the clock of the login service.
    pub fn revoke_issued_before(&self, moment: SystemTime) {
        self.add(|list| list.issued_from = list.issued_from.max(Some(moment)));
    }

    /// Removes the entry of a client. Tokens that are revoked individually stay revoked.
    pub fn restore_client(&self, client: impl Into<ClientId>) {
        lock(&self.0.list).clients.remove(&client.into());
    }

    /// Removes the entries of tokens that expired before the time `before`. This is usually the
    /// current time, minus the [`grace`](crate::TokenVerifier::grace) of the verifiers.
    pub fn forget_expired(&self, before: SystemTime) {
        lock(&self.0.list).tokens.retain(|_, expires_at| *expires_at >= before);
    }

    /// Returns whether this identity is revoked.
    pub fn is_revoked(&self, identity: &AuthIdentity) -> bool {
        lock(&self.0.list).contains(identity)
    }

    fn add(&self, change: impl FnOnce(&mut List)) {
        change(&mut lock(&self.0.list));
        #[cfg(feature = "server")]
        {
            let watchers = lock(&self.0.watchers).clone();
            watchers
                .iter()
                .filter_map(Weak::upgrade)
                .for_each(|watcher| watcher.revocation_added());
        }
    }

    /// Notifies the watcher of all revocations from now on, until the watcher is dropped.
    #[cfg(feature = "server")]
    pub(crate) fn watch(&self, watcher: Weak<dyn RevocationWatcher>) {
        let mut watchers = lock(&self.0.watchers);
        watchers.retain(|watcher| watcher.strong_count() > 0);
        watchers.push(watcher);
    }
}

impl fmt::Debug for Revocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = lock(&self.0.list);
        f.debug_struct("Revocations")
            .field("tokens", &list.tokens.len())
            .field("clients", &list.clients.len())
            .field("issued_from", &list.issued_from)
            .finish()
    }
}

impl List {
    /// Returns whether the identity is revoked. Without a time of issue, the identity counts as
    /// issued at the Unix epoch.
    fn contains(&self, identity: &AuthIdentity) -> bool {
        let issued_at = identity.issued_at.unwrap_or(SystemTime::UNIX_EPOCH);
        identity.token_id.is_some_and(|id| self.tokens.contains_key(&id))
            || self.clients.get(&identity.client_id).is_some_and(|until| issued_at <= *until)
            || self.issued_from.is_some_and(|from| issued_at < from)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::test;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn identity(client: u128, issued_at: u64) -> AuthIdentity {
        let mut identity = AuthIdentity::new(client);
        identity.token_id = Some([client as u8; 16].into());
        identity.issued_at = Some(at(issued_at));
        identity
    }

    #[test]
    fn revoked_token_is_revoked_in_all_clones_and_no_other_token_is() {
        let revocations = Revocations::new();
        let clone = revocations.clone();
        revocations.revoke_token([1; 16].into(), at(100));
        assert!(revocations.is_revoked(&identity(1, 50)) && clone.is_revoked(&identity(1, 50)));
        assert!(!revocations.is_revoked(&identity(2, 50)));
    }

    #[test]
    fn client_revocation_covers_older_tokens_until_the_client_is_restored() {
        let revocations = Revocations::new();
        revocations.revoke_client(1, at(50));
        revocations.revoke_client(1, at(40));
        assert!(revocations.is_revoked(&identity(1, 50)));
        assert!(!revocations.is_revoked(&identity(1, 51)));
        assert!(!revocations.is_revoked(&identity(2, 50)));
        assert!(
            revocations.is_revoked(&AuthIdentity::new(1)),
            "an identity without a time of issue"
        );
        revocations.restore_client(1);
        assert!(!revocations.is_revoked(&identity(1, 50)));
    }

    #[test]
    fn tokens_issued_before_a_given_time_are_revoked() {
        let revocations = Revocations::new();
        revocations.revoke_issued_before(at(50));
        revocations.revoke_issued_before(at(40));
        assert!(revocations.is_revoked(&identity(1, 49)));
        assert!(!revocations.is_revoked(&identity(1, 50)));
    }

    #[test]
    fn forget_expired_removes_expired_tokens_only() {
        let revocations = Revocations::new();
        revocations.revoke_token([1; 16].into(), at(99));
        revocations.revoke_token([2; 16].into(), at(100));
        revocations.forget_expired(at(100));
        assert!(!revocations.is_revoked(&identity(1, 50)));
        assert!(revocations.is_revoked(&identity(2, 50)));
    }
}
