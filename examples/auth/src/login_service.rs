//! The login service: verifies names and passwords, and issues tokens. As a separate program, it
//! would need only the feature `auth` of simplenet.

use std::{
    collections::HashMap,
    error::Error,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use axum_server::{Handle, tls_rustls::RustlsConfig};
use serde::{Deserialize, Serialize};
use simplenet::{AuthSigningKey, AuthToken, AuthTokenBuilder};
use tokio::sync::watch;

use crate::{certificates::CertifiedKey, game_server::game::Game};

/// A running login service.
pub(crate) struct LoginService {
    issuer: Arc<TokenIssuer>,
    handle: Handle<SocketAddr>,
    address: SocketAddr,
}

/// The body of a request to `/token`.
#[derive(Serialize, Deserialize)]
pub(crate) struct LoginRequest {
    pub(crate) name: String,
    pub(crate) password: String,
}

/// The body of the response.
#[derive(Serialize, Deserialize)]
pub(crate) struct LoginResponse {
    pub(crate) token: AuthToken,
}

/// The lifetime of a token. It is short, because the demo waits for tokens to expire, but even on a
/// busy machine it is long enough to fetch a fresh token in time. Expiry is in whole seconds, so a
/// token may live up to a second less.
const LIFETIME: Duration = Duration::from_secs(8);

struct TokenIssuer {
    accounts: HashMap<&'static str, Account>,
    key: Mutex<AuthSigningKey>,
    issued: watch::Sender<u32>,
}

struct Account {
    client_id: u128,
    /// In production, use a password hash such as Argon2.
    password: &'static str,
}

impl LoginService {
    /// Starts a service on a free local port, over HTTPS.
    pub(crate) async fn start(
        key: AuthSigningKey,
        certified_key: &CertifiedKey,
    ) -> Result<Self, Box<dyn Error>> {
        let account = |client_id, password| Account { client_id, password };
        let accounts = HashMap::from([
            ("ann", account(1, "correct horse")),
            ("bob", account(2, "battery staple")),
            ("cleo", account(3, "tr0ub4dor")),
        ]);
        let issuer = Arc::new(TokenIssuer {
            accounts,
            key: Mutex::new(key),
            issued: watch::Sender::default(),
        });
        let app = Router::new().route("/token", post(issue_token)).with_state(issuer.clone());
        let tls = RustlsConfig::from_pem(
            certified_key.certificate.clone().into_bytes(),
            certified_key.key.clone().into_bytes(),
        )
        .await?;
        let handle = Handle::new();
        let server = axum_server::bind_rustls(SocketAddr::from(([127, 0, 0, 1], 0)), tls)
            .handle(handle.clone())
            .serve(app.into_make_service());
        tokio::spawn(server);
        let address = handle.listening().await.ok_or("the login service cannot listen")?;
        Ok(Self { issuer, handle, address })
    }

    /// Returns the URL that issues tokens.
    pub(crate) fn url(&self) -> String {
        format!("https://{}/token", self.address)
    }

    /// Replaces the key that signs new tokens.
    pub(crate) fn set_signing_key(&self, key: AuthSigningKey) {
        *self.issuer.key.lock().unwrap_or_else(PoisonError::into_inner) = key;
    }

    /// Returns a receiver of the number of issued tokens.
    pub(crate) fn issued(&self) -> watch::Receiver<u32> {
        self.issuer.issued.subscribe()
    }

    pub(crate) fn shut_down(&self) {
        self.handle.shutdown();
    }
}

/// Issues a token. An unknown name and a wrong password get the same answer, which therefore does
/// not reveal the existing names.
async fn issue_token(
    State(issuer): State<Arc<TokenIssuer>>,
    Json(login): Json<LoginRequest>,
) -> Result<Json<LoginResponse>, StatusCode> {
    let account = issuer.accounts.get(login.name.as_str());
    let account = account.filter(|account| account.password == login.password);
    let client_id = account.ok_or(StatusCode::UNAUTHORIZED)?.client_id;
    let key = issuer.key.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let token = AuthTokenBuilder::new(client_id)
        .for_channel::<Game>()
        .lifetime(LIFETIME)
        .claims(login.name)
        .sign(&key)
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    issuer.issued.send_modify(|count| *count += 1);
    Ok(Json(LoginResponse { token }))
}
