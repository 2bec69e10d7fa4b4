//! A player: logs in over HTTPS, plays over WSS.

use std::{error::Error, time::Duration};

use reqwest::StatusCode;
use simplenet::{
    AuthProvider, AuthRequest, AuthToken, Certificates, ClientReport, ClientTls, DeathReason, Url,
};
use thiserror::Error;
use tokio::time::timeout;

use crate::{
    game::game::{self, ClientEvent, Sit},
    login::{Login, Ticket},
};

/// What somebody needs who wants to play, beside a name and a password.
#[derive(Clone)]
pub(crate) struct Doors {
    pub(crate) login: String,
    pub(crate) game: Url,
    /// In PEM; whom the certificates of both services lead to.
    pub(crate) root: String,
    pub(crate) http: reqwest::Client,
}

/// A player who is at the game.
pub(crate) struct Player(game::Client);

/// Why somebody does not get a token.
#[derive(Debug, Error)]
pub(crate) enum LoginError {
    #[error("wrong name or password")]
    Wrong,
    #[error("cannot reach the login service")]
    Unreachable(#[from] reqwest::Error),
}

/// Whatever is waited for happens sooner.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

impl Doors {
    /// A token for whoever knows the password.
    pub(crate) async fn log_in(&self, name: &str, password: &str) -> Result<AuthToken, LoginError> {
        let login = Login { name: name.to_owned(), password: password.to_owned() };
        let response = self.http.post(&self.login).json(&login).send().await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            return Err(LoginError::Wrong);
        }
        let ticket: Ticket = response.error_for_status()?.json().await?;
        Ok(ticket.token)
    }

    /// Logs in whenever a token is needed.
    pub(crate) fn provider(&self, name: &'static str, password: &'static str) -> AuthProvider {
        let doors = self.clone();
        AuthProvider::new(move || {
            let doors = doors.clone();
            async move { Ok(doors.log_in(name, password).await?.into()) }
        })
    }

    /// Begins to connect.
    pub(crate) fn enter(&self, auth: AuthRequest) -> Player {
        let tls = ClientTls::new().only_roots(Certificates::pem(self.root.as_str()));
        Player(game::Client::builder(self.game.clone()).auth(auth).tls(tls).connect(()))
    }
}

impl Player {
    /// The next thing that happens to the session.
    pub(crate) async fn report(&mut self) -> Result<ClientReport, Box<dyn Error>> {
        loop {
            match timeout(PATIENCE, self.0.recv()).await? {
                Some(ClientEvent::Report(report)) => return Ok(report),
                Some(_) => {}
                None => return Err("the client has nothing to say any more".into()),
            }
        }
    }

    /// Waits until the server has let the player in.
    pub(crate) async fn connected(&mut self) -> Result<(), Box<dyn Error>> {
        match self.report().await? {
            ClientReport::Connected => Ok(()),
            other => Err(format!("expected to be let in, got {other:?}").into()),
        }
    }

    /// Waits until the player is out for good; why.
    pub(crate) async fn dead(&mut self) -> Result<DeathReason, Box<dyn Error>> {
        loop {
            if let ClientReport::IsDead(reason) = self.report().await? {
                return Ok(reason);
            }
        }
    }

    /// What the server calls the player.
    pub(crate) async fn name(&self) -> Result<String, Box<dyn Error>> {
        Ok(self.0.call(Sit).await?.name)
    }

    /// Ends the session.
    pub(crate) async fn leave(self) {
        self.0.close();
        self.0.dead().await;
    }

    /// Fails if anything has happened to the session since somebody asked.
    pub(crate) fn undisturbed(&mut self) -> Result<(), Box<dyn Error>> {
        match self.0.next() {
            None => Ok(()),
            Some(event) => Err(format!("the session was disturbed: {event:?}").into()),
        }
    }
}
