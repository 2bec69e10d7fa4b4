//! The game server: verifies tokens, whose claims contain the player's name.

use std::{error::Error, time::Duration};

use simplenet::{
    AcceptorConfig, Authenticator, Certificates, PrivateKey, Reply, Revocations, RustlsAcceptor,
    ServerTls, TokenVerifier, Url,
};

use self::game::{GetProfile, Profile, Service, ServiceContext};
use crate::certificates::CertifiedKey;

/// The channel between the game server and its clients.
#[simplenet::channel]
pub(crate) mod game {
    /// Requests the player's profile.
    #[request(Profile)]
    pub struct GetProfile;
    /// The profile of a player.
    pub struct Profile {
        /// The player's name, from the claims of the token.
        pub name: String,
    }
}

/// A running game server.
pub(crate) struct GameServer {
    server: game::ServerHandle,
    /// Shares its trusted keys with the server, so changes take effect at once.
    pub(crate) verifier: TokenVerifier,
    /// Shares its revoked tokens with the server, so changes take effect at once.
    pub(crate) revocations: Revocations,
}

impl GameServer {
    /// Starts a server on a free local port, over WSS.
    pub(crate) fn start(
        verifier: TokenVerifier,
        certified_key: &CertifiedKey,
    ) -> Result<Self, Box<dyn Error>> {
        let revocations = Revocations::new();
        let verifier = verifier.revocations(revocations.clone());
        let tls = ServerTls::new(
            Certificates::pem(certified_key.certificate.as_str()),
            PrivateKey::pem(certified_key.key.as_str()),
        );
        let serving = game::Server::builder()
            .authenticator(Authenticator::Token(verifier.clone()))
            .acceptor(AcceptorConfig::Rustls(RustlsAcceptor::new(tls)?))
            .service(GameService)
            .bind("127.0.0.1:0")?;
        let server = serving.handle();
        tokio::spawn(serving);
        Ok(Self { server, verifier, revocations })
    }

    /// Returns the URL that clients connect to.
    pub(crate) fn url(&self) -> Url {
        self.server.url()
    }

    pub(crate) async fn shut_down(&self) {
        self.server.shutdown(Duration::from_secs(5)).await;
    }
}

struct GameService;

impl Service for GameService {
    async fn get_profile(&self, context: ServiceContext, _: GetProfile) -> Reply<Profile> {
        // The verified claims, which the login service signed.
        let name = String::from_utf8_lossy(&context.peer().identity.claims).into_owned();
        Profile { name }.into()
    }
}
