//! The client: logs in over HTTPS, and connects to the game server over WSS.

use std::{error::Error, time::Duration};

use reqwest::StatusCode;
use simplenet::{
    AuthProvider, AuthRequest, AuthToken, Certificates, ClientReport, ClientTls, DeathReason, Url,
};
use thiserror::Error;
use tokio::time::timeout;

use crate::{
    game_server::game::{self, ClientEvent, GetProfile},
    login_service::{LoginRequest, LoginResponse},
};

/// The addresses of both services, and the certificate that authenticates them.
#[derive(Clone)]
pub(crate) struct Endpoints {
    pub(crate) login_service: String,
    pub(crate) game_server: Url,
    /// The root certificate of both services, in PEM.
    pub(crate) root_certificate: String,
    pub(crate) http: reqwest::Client,
}

/// A client of the game server.
pub(crate) struct GameClient(game::Client);

/// The error of a login.
#[derive(Debug, Error)]
pub(crate) enum LoginError {
    #[error("wrong name or password")]
    WrongPassword,
    #[error("login request failed")]
    Http(#[from] reqwest::Error),
}

/// The time limit of each step that waits.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

impl Endpoints {
    /// Requests a token from the login service.
    pub(crate) async fn log_in(&self, name: &str, password: &str) -> Result<AuthToken, LoginError> {
        let login = LoginRequest { name: name.to_owned(), password: password.to_owned() };
        let response = self.http.post(&self.login_service).json(&login).send().await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            return Err(LoginError::WrongPassword);
        }
        let login: LoginResponse = response.error_for_status()?.json().await?;
        Ok(login.token)
    }

    /// Returns a provider that logs in for each fresh token.
    pub(crate) fn provider(&self, name: &'static str, password: &'static str) -> AuthProvider {
        let endpoints = self.clone();
        AuthProvider::new(move || {
            let endpoints = endpoints.clone();
            async move { Ok(endpoints.log_in(name, password).await?.into()) }
        })
    }

    /// Starts to connect to the game server, without waiting for the result.
    pub(crate) fn connect(&self, auth: AuthRequest) -> GameClient {
        let tls = ClientTls::new().only_roots(Certificates::pem(self.root_certificate.as_str()));
        GameClient(game::Client::builder(self.game_server.clone()).auth(auth).tls(tls).connect(()))
    }
}

impl GameClient {
    /// Returns the next report, and skips other events.
    pub(crate) async fn next_report(&mut self) -> Result<ClientReport, Box<dyn Error>> {
        loop {
            match timeout(TIMEOUT, self.0.recv()).await? {
                Some(ClientEvent::Report(report)) => return Ok(report),
                Some(_) => {}
                None => return Err("the client has no more events".into()),
            }
        }
    }

    /// Waits until the server has accepted the client.
    pub(crate) async fn wait_until_connected(&mut self) -> Result<(), Box<dyn Error>> {
        match self.next_report().await? {
            ClientReport::Connected => Ok(()),
            other => Err(format!("expected `ClientReport::Connected`, got {other:?}").into()),
        }
    }

    /// Waits until the client is dead, and returns the reason.
    pub(crate) async fn wait_until_dead(&mut self) -> Result<DeathReason, Box<dyn Error>> {
        loop {
            if let ClientReport::IsDead(reason) = self.next_report().await? {
                return Ok(reason);
            }
        }
    }

    /// Requests the player's name from the game server.
    pub(crate) async fn fetch_name(&self) -> Result<String, Box<dyn Error>> {
        Ok(self.0.call(GetProfile).await?.name)
    }

    /// Requests the player's name, and fails if the session has had an event since `Connected`.
    pub(crate) async fn fetch_name_in_first_session(&mut self) -> Result<String, Box<dyn Error>> {
        // The first check comes before the call. If the session has ended, the call would wait for
        // another session or fail with an error that does not name the cause.
        self.expect_no_event()?;
        let name = self.fetch_name().await;
        self.expect_no_event()?;
        name
    }

    fn expect_no_event(&mut self) -> Result<(), Box<dyn Error>> {
        match self.0.next() {
            None => Ok(()),
            Some(event) => Err(format!("unexpected event in the first session: {event:?}").into()),
        }
    }

    /// Closes the client, and waits until it is dead.
    pub(crate) async fn close(self) {
        self.0.close();
        self.0.dead().await;
    }
}
