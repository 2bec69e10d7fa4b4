use std::{error::Error, fmt, panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use url::Url;

use crate::auth::AuthToken;
use crate::runtime::{BoxFuture, MaybeSend};

/// A source of fresh tokens for a client, such as a login service.
///
/// The client calls the provider before each attempt to connect, within
/// [`connect_timeout`](crate::ClientConfig::connect_timeout). If the provider fails, the attempt
/// fails, and the client retries according to its configuration. If the server refuses the token,
/// the client is dead.
///
/// During a session, the client calls the provider again when a fifth of the time is left that the
/// server has announced for the session, but not earlier than a minute before its end, and at most
/// once per second. The clock of this machine may be wrong: it has no effect. The session continues
/// with the fresh token. If the provider fails, the client retries until the session ends. A
/// session that does not expire needs no fresh token.
///
/// ```
/// use simplenet::{AuthProvider, AuthRequest, Authenticator, AuthToken, TokenVerifier};
///
/// #[simplenet::channel]
/// pub mod chat {
///     #[server_message]
///     pub struct Posted(pub String);
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let (signing_key, verifying_key) = simplenet::generate_auth_token_keys()?;
/// # let authenticator = Authenticator::Token(TokenVerifier::new([verifying_key]));
/// # let builder = chat::Server::builder().authenticator(authenticator);
/// # let (_server, connector) = builder.bind_memory()?;
/// # let issued = simplenet::make_auth_token_from_lifetime(&signing_key, 600, 7)?;
/// # let log_in = move || std::future::ready(std::io::Result::Ok(issued.to_string()));
/// let provider = AuthProvider::new(move || {
///     let log_in = log_in.clone();
///     async move { Ok(log_in().await?.parse::<AuthToken>()?.into()) }
/// });
/// let auth = AuthRequest::Provider { client_id: 7.into(), provider };
/// let client = chat::Client::in_memory(&connector).auth(auth).connect(());
/// assert!(client.ready().await.is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AuthProvider(Arc<dyn Fn() -> TokenFuture + Send + Sync>);

/// The result of an [`AuthProvider`].
#[derive(Clone)]
pub struct FreshToken {
    /// A token for the client's own id.
    pub token: AuthToken,
    /// The URL to connect to from now on, with the rules of
    /// [`Client::builder`](crate::Client::builder). `None` keeps the current URL. Ignored if the
    /// token renews a running session.
    pub url: Option<Url>,
}

/// The error of a provider.
type ProviderError = Box<dyn Error + Send + Sync>;

type TokenFuture = BoxFuture<Result<FreshToken, ProviderError>>;

impl AuthProvider {
    /// Creates a provider from a function that returns a future of a fresh token. In a browser the
    /// future need not be `Send`.
    pub fn new<F, P>(provide: F) -> Self
    where
        F: Fn() -> P + Send + Sync + 'static,
        P: Future<Output = Result<FreshToken, Box<dyn Error + Send + Sync>>> + MaybeSend + 'static,
    {
        Self(Arc::new(move || Box::pin(provide())))
    }

    /// Gets a fresh token. A panic of the provider is an error.
    pub(crate) async fn provide(&self) -> Result<FreshToken, ProviderError> {
        // The call is inside the block, so that a panic while the future is created is caught too.
        let token = async { (self.0)().await };
        AssertUnwindSafe(token)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err("the provider panicked".into()))
    }
}

impl fmt::Debug for AuthProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthProvider(..)")
    }
}

/// Omits everything in the URL that may be a secret.
impl fmt::Debug for FreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.url.as_ref().map(|url| {
            let host = url.host_str().unwrap_or_default();
            url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
        });
        f.debug_struct("FreshToken").field("token", &self.token).field("server", &origin).finish()
    }
}

impl From<AuthToken> for FreshToken {
    fn from(token: AuthToken) -> Self {
        Self { token, url: None }
    }
}
