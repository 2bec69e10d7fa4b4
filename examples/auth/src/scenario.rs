//! The steps of the demo. Each step prints its results, and fails if one of them is unexpected.

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
    certificates::CertificateAuthority,
    client::{Endpoints, GameClient, LoginError, TIMEOUT},
    game_server::{GameServer, game::Game},
    login_service::LoginService,
};

/// Both services, and the data that clients need to connect to them.
pub(crate) struct Scenario {
    login_service: LoginService,
    game_server: GameServer,
    endpoints: Endpoints,
    /// The key that signs tokens until the rotation.
    first_key: AuthSigningKey,
}

impl Scenario {
    /// Starts both services.
    pub(crate) async fn start() -> Result<Self, Box<dyn Error>> {
        // axum-server and reqwest use the process's default cryptography provider.
        let _ = ring::default_provider().install_default();
        let authority = CertificateAuthority::new()?;
        let (signing, verifying) = generate_auth_token_keys()?;
        let login_service = LoginService::start(signing.clone(), &authority.issue()?).await?;
        let game_server = GameServer::start(TokenVerifier::new([verifying]), &authority.issue()?)?;
        let root_certificate = authority.root_certificate();
        let http = reqwest::Client::builder()
            // The login service is on this machine. A proxy from the environment may not reach it.
            .no_proxy()
            .tls_certs_only([reqwest::Certificate::from_pem(root_certificate.as_bytes())?])
            .build()?;
        let endpoints = Endpoints {
            login_service: login_service.url(),
            game_server: game_server.url(),
            root_certificate,
            http,
        };
        Ok(Self { login_service, game_server, endpoints, first_key: signing })
    }

    /// Returns the root certificate of both services, in PEM.
    pub(crate) fn root_certificate(&self) -> &str {
        &self.endpoints.root_certificate
    }

    /// Runs all steps.
    pub(crate) async fn run(&self) -> Result<(), Box<dyn Error>> {
        self.log_in().await?;
        let mut ann = self.connect().await?;
        self.expiry().await?;
        self.refresh(&mut ann).await?;
        let second_key = self.rotation(&mut ann).await?;
        self.revocation(&mut ann, &second_key).await?;
        println!("\nAll steps had the expected results.");
        Ok(())
    }

    pub(crate) async fn shut_down(self) {
        self.game_server.shut_down().await;
        self.login_service.shut_down();
    }

    async fn log_in(&self) -> Result<(), Box<dyn Error>> {
        print_heading("Login");
        match self.endpoints.log_in("ann", "wrong").await {
            Err(LoginError::WrongPassword) => println!("ann, with a wrong password: no token"),
            other => {
                let error = format!("expected `LoginError::WrongPassword`, got {other:?}");
                return Err(error.into());
            }
        }
        let token = self.endpoints.log_in("ann", "correct horse").await?;
        println!(
            "ann: token {} for client {}, signed with key {}, expires in {:.1} s",
            token.id(),
            token.client_id(),
            token.key_id(),
            token.time_until_expiry().ok_or("a new token has already expired")?.as_secs_f64()
        );
        Ok(())
    }

    /// Connects a client that fetches fresh tokens.
    async fn connect(&self) -> Result<GameClient, Box<dyn Error>> {
        print_heading("Connect");
        let provider = self.endpoints.provider("ann", "correct horse");
        let auth = AuthRequest::Provider { client_id: 1.into(), provider };
        let mut ann = self.endpoints.connect(auth);
        ann.wait_until_connected().await?;
        println!("ann: connected, with the name {:?} from the token", ann.fetch_name().await?);
        Ok(ann)
    }

    /// Connects a client with a single token, and waits until the token expires.
    async fn expiry(&self) -> Result<(), Box<dyn Error>> {
        print_heading("Expiry");
        let token = self.endpoints.log_in("bob", "battery staple").await?;
        let mut bob = self.endpoints.connect(AuthRequest::Token { token });
        bob.wait_until_connected().await?;
        println!("bob: connected with a single token");
        match bob.wait_until_dead().await? {
            DeathReason::TokenExpired => println!("bob: dead: {}", DeathReason::TokenExpired),
            other => return Err(format!("expected expiry of bob's token, got: {other}").into()),
        }
        Ok(())
    }

