use std::{error::Error, fmt, panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use url::Url;

use crate::auth::AuthToken;
use crate::runtime::{BoxFuture, MaybeSend};

/// Where a client gets fresh tokens from, such as a login service.
///
/// It is asked before each attempt to connect, within [`connect_timeout`](crate::ClientConfig::connect_timeout): what goes
/// wrong makes a failed attempt, and the client tries again as its configuration says; a token that the server refuses ends
/// the client. It is asked again while a session
/// lasts, when a fifth of the token's lifetime is left, at most a minute; the session goes on with the fresh token. If
/// that fails, it is asked again and again until the session ends.
///
/// ```
/// # async fn log_in() -> Result<String, std::io::Error> { Ok(String::new()) }
/// use simplenet::{AuthProvider, AuthRequest};
///
/// let provider = AuthProvider::new(|| async {
///     let token: simplenet::AuthToken = log_in().await?.parse()?;
///     Ok(token.into())
/// });
/// let auth = AuthRequest::Provider { client_id: 7.into(), provider };
/// ```
#[derive(Clone)]
pub struct AuthProvider(Arc<dyn Fn() -> Providing + Send + Sync>);

/// What a provider gives.
#[derive(Clone, Debug)]
pub struct FreshToken {
    /// A token for the client's own id.
    pub token: AuthToken,
    /// Where to connect from now on, if not to where it was. Of no meaning while a session lasts.
    pub url: Option<Url>,
}

/// What went wrong in a provider.
type ProviderError = Box<dyn Error + Send + Sync>;

type Providing = BoxFuture<Result<FreshToken, ProviderError>>;

impl AuthProvider {
    /// Calls this whenever a token is needed, and waits for what it promises. In a browser the future need not be
    /// `Send`.
    pub fn new<F, P>(provide: F) -> Self
    where
        F: Fn() -> P + Send + Sync + 'static,
        P: Future<Output = Result<FreshToken, Box<dyn Error + Send + Sync>>> + MaybeSend + 'static,
    {
        Self(Arc::new(move || Box::pin(provide())))
    }

    /// A fresh token; a panic is an error.
    pub(crate) async fn provide(&self) -> Result<FreshToken, ProviderError> {
        // Called in there, so that a panic before the future is there is caught as well.
        let provided = async { (self.0)().await };
        AssertUnwindSafe(provided)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err("it panicked".into()))
    }
}

impl fmt::Debug for AuthProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthProvider(..)")
    }
}

impl From<AuthToken> for FreshToken {
    fn from(token: AuthToken) -> Self {
        Self { token, url: None }
    }
}
