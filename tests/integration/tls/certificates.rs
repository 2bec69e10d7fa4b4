//! The verification of a server's certificate by a client.

use simplenet::{Certificates, ClientTls, ConnectError, TlsFailure};
use simplenet_tests::{
    certificates::{Authority, Validity},
    harness::{client, hello, meet, server, talk},
};

use super::{Library, failure, tls_failure, trusting};

#[tokio::test]
async fn server_of_another_authority_has_an_unknown_issuer() {
    let (ours, other) = (Authority::new("ours"), Authority::new("other"));
    for library in Library::ALL {
        let server = library.server(other.server().server_tls());
        assert_eq!(tls_failure(server.url(), trusting(&ours)).await, TlsFailure::UnknownIssuer);
        // The platform does not trust it either.
        let platform = ClientTls::new();
        assert_eq!(tls_failure(server.url(), platform).await, TlsFailure::UnknownIssuer);
    }
}

#[tokio::test]
async fn authority_with_the_same_name_is_not_trusted() {
    let (ours, forged) = (Authority::new("ours"), Authority::new("ours"));
    let server = Library::Rustls.server(forged.server().server_tls());
    let failure = tls_failure(server.url(), trusting(&ours)).await;
    assert!(
        matches!(failure, TlsFailure::UnknownIssuer | TlsFailure::InvalidCertificate(_)),
        "{failure:?}"
    );
}

#[tokio::test]
async fn certificate_for_another_name_is_refused_with_that_name() {
    let ours = Authority::new("ours");
    let server =
        Library::Rustls.server(ours.server_for(&["example.org"], Validity::Now).server_tls());
    match tls_failure(server.url(), trusting(&ours)).await {
        TlsFailure::WrongName(text) => {
            assert!(text.contains("127.0.0.1") && text.contains("example.org"), "{text}");
        }
        other => panic!("expected another name, got {other:?}"),
    }
}

#[tokio::test]
async fn certificate_is_valid_only_in_its_validity_period() {
    let ours = Authority::new("ours");
    for (validity, expected) in
        [(Validity::Past, TlsFailure::Expired), (Validity::Future, TlsFailure::NotValidYet)]
    {
        let server = Library::Rustls.server(ours.server_for(&["127.0.0.1"], validity).server_tls());
        assert_eq!(tls_failure(server.url(), trusting(&ours)).await, expected);
    }
}

#[tokio::test]
async fn client_certificate_is_invalid_for_a_server() {
    let ours = Authority::new("ours");
    let server = Library::Rustls.server(ours.client("127.0.0.1", Validity::Now).server_tls());
    let failure = tls_failure(server.url(), trusting(&ours)).await;
    assert!(matches!(failure, TlsFailure::InvalidCertificate(_)), "{failure:?}");
}

#[tokio::test]
async fn extra_roots_extend_those_of_the_platform() {
    let (first, second) = (Authority::new("first"), Authority::new("second"));
    let both =
        ClientTls::new().extra_roots(first.root()).extra_roots(Certificates::der([second.der()]));
    for authority in [&first, &second] {
        let mut server = Library::Rustls.server(authority.server().server_tls());
        let mut client = client(server.url(), 1).tls(both.clone()).connect(hello());
        meet(&mut server, &mut client).await;
    }
}

#[tokio::test]
async fn names_are_verified_as_in_the_url() {
    let ours = Authority::new("ours");
    let mut server =
        Library::Rustls.server(ours.server_for(&["localhost"], Validity::Now).server_tls());
    let mut url = server.url();
    url.set_host(Some("LOCALHOST")).unwrap();
    let mut client = client(url, 1).tls(trusting(&ours)).connect(hello());
    meet(&mut server, &mut client).await;
    talk(&mut server, &client).await;
}

#[tokio::test]
async fn server_without_tls_is_recognized() {
    let ours = Authority::new("ours");
    let plain = server();
    let mut url = plain.url();
    url.set_scheme("wss").unwrap();
    let failure_of_tls = tls_failure(url, trusting(&ours)).await;
    assert!(
        matches!(failure_of_tls, TlsFailure::NotTls | TlsFailure::Interrupted(_)),
        "{failure_of_tls:?}"
    );

    for library in Library::ALL {
        let secured = library.server(ours.server().server_tls());
        let mut url = secured.url();
        url.set_scheme("ws").unwrap();
        let failed = failure(url, ClientTls::new()).await;
        assert!(matches!(failed, ConnectError::Handshake(_)), "{failed:?}");
    }
}
