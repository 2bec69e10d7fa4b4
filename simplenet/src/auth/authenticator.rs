use std::{fmt, future::Future, panic::AssertUnwindSafe, pin::Pin, sync::Arc, time::SystemTime};

use futures_util::FutureExt;

use super::{
    AuthAttempt, AuthCredentials, AuthIdentity, AuthRefusal, Revocations, Secret, TokenVerifier,
};

/// How a server decides who may be a client.
///
/// A client that is not accepted is told only that: it sees the same whatever was wrong. The server logs the reason.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Authenticator {
    /// Everybody may, under the id that they ask for, in whichever way they do.
    #[default]
    None,
    /// Whoever knows the secret may, under the id that they ask for.
    Secret(Secret),
    /// Whoever has a token that the verifier accepts may, under the id in the token.
    Token(TokenVerifier),
    /// Whoever the application accepts may. Made by [`Authenticator::custom`].
    Custom(CustomAuthenticator),
}

/// Decides for an application who may be a client: looks things up, calls another service, or combines what there is.
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
    /// Who the client is, or why it is none. Has to come to an end within
    /// [`auth_timeout`](crate::ServerConfig::auth_timeout); a panic refuses the client.
    fn authenticate(
        &self,
        attempt: AuthAttempt,
    ) -> impl Future<Output = Result<AuthIdentity, AuthRefusal>> + Send;

    /// What revokes identities after they were accepted: the sessions that it concerns end. Default: nothing.
    fn revocations(&self) -> Option<&Revocations> {
        None
    }
}

/// An application's own [`Authenticate`].
#[derive(Clone)]
pub struct CustomAuthenticator(Arc<dyn AnyAuthenticate>);

impl Authenticator {
    /// Decides as the application does.
    pub fn custom(authenticate: impl Authenticate) -> Self {
        Self::Custom(CustomAuthenticator(Arc::new(authenticate)))
    }

    /// Who the client is at the time `now`.
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
                Err(AuthRefusal::new("another kind was asked for"))
            }
            (Self::Custom(custom), _) => {
                let identity = custom.authenticate(attempt).await?;
                if identity.is_expired(now) {
                    return Err(AuthRefusal::new("expired"));
                }
                Ok(identity)
            }
        }
    }

    /// Whether the identity was revoked.
    pub(crate) fn has_revoked(&self, identity: &AuthIdentity) -> bool {
        self.revocations().is_some_and(|revocations| revocations.concern(identity))
    }

    pub(crate) fn revocations(&self) -> Option<&Revocations> {
        match self {
            Self::None | Self::Secret(_) => None,
            Self::Token(verifier) => Some(verifier.revoked()),
            Self::Custom(custom) => custom.0.revocations(),
        }
    }
}

impl CustomAuthenticator {
    async fn authenticate(&self, attempt: AuthAttempt) -> Result<AuthIdentity, AuthRefusal> {
        // Made in there, so that a panic before the future is there is caught as well.
        let decided = async { self.0.authenticate(attempt).await };
        AssertUnwindSafe(decided)
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

/// [`Authenticate`] as an object.
trait AnyAuthenticate: Send + Sync {
    fn authenticate(&self, attempt: AuthAttempt) -> Deciding<'_>;

    fn revocations(&self) -> Option<&Revocations>;
}

type Deciding<'a> = Pin<Box<dyn Future<Output = Result<AuthIdentity, AuthRefusal>> + Send + 'a>>;

impl<T: Authenticate> AnyAuthenticate for T {
    fn authenticate(&self, attempt: AuthAttempt) -> Deciding<'_> {
        Box::pin(Authenticate::authenticate(self, attempt))
    }

    fn revocations(&self) -> Option<&Revocations> {
        Authenticate::revocations(self)
    }
}
