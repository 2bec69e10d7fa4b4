use std::{fmt, future::Future, panic::AssertUnwindSafe, pin::Pin, sync::Arc, time::SystemTime};

use futures_util::FutureExt;

use super::{
    AuthAttempt, AuthCredentials, AuthIdentity, AuthRefusal, Revocations, Secret, TokenRefusal,
    TokenVerifier,
};

/// The method by which a server authenticates its clients.
///
/// Every rejected peer receives the same refusal, whatever the reason. The server logs the reason.
///
/// ```
/// use simplenet::{AuthRequest, Authenticator, Secret};
///
/// #[simplenet::channel]
/// pub mod chat {
///     #[server_message]
///     pub struct Posted(pub String);
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let authenticator = Authenticator::Secret(Secret::new("open sesame"));
/// let (_server, connector) = chat::Server::builder().authenticator(authenticator).bind_memory()?;
/// for (secret, accepted) in [("open sesame", true), ("open barley", false)] {
///     let auth = AuthRequest::Secret { client_id: 7.into(), secret: Secret::new(secret) };
///     let client = chat::Client::in_memory(&connector).auth(auth).connect(());
///     assert_eq!(client.ready().await.is_ok(), accepted);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Authenticator {
    /// Accepts every peer under the id that it requests. Credentials are ignored.
    #[default]
    None,
    /// Accepts peers that present this secret, under the id that they request.
    Secret(Secret),
    /// Accepts peers with a valid token, under the id in the token.
    Token(TokenVerifier),
    /// Accepts the peers that the application accepts. Created by [`Authenticator::custom`].
    Custom(CustomAuthenticator),
}

/// An application's own authentication. It can look up a database, call another service, or combine
/// several credentials.
///
/// ```
/// use simplenet::{
///     AuthAttempt, AuthCredentials, AuthIdentity, AuthRefusal, Authenticate, Authenticator,
/// };
///
/// struct Members;
///
/// impl Authenticate for Members {
///     async fn authenticate(&self, attempt: AuthAttempt) -> Result<AuthIdentity, AuthRefusal> {
///         match attempt.credentials {
///             AuthCredentials::Secret { client_id, secret } if secret.matches(b"open sesame") => {
///                 Ok(AuthIdentity::new(client_id).with_claims("member"))
///             }
///             _ => Err(AuthRefusal::new("not a member")),
///         }
///     }
/// }
///
/// let authenticator = Authenticator::custom(Members);
/// ```
pub trait Authenticate: Send + Sync + 'static {
    /// Returns the identity of the client, or the reason why the peer is refused.
    ///
    /// The future must complete within [`auth_timeout`](crate::ServerConfig::auth_timeout);
    /// otherwise the peer is refused. If the future panics, the peer is refused as well.
    fn authenticate(
        &self,
        attempt: AuthAttempt,
    ) -> impl Future<Output = Result<AuthIdentity, AuthRefusal>> + Send;

    /// Returns the list of revoked identities. When an identity is revoked, its session ends.
    /// Default: `None`.
    fn revocations(&self) -> Option<&Revocations> {
        None
    }
}

/// An implementation of [`Authenticate`], with its type erased.
#[derive(Clone)]
pub struct CustomAuthenticator(Arc<dyn DynAuthenticate>);

impl Authenticator {
    /// Creates an authenticator from the application's own implementation.
    pub fn custom(authenticate: impl Authenticate) -> Self {
        Self::Custom(CustomAuthenticator(Arc::new(authenticate)))
    }

    /// Verifies the credentials at the time `now`. Returns the identity of the client.
    pub(crate) async fn authenticate(
        &self,
        attempt: AuthAttempt,
        now: SystemTime,
    ) -> Result<AuthIdentity, AuthRefusal> {
        match (self, &attempt.credentials) {
            (Self::None, credentials) => Ok(AuthIdentity::new(credentials.client_id())),
            (Self::Secret(expected), AuthCredentials::Secret { client_id, secret })
                if expected == secret =>
            {
                Ok(AuthIdentity::new(*client_id))
            }
            (Self::Secret(_), AuthCredentials::Secret { .. }) => {
                Err(AuthRefusal::new("wrong secret"))
            }
            (Self::Token(verifier), AuthCredentials::Token(token)) => {
                Ok(verifier.verify_for(token, Some(attempt.channel), now)?)
            }
            (Self::Secret(_) | Self::Token(_), _) => {
                Err(AuthRefusal::new("credentials of another kind than the server requires"))
            }
            (Self::Custom(custom), _) => {
                let identity = custom.authenticate(attempt).await?;
                match identity.expires_at.map(|expires_at| now.duration_since(expires_at)) {
                    Some(Ok(late)) => Err(TokenRefusal::Expired { late }.into()),
                    _ => Ok(identity),
                }
            }
        }
    }

    /// Returns whether the identity is revoked.
    pub(crate) fn is_revoked(&self, identity: &AuthIdentity) -> bool {
        self.revocations().is_some_and(|revocations| revocations.is_revoked(identity))
    }

    pub(crate) fn revocations(&self) -> Option<&Revocations> {
        match self {
            Self::None | Self::Secret(_) => None,
            Self::Token(verifier) => Some(verifier.revocation_list()),
            Self::Custom(custom) => custom.0.revocations(),
        }
    }
}

impl CustomAuthenticator {
    async fn authenticate(&self, attempt: AuthAttempt) -> Result<AuthIdentity, AuthRefusal> {
        // The call is inside the block, so that a panic while the future is created is caught too.
        let authentication = async { self.0.authenticate(attempt).await };
        AssertUnwindSafe(authentication)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(AuthRefusal::new("the authenticator panicked")))
    }
}

impl fmt::Debug for CustomAuthenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomAuthenticator(..)")
    }
}

/// The dyn-compatible form of [`Authenticate`].
trait DynAuthenticate: Send + Sync {
    fn authenticate(&self, attempt: AuthAttempt) -> AuthenticateFuture<'_>;

    fn revocations(&self) -> Option<&Revocations>;
}

type AuthenticateFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AuthIdentity, AuthRefusal>> + Send + 'a>>;

impl<T: Authenticate> DynAuthenticate for T {
    fn authenticate(&self, attempt: AuthAttempt) -> AuthenticateFuture<'_> {
        Box::pin(Authenticate::authenticate(self, attempt))
    }

    fn revocations(&self) -> Option<&Revocations> {
        Authenticate::revocations(self)
    }
}
