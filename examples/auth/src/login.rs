//! The login service: names and passwords in, tokens out. On its own it would need no more of
//! simplenet than the feature `auth`.

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

use crate::{certificates::Credentials, game::game::Game};

/// A running login service.
pub(crate) struct LoginService {
    desk: Arc<Desk>,
    handle: Handle<SocketAddr>,
    address: SocketAddr,
}

/// What a player sends to `/token`.
#[derive(Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) name: String,
    pub(crate) password: String,
}

/// What it gets.
#[derive(Serialize, Deserialize)]
pub(crate) struct Ticket {
    pub(crate) token: AuthToken,
}

/// How long a token is valid: short, so that the demo shows its end, and long enough for a fresh one to come in time on a
/// busy machine. A token counts whole seconds, and one of them may be over when it is issued.
const LIFETIME: Duration = Duration::from_secs(8);

struct Desk {
    accounts: HashMap<&'static str, Account>,
    key: Mutex<AuthSigningKey>,
    issued: watch::Sender<u32>,
}

struct Account {
    client_id: u128,
    /// In earnest, a hash made by a password hasher.
    password: &'static str,
}

impl LoginService {
    /// Listens on a free port of this machine, over HTTPS.
    pub(crate) async fn start(
        key: AuthSigningKey,
        credentials: &Credentials,
    ) -> Result<Self, Box<dyn Error>> {
        let account = |client_id, password| Account { client_id, password };
        let accounts = HashMap::from([
            ("ann", account(1, "correct horse")),
            ("bob", account(2, "battery staple")),
            ("cleo", account(3, "tr0ub4dor")),
        ]);
        let desk =
            Arc::new(Desk { accounts, key: Mutex::new(key), issued: watch::Sender::default() });
        let app = Router::new().route("/token", post(issue)).with_state(desk.clone());
        let tls = RustlsConfig::from_pem(
            credentials.certificate.clone().into_bytes(),
            credentials.key.clone().into_bytes(),
        )
        .await?;
        let handle = Handle::new();
        let server = axum_server::bind_rustls(SocketAddr::from(([127, 0, 0, 1], 0)), tls)
            .handle(handle.clone())
            .serve(app.into_make_service());
        tokio::spawn(server);
        let address = handle.listening().await.ok_or("the login service does not listen")?;
        Ok(Self { desk, handle, address })
    }

    /// Where players log in.
    pub(crate) fn url(&self) -> String {
        format!("https://{}/token", self.address)
    }

    /// Signs with another key from now on.
    pub(crate) fn sign_with(&self, key: AuthSigningKey) {
        *self.desk.key.lock().unwrap_or_else(PoisonError::into_inner) = key;
    }

    /// Counts the tokens that were issued.
    pub(crate) fn issued(&self) -> watch::Receiver<u32> {
        self.desk.issued.subscribe()
    }

    pub(crate) fn stop(&self) {
        self.handle.shutdown();
    }
}

/// One answer for an unknown name and a wrong password: who asks learns no names.
async fn issue(
    State(desk): State<Arc<Desk>>,
    Json(login): Json<Login>,
) -> Result<Json<Ticket>, StatusCode> {
    let account = desk.accounts.get(login.name.as_str());
    let account = account.filter(|account| account.password == login.password);
    let client_id = account.ok_or(StatusCode::UNAUTHORIZED)?.client_id;
    let key = desk.key.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let token = AuthTokenBuilder::new(client_id)
        .for_channel::<Game>()
        .lifetime(LIFETIME)
        .claims(login.name)
        .sign(&key)
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    desk.issued.send_modify(|count| *count += 1);
    Ok(Json(Ticket { token }))
}
