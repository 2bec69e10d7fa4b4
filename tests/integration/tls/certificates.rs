//! The verification of a server's certificate by a client.

use simplenet::{Certificates, ClientTls, ConnectError, TlsFailure};
use simplenet_tests::{
    certificates::{Authority, Validity},
    harness::{client, connect_both, hello, round_trip, server},
};

use super::{Library, failure, tls_failure, trusting};

#[tokio::test]
async fn server_of_another_authority_has_an_unknown_issuer() {
    let (trusted, other) = (Authority::new("trusted"), Authority::new("other"));
    for library in Library::ALL {
        let server = library.server(other.server().server_tls());
        assert_eq!(tls_failure(server.url(), trusting(&trusted)).await, TlsFailure::UnknownIssuer);
        // The platform does not trust the server's authority either.
        let platform = ClientTls::new();
        assert_eq!(tls_failure(server.url(), platform).await, TlsFailure::UnknownIssuer);
    }
}

#[tokio::test]
async fn authority_with_the_same_name_is_not_trusted() {
    let (trusted, forged) = (Authority::new("trusted"), Authority::new("trusted"));
    let server = Library::Rustls.server(forged.server().server_tls());
    let failure = tls_failure(server.url(), trusting(&trusted)).await;
    assert!(
        matches!(failure, TlsFailure::UnknownIssuer | TlsFailure::InvalidCertificate(_)),
        "{failure:?}"
    );
}

#[tokio::test]
async fn certificate_for_another_name_is_refused_with_that_name() {
    let trusted = Authority::new("trusted");
    let server =
        Library::Rustls.server(trusted.server_for(&["example.org"], Validity::Now).server_tls());
    match tls_failure(server.url(), trusting(&trusted)).await {
        TlsFailure::WrongName(text) => {
            assert!(text.contains("127.0.0.1") && text.contains("example.org"), "{text}");
        }
        other => panic!("expected WrongName, got {other:?}"),
    }
}

#[tokio::test]
async fn certificate_is_valid_only_in_its_validity_period() {
    let trusted = Authority::new("trusted");
    for (validity, expected) in
        [(Validity::Past, TlsFailure::Expired), (Validity::Future, TlsFailure::NotValidYet)]
    {
        let server =
            Library::Rustls.server(trusted.server_for(&["127.0.0.1"], validity).server_tls());
        assert_eq!(tls_failure(server.url(), trusting(&trusted)).await, expected);
    }
}

#[tokio::test]
async fn client_certificate_is_invalid_for_a_server() {
    let trusted = Authority::new("trusted");
    let server = Library::Rustls.server(trusted.client("127.0.0.1", Validity::Now).server_tls());
    let failure = tls_failure(server.url(), trusting(&trusted)).await;
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
        connect_both(&mut server, &mut client).await;
    }
}

#[tokio::test]
async fn server_name_is_compared_regardless_of_case() {
    let trusted = Authority::new("trusted");
    let mut server =
        Library::Rustls.server(trusted.server_for(&["localhost"], Validity::Now).server_tls());
    let mut url = server.url();
    url.set_host(Some("LOCALHOST")).unwrap();
    let mut client = client(url, 1).tls(trusting(&trusted)).connect(hello());
    connect_both(&mut server, &mut client).await;
    round_trip(&mut server, &client).await;
}

#[tokio::test]
async fn url_with_the_wrong_scheme_fails_with_the_reason() {
    let trusted = Authority::new("trusted");
    let plain = server();
    let mut url = plain.url();
    url.set_scheme("wss").unwrap();
    let tls_error = tls_failure(url, trusting(&trusted)).await;
    assert!(matches!(tls_error, TlsFailure::NotTls | TlsFailure::Interrupted(_)), "{tls_error:?}");

    for library in Library::ALL {
        let secured = library.server(trusted.server().server_tls());
        let mut url = secured.url();
        url.set_scheme("ws").unwrap();
        let failed = failure(url, ClientTls::new()).await;
        assert!(matches!(failed, ConnectError::Handshake(_)), "{failed:?}");
    }
}
