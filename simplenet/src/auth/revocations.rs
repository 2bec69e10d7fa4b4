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

/// A list of what is no longer to be accepted although it has not expired. Its clones are the same list.
///
/// It concerns tokens that are shown from now on, and a server also ends the sessions that began or went on with one,
/// before the call that revokes it returns. For that it looks at each of its sessions.
///
/// The list is kept in memory: an application that restarts fills it again from where it keeps such things.
#[derive(Clone, Default)]
pub struct Revocations(Arc<Inner>);

#[derive(Default)]
struct Inner {
    list: Mutex<List>,
    #[cfg(feature = "server")]
    watchers: Mutex<Vec<Weak<dyn RevocationWatcher>>>,
}

/// Who ends what has been revoked.
#[cfg(feature = "server")]
pub(crate) trait RevocationWatcher: Send + Sync {
    /// More is revoked than before.
    fn revoked(&self);
}

#[derive(Default)]
struct List {
    tokens: HashMap<TokenId, SystemTime>,
    /// The last moment of issue that is revoked, for each of these clients.
    clients: HashMap<ClientId, SystemTime>,
    /// The first moment of issue that is not revoked, for everybody.
    issued_from: Option<SystemTime>,
}

impl Revocations {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Revokes one token.
    pub fn revoke(&self, token: &AuthToken) {
        self.revoke_token(token.id(), token.expires_at());
    }

    /// Revokes the token of this id; [`Revocations::forget_expired`] forgets it once it has expired.
    pub fn revoke_token(&self, id: TokenId, expires_at: SystemTime) {
        self.add(|list| {
            list.tokens.insert(id, expires_at);
        });
    }

    /// Revokes every token of a client that was issued up to `issued_until`, and whatever else showed who it is.
    ///
    /// That moment is one of the login service's clock, which may be ahead: for all that is out there now, revoke until
    /// now and the [`clock_skew`](crate::TokenVerifier::clock_skew) of the verifiers, which take no token from later.
    ///
    /// ```
    /// # use std::time::SystemTime;
    /// # use simplenet::{Revocations, TokenVerifier};
    /// # let revocations = Revocations::new();
    /// revocations.revoke_client(7, SystemTime::now() + TokenVerifier::DEFAULT_CLOCK_SKEW);
    /// ```
    ///
    /// Until then the client gets in with a new token neither, unless it is restored.
    pub fn revoke_client(&self, client: impl Into<ClientId>, issued_until: SystemTime) {
        self.add(|list| {
            let until = list.clients.entry(client.into()).or_insert(issued_until);
            *until = issued_until.max(*until);
        });
    }

    /// Revokes every token that was issued before this moment, by the login service's clock.
    pub fn revoke_issued_before(&self, moment: SystemTime) {
        self.add(|list| list.issued_from = list.issued_from.max(Some(moment)));
    }

    /// Accepts the client's tokens again, other than those that are revoked by themselves.
    pub fn restore_client(&self, client: impl Into<ClientId>) {
        lock(&self.0.list).clients.remove(&client.into());
    }

    /// Forgets the tokens that expired before this moment, which should be a while ago where servers grant a
    /// [`grace`](crate::TokenVerifier::grace).
    pub fn forget_expired(&self, before: SystemTime) {
        lock(&self.0.list).tokens.retain(|_, expires_at| *expires_at >= before);
    }

    /// Whether this is revoked.
    pub fn concern(&self, identity: &AuthIdentity) -> bool {
        lock(&self.0.list).concerns(identity)
    }

    fn add(&self, change: impl FnOnce(&mut List)) {
        change(&mut lock(&self.0.list));
        #[cfg(feature = "server")]
        {
            let watchers = lock(&self.0.watchers).clone();
            watchers.iter().filter_map(Weak::upgrade).for_each(|watcher| watcher.revoked());
        }
    }

    /// Tells the watcher from now on, as long as there is one.
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
    /// What shows no time of issue is as old as can be.
    fn concerns(&self, identity: &AuthIdentity) -> bool {
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
    fn one_token_is_revoked_and_no_other() {
        let revocations = Revocations::new();
        let same = revocations.clone();
        revocations.revoke_token([1; 16].into(), at(100));
        assert!(revocations.concern(&identity(1, 50)) && same.concern(&identity(1, 50)));
        assert!(!revocations.concern(&identity(2, 50)));
    }

    #[test]
    fn a_clients_older_tokens_are_revoked_until_it_is_restored() {
        let revocations = Revocations::new();
        revocations.revoke_client(1, at(50));
        revocations.revoke_client(1, at(40));
        assert!(revocations.concern(&identity(1, 50)));
        assert!(!revocations.concern(&identity(1, 51)));
        assert!(!revocations.concern(&identity(2, 50)));
        assert!(revocations.concern(&AuthIdentity::new(1)), "shown in another way");
        revocations.restore_client(1);
        assert!(!revocations.concern(&identity(1, 50)));
    }

    #[test]
    fn everything_issued_before_a_moment_is_revoked() {
        let revocations = Revocations::new();
        revocations.revoke_issued_before(at(50));
        revocations.revoke_issued_before(at(40));
        assert!(revocations.concern(&identity(1, 49)));
        assert!(!revocations.concern(&identity(1, 50)));
    }

    #[test]
    fn only_what_has_expired_is_forgotten() {
        let revocations = Revocations::new();
        revocations.revoke_token([1; 16].into(), at(99));
        revocations.revoke_token([2; 16].into(), at(100));
        revocations.forget_expired(at(100));
        assert!(!revocations.concern(&identity(1, 50)));
        assert!(revocations.concern(&identity(2, 50)));
    }
}
