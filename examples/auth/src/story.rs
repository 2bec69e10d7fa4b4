//! What the demo shows, step by step. Each step says what it expects, and the demo fails where it does not happen.

use std::{
    error::Error,
    fmt,
    time::{Duration, SystemTime},
};

use simplenet::{
    AuthRequest, AuthSigningKey, AuthTokenBuilder, ClientReport, DeathReason, TokenVerifier,
    generate_auth_token_keys,
};
use tokio_rustls::rustls::crypto::ring;

use crate::{
    certificates::Authority,
    game::{GameServer, game::Game},
    login::{LIFETIME, LoginService},
    player::{Doors, LoginError, Player},
};

/// Both services, and what players need to find them.
pub(crate) struct Stage {
    login: LoginService,
    game: GameServer,
    doors: Doors,
    /// What tokens are signed with in the beginning.
    first_key: AuthSigningKey,
}

impl Stage {
    pub(crate) async fn set_up() -> Result<Self, Box<dyn Error>> {
        // For the libraries of the login service, which ask the process which cryptography to use.
        let _ = ring::default_provider().install_default();
        let authority = Authority::new()?;
        let (signing, verifying) = generate_auth_token_keys()?;
        let login = LoginService::start(signing.clone(), &authority.issue()?).await?;
        let game = GameServer::start(TokenVerifier::new([verifying]), &authority.issue()?)?;
        let root = authority.root();
        let http = reqwest::Client::builder()
            .tls_certs_only([reqwest::Certificate::from_pem(root.as_bytes())?])
            .build()?;
        let doors = Doors { login: login.url(), game: game.url(), root, http };
        Ok(Self { login, game, doors, first_key: signing })
    }

    /// The root of both services' certificates, in PEM.
    pub(crate) fn root(&self) -> &str {
        &self.doors.root
    }

    pub(crate) async fn play(&self) -> Result<(), Box<dyn Error>> {
        self.log_in().await?;
        let mut ann = self.connect().await?;
        self.expiry().await?;
        self.refresh(&mut ann).await?;
        self.rotation(&mut ann).await?;
        self.revocation(&mut ann).await?;
        println!("\nAs expected, all of it.");
        Ok(())
    }

    pub(crate) async fn close(self) {
        self.game.stop().await;
        self.login.stop();
    }

    async fn log_in(&self) -> Result<(), Box<dyn Error>> {
        heading("Login");
        match self.doors.log_in("ann", "wrong").await {
            Err(LoginError::Wrong) => println!("ann, wrong password: no token"),
            other => return Err(format!("a wrong password gives {other:?}").into()),
        }
        let token = self.doors.log_in("ann", "correct horse").await?;
        println!(
            "ann: token {} for client {}, signed with key {}, valid for {LIFETIME:?}",
            token.id(),
            token.client_id(),
            token.key_id()
        );
        Ok(())
    }

    async fn connect(&self) -> Result<Player, Box<dyn Error>> {
        heading("Connect");
        let provider = self.doors.provider("ann", "correct horse");
        let mut ann = self.doors.enter(AuthRequest::Provider { client_id: 1.into(), provider });
        ann.connected().await?;
        println!(
            "ann is connected; the game server knows from her token that she is {:?}",
            ann.name().await?
        );
        Ok(ann)
    }

    async fn expiry(&self) -> Result<(), Box<dyn Error>> {
        heading("Expiry");
        let token = self.doors.log_in("bob", "battery staple").await?;
        let mut bob = self.doors.enter(AuthRequest::Token { token });
        bob.connected().await?;
        println!("bob is connected with one token, and does not fetch another");
        println!("bob is dead: {}", bob.dead().await?);
        Ok(())
    }

    async fn refresh(&self, ann: &mut Player) -> Result<(), Box<dyn Error>> {
        heading("Refresh");
        let mut issued = self.login.issued();
        let before = *issued.borrow();
        // Once more than her token lasts.
        issued.wait_for(|count| *count >= before + 2).await?;
        let name = undisturbed(ann).await?;
        println!("{name} has fetched two more tokens, and is still in her first session");
        Ok(())
    }

    async fn rotation(&self, ann: &mut Player) -> Result<(), Box<dyn Error>> {
        heading("Rotation");
        let lasting = AuthTokenBuilder::new(3)
            .for_channel::<Game>()
            .lifetime(Duration::from_secs(3600))
            .sign(&self.first_key)?;
        let first_key = self.first_key.verifying_key().id();
        let (signing, verifying) = generate_auth_token_keys()?;

        self.game.verifier.trust(verifying);
        println!("the game server trusts key {} too", verifying.id());
        self.login.sign_with(signing);
        println!("the login service signs with it");
        let mut cleo = self.doors.enter(AuthRequest::Token { token: lasting.clone() });
        cleo.connected().await?;
        println!("cleo, with a token of the old key that lasts an hour: connected");
        cleo.leave().await;
        // From here on, ann's tokens are of the new key.
        let mut issued = self.login.issued();
        let before = *issued.borrow();
        issued.wait_for(|count| *count > before).await?;

        self.game.verifier.distrust(first_key);
        println!("the game server forgets key {first_key}");
        match self.doors.enter(AuthRequest::Token { token: lasting }).dead().await? {
            DeathReason::Refused(reason) => println!("cleo, with the same token: {reason}"),
            other => return Err(format!("cleo should have been refused: {other}").into()),
        }
        let token = self.doors.log_in("cleo", "tr0ub4dor").await?;
        let mut cleo = self.doors.enter(AuthRequest::Token { token });
        cleo.connected().await?;
        println!("cleo, with a token of the new key: connected");
        cleo.leave().await;
        println!("{} is still in her first session", undisturbed(ann).await?);
        Ok(())
    }

    async fn revocation(&self, ann: &mut Player) -> Result<(), Box<dyn Error>> {
        heading("Revocation");
        self.game.revocations.revoke_client(1, SystemTime::now());
        println!("ann's tokens are revoked");
        match ann.report().await? {
            ClientReport::ClosedByServer(reason) | ClientReport::Disconnected(reason) => {
                println!("ann's session is over: {reason}");
            }
            other => return Err(format!("ann's session should be over: {other:?}").into()),
        }
        println!("ann is dead: {}", ann.dead().await?);
        Ok(())
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "login service  {}\ngame server    {}", self.doors.login, self.doors.game)
    }
}

fn heading(text: &str) {
    println!("\n== {text}");
}

/// Fails unless the player is in the session of before; the player's name.
async fn undisturbed(player: &mut Player) -> Result<String, Box<dyn Error>> {
    let name = player.name().await?;
    if player.is_undisturbed() { Ok(name) } else { Err("the session was disturbed".into()) }
}
