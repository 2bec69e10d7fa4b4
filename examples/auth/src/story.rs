//! What the demo shows, step by step. Each step says what it expects, and the demo fails where it does not happen.

use std::{
    error::Error,
    fmt,
    time::{Duration, SystemTime},
};

use simplenet::{
    AuthRequest, AuthSigningKey, AuthToken, AuthTokenBuilder, ClientReport, CloseReason,
    DeathReason, TokenError, TokenVerifier, generate_auth_token_keys,
};
use tokio::{sync::watch, time::timeout};
use tokio_rustls::rustls::crypto::ring;

use crate::{
    certificates::Authority,
    game::{GameServer, game::Game},
    login::LoginService,
    player::{Doors, LoginError, PATIENCE, Player},
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
            // Both services are on this machine, whatever its environment says of proxies.
            .no_proxy()
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
        let second_key = self.rotation(&mut ann).await?;
        self.revocation(&mut ann, &second_key).await?;
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
            "ann: token {} for client {}, signed with key {}, valid for another {:.1} s",
            token.id(),
            token.client_id(),
            token.key_id(),
            token.time_until_expiry().ok_or("a new token has expired")?.as_secs_f64()
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
        match bob.dead().await? {
            DeathReason::TokenExpired => println!("bob is dead: {}", DeathReason::TokenExpired),
            other => return Err(format!("bob should have ended with his token: {other}").into()),
        }
        Ok(())
    }

    async fn refresh(&self, ann: &mut Player) -> Result<(), Box<dyn Error>> {
        heading("Refresh");
        // Once more than her token lasts.
        issued(self.login.issued(), 2).await?;
        let name = undisturbed(ann).await?;
        println!("{name} has fetched two more tokens, and is still in her first session");
        Ok(())
    }

    /// Changes the key that tokens are signed with; the new one.
    async fn rotation(&self, ann: &mut Player) -> Result<AuthSigningKey, Box<dyn Error>> {
        heading("Rotation");
        let lasting = lasting(&self.first_key)?;
        let first_key = self.first_key.verifying_key().id();
        let (signing, verifying) = generate_auth_token_keys()?;

        self.game.verifier.trust(verifying);
        println!("the game server trusts key {} too", verifying.id());
        self.login.sign_with(signing.clone());
        println!("the login service signs with it");
        let mut cleo = self.doors.enter(AuthRequest::Token { token: lasting.clone() });
        cleo.connected().await?;
        println!("cleo, with a token of the old key that lasts an hour: connected");
        cleo.leave().await;
        // From here on, ann's tokens are of the new key.
        issued(self.login.issued(), 1).await?;

        self.game.verifier.distrust(first_key);
        println!("the game server forgets key {first_key}");
        match self.doors.enter(AuthRequest::Token { token: lasting }).dead().await? {
            DeathReason::Refused(reason @ CloseReason::AuthenticationRefused(_)) => {
                println!("cleo, with the same token: {reason}");
            }
            other => return Err(format!("cleo should have been refused: {other}").into()),
        }
        let token = self.doors.log_in("cleo", "tr0ub4dor").await?;
        let mut cleo = self.doors.enter(AuthRequest::Token { token });
        cleo.connected().await?;
        println!("cleo, with a token of the new key: connected");
        cleo.leave().await;
        println!("{} is still in her first session", undisturbed(ann).await?);
        Ok(signing)
    }

    async fn revocation(
        &self,
        ann: &mut Player,
        key: &AuthSigningKey,
    ) -> Result<(), Box<dyn Error>> {
        heading("Revocation");
        // Nothing but the revocation can end this session: its token lasts, and no other takes its place.
        let token = lasting(key)?;
        let mut cleo = self.doors.enter(AuthRequest::Token { token });
        cleo.connected().await?;
        println!("cleo is connected, with a token that lasts an hour");
        let issued_until = SystemTime::now() + TokenVerifier::DEFAULT_CLOCK_SKEW;
        self.game.revocations.revoke_client(3, issued_until);
        println!("cleo's tokens are revoked");
        match cleo.report().await? {
            ClientReport::ClosedByServer(reason @ CloseReason::AuthenticationRefused(_)) => {
                println!("cleo's session is over: {reason}");
            }
            other => return Err(format!("cleo's session should be over: {other:?}").into()),
        }
        println!("cleo is dead: {}", cleo.dead().await?);
        println!("{} is still in her first session", undisturbed(ann).await?);
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

/// Waits until the login service has issued so many more tokens.
async fn issued(mut issued: watch::Receiver<u32>, more: u32) -> Result<(), Box<dyn Error>> {
    let enough = *issued.borrow() + more;
    let fetched = timeout(PATIENCE, issued.wait_for(|count| *count >= enough)).await;
    fetched.map_err(|_| format!("nobody has fetched {more} more tokens in {PATIENCE:?}"))??;
    Ok(())
}

/// A token for cleo that does not expire while the demo runs.
fn lasting(key: &AuthSigningKey) -> Result<AuthToken, TokenError> {
    let token = AuthTokenBuilder::new(3).for_channel::<Game>();
    token.lifetime(Duration::from_secs(3600)).sign(key)
}

/// Fails unless the player is in the session of before; the player's name.
async fn undisturbed(player: &mut Player) -> Result<String, Box<dyn Error>> {
    // Before the call as well: in another session, or in none, it would wait or fail for a reason of its own.
    player.undisturbed()?;
    let name = player.name().await;
    player.undisturbed()?;
    name
}
