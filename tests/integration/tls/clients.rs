//! Client certificates.

use simplenet::{
    AuthAttempt, AuthIdentity, AuthRefusal, Authenticate, Authenticator, ClientId, ClientTls,
    CloseReason, DeathReason, ServerTls, TlsFailure,
};
use simplenet_tests::{
    certificates::{Authority, Credentials, Validity},
    chat,
    harness::{accept, client, connect_both, hello, soon},
};

use super::{Library, tls_failure, trusting};

/// Creates an authority for servers, an authority for clients, and the settings of a server.
fn authorities() -> (Authority, Authority, ServerTls) {
    let (server_authority, client_authority) =
        (Authority::new("servers"), Authority::new("clients"));
    let settings = server_authority.server().server_tls();
    (server_authority, client_authority, settings)
}

/// Returns the settings of a client that trusts the authority and has these credentials.
fn with_identity(authority: &Authority, credentials: &Credentials) -> ClientTls {
    trusting(authority).identity(credentials.certificates(), credentials.private_key())
}

/// Connects a client, and returns its certificates as the server receives them.
async fn identity(server: &mut chat::Server, tls: ClientTls) -> Option<simplenet::TlsIdentity> {
    let mut client = client(server.url(), 1).tls(tls).connect(hello());
    let peer = connect_both(server, &mut client).await;
    assert_eq!(server.peer(client.id()), Some(peer.clone()));
    peer.tls
}

#[tokio::test]
async fn required_certificate_is_the_identity_of_the_peer() {
    for library in Library::ALL {
        let (server_authority, client_authority, settings) = authorities();
        let mut server =
            library.server(settings.require_client_certificates(client_authority.root()));
        let ann = client_authority.client("ann", Validity::Now);
        let identity = identity(&mut server, with_identity(&server_authority, &ann)).await.unwrap();
        assert_eq!(identity.certificate(), ann.der());
        assert_eq!(identity.chain().len(), 1);
    }
}

#[tokio::test]
async fn reconnecting_client_is_verified_again() {
    for library in Library::ALL {
        let (server_authority, client_authority, settings) = authorities();
        let mut server =
            library.server(settings.require_client_certificates(client_authority.root()));
        let ann = client_authority.client("ann", Validity::Now);
        let mut client = client(server.url(), 1)
            .config(simplenet::ClientConfig {
                reconnect_on_server_close: true,
                reconnect_interval: std::time::Duration::from_millis(1),
                ..Default::default()
            })
            .tls(with_identity(&server_authority, &ann))
            .connect(hello());
        for _ in 0..3 {
            let peer = connect_both(&mut server, &mut client).await;
            assert_eq!(peer.tls.unwrap().certificate(), ann.der());
            let again = simplenet::CloseReason::Application { code: 1, text: "again".into() };
            server.disconnect(client.id(), again);
            simplenet_tests::harness::ended(&mut server).await;
            simplenet_tests::harness::client_event(&mut client).await;
        }
    }
}

#[tokio::test]
async fn client_without_a_required_certificate_is_refused() {
    for library in Library::ALL {
        let (server_authority, client_authority, settings) = authorities();
        let mut server =
            library.server(settings.require_client_certificates(client_authority.root()));
        let failure = tls_failure(server.url(), trusting(&server_authority)).await;
        assert_eq!(failure, TlsFailure::CertificateRequired, "{library:?}");
        assert!(server.next().is_none());
    }
}

#[tokio::test]
async fn client_certificate_of_another_authority_is_refused() {
    for library in Library::ALL {
        let (server_authority, client_authority, settings) = authorities();
        let untrusted = Authority::new("untrusted").client("mallory", Validity::Now);
        let expired = client_authority.client("old", Validity::Past);
        let for_servers = client_authority.server();
        for settings in [
            settings.clone().require_client_certificates(client_authority.root()),
            settings.clone().optional_client_certificates(client_authority.root()),
        ] {
            let mut server = library.server(settings);
            for credentials in [&untrusted, &expired, &for_servers] {
                let failure =
                    tls_failure(server.url(), with_identity(&server_authority, credentials)).await;
                assert!(
                    matches!(failure, TlsFailure::CertificateRefused(_)),
                    "{library:?} {failure:?}"
                );
            }
            assert!(server.next().is_none());
        }
    }
}

#[tokio::test]
async fn optional_client_certificate_may_be_omitted() {
    for library in Library::ALL {
        let (server_authority, client_authority, settings) = authorities();
        let mut server =
            library.server(settings.optional_client_certificates(client_authority.root()));
        let ann = client_authority.client("ann", Validity::Now);
        let verified = identity(&mut server, with_identity(&server_authority, &ann)).await.unwrap();
        assert_eq!(verified.certificate(), ann.der());
        simplenet_tests::harness::ended(&mut server).await;
        assert_eq!(identity(&mut server, trusting(&server_authority)).await, None);
    }
}

#[tokio::test]
async fn client_certificate_is_not_sent_unless_requested() {
    for library in Library::ALL {
        let (server_authority, client_authority, settings) = authorities();
        let mut server = library.server(settings);
        let ann = client_authority.client("ann", Validity::Now);
        assert_eq!(identity(&mut server, with_identity(&server_authority, &ann)).await, None);
    }
}

/// An authenticator that accepts the holder of one certificate under a fixed id.
struct ByCertificate(Vec<u8>);

impl Authenticate for ByCertificate {
    async fn authenticate(&self, attempt: AuthAttempt) -> Result<AuthIdentity, AuthRefusal> {
        match attempt.tls {
            Some(tls) if tls.certificate() == self.0 => Ok(AuthIdentity::new(77_u128)),
            _ => Err(AuthRefusal::new("unknown certificate")),
        }
    }
}

#[tokio::test]
async fn authenticator_can_use_the_certificate() {
    for library in Library::ALL {
        let (server_authority, client_authority, settings) = authorities();
        let ann = client_authority.client("ann", Validity::Now);
        let mut server = chat::Server::builder()
            .acceptor(
                library.acceptor(settings.optional_client_certificates(client_authority.root())),
            )
            .authenticator(Authenticator::custom(ByCertificate(ann.der())))
            .bind("127.0.0.1:0")
            .unwrap();
        let _client =
            client(server.url(), 1).tls(with_identity(&server_authority, &ann)).connect(hello());
        assert_eq!(accept(&mut server).await.0, ClientId::new(77));
        let bob = client_authority.client("bob", Validity::Now);
        for tls in [with_identity(&server_authority, &bob), trusting(&server_authority)] {
            let other = client(server.url(), 1).tls(tls).connect(hello());
            let death = soon("the refusal", other.ready()).await.unwrap_err();
            let refused = CloseReason::AuthenticationRefused(String::new());
            assert!(matches!(death, DeathReason::Refused(reason) if reason == refused));
        }
    }
}