    /// Waits until a session has outlived its first token.
    async fn refresh(&self, ann: &mut GameClient) -> Result<(), Box<dyn Error>> {
        print_heading("Refresh");
        // The client fetches the second fresh token after the first token has expired.
        wait_for_issued(self.login_service.issued(), 2).await?;
        let name = ann.fetch_name_in_first_session().await?;
        println!("{name}: two fresh tokens, still in the first session");
        Ok(())
    }

    /// Replaces the key that signs tokens, and returns the new key.
    async fn rotation(&self, ann: &mut GameClient) -> Result<AuthSigningKey, Box<dyn Error>> {
        print_heading("Rotation");
        let old_token = long_lived_token(&self.first_key)?;
        let first_key = self.first_key.verifying_key().id();
        let (signing, verifying) = generate_auth_token_keys()?;

        self.game_server.verifier.trust(verifying);
        println!("the game server also trusts key {}", verifying.id());
        self.login_service.set_signing_key(signing.clone());
        println!("the login service signs with the new key");
        let mut cleo = self.endpoints.connect(AuthRequest::Token { token: old_token.clone() });
        cleo.wait_until_connected().await?;
        println!("cleo, with a token of the old key that lasts an hour: connected");
        cleo.close().await;
        // The old key may be removed once ann has a token of the new key.
        wait_for_issued(self.login_service.issued(), 1).await?;

        self.game_server.verifier.distrust(first_key);
        println!("the game server no longer trusts key {first_key}");
        let mut cleo = self.endpoints.connect(AuthRequest::Token { token: old_token });
        match cleo.wait_until_dead().await? {
            DeathReason::Refused(reason @ CloseReason::AuthenticationRefused(_)) => {
                println!("cleo, with the same token: {reason}");
            }
            other => return Err(format!("expected a refusal of cleo, got: {other}").into()),
        }
        let token = self.endpoints.log_in("cleo", "tr0ub4dor").await?;
        let mut cleo = self.endpoints.connect(AuthRequest::Token { token });
        cleo.wait_until_connected().await?;
        println!("cleo, with a token of the new key: connected");
        cleo.close().await;
        println!("{}: still in the first session", ann.fetch_name_in_first_session().await?);
        Ok(signing)
    }

    /// Revokes the tokens of a connected client.
    async fn revocation(
        &self,
        ann: &mut GameClient,
        key: &AuthSigningKey,
    ) -> Result<(), Box<dyn Error>> {
        print_heading("Revocation");
        // The token lasts longer than the demo, so only the revocation can end this session.
        let token = long_lived_token(key)?;
        let mut cleo = self.endpoints.connect(AuthRequest::Token { token });
        cleo.wait_until_connected().await?;
        println!("cleo, with a token that lasts an hour: connected");
        let issued_until = SystemTime::now() + TokenVerifier::DEFAULT_CLOCK_SKEW;
        self.game_server.revocations.revoke_client(3, issued_until);
        println!("the game server revokes cleo's tokens");
        match cleo.next_report().await? {
            ClientReport::ClosedByServer(reason @ CloseReason::AuthenticationRefused(_)) => {
                println!("cleo: session closed: {reason}");
            }
            other => {
                return Err(format!("expected the end of cleo's session, got {other:?}").into());
            }
        }
        println!("cleo: dead: {}", cleo.wait_until_dead().await?);
        println!("{}: still in the first session", ann.fetch_name_in_first_session().await?);
        Ok(())
    }
}

/// Prints the addresses of both services.
impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Endpoints { login_service, game_server, .. } = &self.endpoints;
        write!(f, "login service  {login_service}\ngame server    {game_server}")
    }
}

fn print_heading(text: &str) {
    println!("\n== {text}");
}

/// Waits until the login service has issued `count` more tokens.
async fn wait_for_issued(
    mut issued: watch::Receiver<u32>,
    count: u32,
) -> Result<(), Box<dyn Error>> {
    let target = *issued.borrow() + count;
    let result = timeout(TIMEOUT, issued.wait_for(|issued| *issued >= target)).await;
    result.map_err(|_| {
        format!("the login service issued fewer than {count} tokens in {TIMEOUT:?}")
    })??;
    Ok(())
}

/// Returns a token for cleo that lasts longer than the demo.
fn long_lived_token(key: &AuthSigningKey) -> Result<AuthToken, TokenError> {
    let token = AuthTokenBuilder::new(3).for_channel::<Game>();
    token.lifetime(Duration::from_secs(3600)).sign(key)
}
