//! The game server: whoever has a token may play, under the name that the token claims.

use std::{error::Error, time::Duration};

use simplenet::{
    AcceptorConfig, Authenticator, Certificates, PrivateKey, Reply, Revocations, RustlsAcceptor,
    ServerTls, TokenVerifier, Url,
};

use self::game::{Seat, Service, ServiceContext, Sit};
use crate::certificates::Credentials;

/// The game's channel.
#[simplenet::channel]
pub(crate) mod game {
    /// Asks for a seat.
    #[request(Seat)]
    pub struct Sit;
    /// A seat at the table.
    pub struct Seat {
        /// What stands on it: the player's name, by the token.
        pub name: String,
    }
}

/// A running game server.
pub(crate) struct GameServer {
    server: game::ServerHandle,
    /// The keys that it trusts: a clone of what the server has, so it can be changed while it runs.
    pub(crate) verifier: TokenVerifier,
    /// What it does not accept any more, in the same way.
    pub(crate) revocations: Revocations,
}

impl GameServer {
    /// Listens on a free port of this machine, over WSS.
    pub(crate) fn start(
        verifier: TokenVerifier,
        credentials: &Credentials,
    ) -> Result<Self, Box<dyn Error>> {
        let revocations = Revocations::new();
        let verifier = verifier.revocations(revocations.clone());
        let tls = ServerTls::new(
            Certificates::pem(credentials.certificate.as_str()),
            PrivateKey::pem(credentials.key.as_str()),
        );
        let serving = game::Server::builder()
            .authenticator(Authenticator::Token(verifier.clone()))
            .acceptor(AcceptorConfig::Rustls(RustlsAcceptor::new(tls)?))
            .service(Table)
            .bind("127.0.0.1:0")?;
        let server = serving.handle();
        tokio::spawn(serving);
        Ok(Self { server, verifier, revocations })
    }

    /// Where players connect.
    pub(crate) fn url(&self) -> Url {
        self.server.url()
    }

    pub(crate) async fn stop(&self) {
        self.server.shutdown(Duration::from_secs(5)).await;
    }
}

/// Where players sit.
struct Table;

impl Service for Table {
    async fn sit(&self, context: ServiceContext, _: Sit) -> Reply<Seat> {
        // What the login service says of the player, under its signature.
        let name = String::from_utf8_lossy(&context.peer().identity.claims).into_owned();
        Seat { name }.into()
    }
}
