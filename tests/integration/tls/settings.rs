//! Invalid settings of TLS, and their errors.

use simplenet::{
    Certificates, ClientTls, DeathReason, PrivateKey, RustlsAcceptor, ServerTls, TlsError, Url,
};
use simplenet_tests::{
    certificates::Authority,
    harness::{client, hello, soon},
};

use super::{Library, folder};

/// Returns the library's error for invalid settings.
fn refused(library: Library, settings: ServerTls) -> TlsError {
    match library {
        Library::Rustls => RustlsAcceptor::new(settings).unwrap_err(),
        #[cfg(feature = "openssl")]
        Library::Openssl => simplenet::OpensslAcceptor::new(settings).unwrap_err(),
    }
}

const NOT_A_CERTIFICATE: &str =
    "-----BEGIN CERTIFICATE-----\nAAECAwQFBgcICQ==\n-----END CERTIFICATE-----\n";
const NOT_A_KEY: &str =
    "-----BEGIN PRIVATE KEY-----\nAAECAwQFBgcICQ==\n-----END PRIVATE KEY-----\n";
const ENCRYPTED_KEY: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAECAwQFBgcICQ==\n-----END ENCRYPTED PRIVATE KEY-----\n";
const OLD_ENCRYPTED_KEY: &str = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\
    DEK-Info: AES-128-CBC,00\n\nAAECAwQFBgcICQ==\n-----END RSA PRIVATE KEY-----\n";

#[test]
fn error_contains_the_file_and_the_cause() {
    let authority = Authority::new("servers");
    let valid = authority.server();
    let folder = folder("settings");
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let certificate = file("valid_certificate.pem", &valid.certificate);
    let key = file("valid_key.pem", &valid.key);
    let truncated = &valid.certificate[..valid.certificate.len() / 2];
    let certificates: [(_, &str, &[&str]); 6] = [
        ("missing", "", &["cannot read", "missing"]),
        ("empty.pem", "", &["no certificate in", "empty.pem"]),
        ("key_instead.pem", &valid.key, &["no certificate in", "key_instead.pem"]),
        ("truncated.pem", truncated, &["is not PEM", "truncated.pem", "does not end"]),
        (
            "not_a_certificate.pem",
            NOT_A_CERTIFICATE,
            &["certificate in", "not_a_certificate.pem", "cannot be used"],
        ),
        (
            "another.pem",
            &authority.server().certificate,
            &["does not belong to", "another.pem", "valid_key.pem"],
        ),
    ];
    let keys: [(_, &str, &[&str]); 6] = [
        ("missing", "", &["cannot read", "missing"]),
        ("certificate_instead.pem", &valid.certificate, &["no private key in", "instead.pem"]),
        ("not_base64.pem", &NOT_A_KEY.replace("AAE", "!!!"), &["is not PEM", "base64"]),
        ("not_a_key.pem", NOT_A_KEY, &["private key in", "not_a_key.pem", "cannot be used"]),
        ("encrypted.pem", ENCRYPTED_KEY, &["encrypted", "encrypted.pem", "decrypt it"]),
        ("old_encrypted.pem", OLD_ENCRYPTED_KEY, &["encrypted", "old_encrypted.pem"]),
    ];
    for library in Library::ALL {
        let path = |name: &str, text| match name {
            "missing" => folder.join(name),
            name => file(name, text),
        };
        let assert_contains = |error: TlsError, words: &[&str]| {
            let text = error.to_string();
            assert!(words.iter().all(|word| text.contains(word)), "{library:?}: {text}");
        };
        for (name, text, words) in certificates {
            assert_contains(refused(*library, ServerTls::pem_files(path(name, text), &key)), words);
        }
        for (name, text, words) in keys {
            assert_contains(
                refused(*library, ServerTls::pem_files(&certificate, path(name, text))),
                words,
            );
        }
        let settings = valid.server_tls().require_client_certificates(Certificates::pem(""));
        assert_contains(refused(*library, settings), &["no certificate in", "the given PEM"]);
        let settings = ServerTls::new(valid.certificates(), PrivateKey::der(*b"nonsense"));
        assert_contains(refused(*library, settings), &["private key in", "the given DER"]);
        let settings = ServerTls::new(Certificates::der([*b"nonsense"]), valid.private_key());
        assert_contains(refused(*library, settings), &["certificate in", "the given DER"]);
    }
}

#[test]
fn key_may_be_der_or_in_the_file_of_the_certificate() {
    let authority = Authority::new("servers");
    let valid = authority.server();
    let both = folder("settings").join("both.pem");
    std::fs::write(&both, format!("{}{}", valid.key, valid.certificate)).unwrap();
    for library in Library::ALL {
        library.acceptor(ServerTls::pem_files(&both, &both));
        library.acceptor(ServerTls::new(
            Certificates::der([valid.der()]),
            PrivateKey::der(valid.key_der()),
        ));
    }
}

#[test]
fn debug_output_hides_keys() {
    let valid = Authority::new("servers").server();
    let settings = valid.server_tls();
    let line = valid.key.lines().nth(1).unwrap();
    let tls = ClientTls::new().identity(valid.certificates(), valid.private_key());
    for printed in [format!("{settings:?}"), format!("{tls:?}")] {
        assert!(!printed.contains(line) && printed.contains("PrivateKey(the given PEM)"));
    }
}

#[tokio::test]
async fn client_with_invalid_tls_settings_is_dead_with_the_reason() {
    let authority = Authority::new("servers");
    let url: Url = "wss://127.0.0.1:9".parse().unwrap();
    let missing = folder("settings").join("nowhere.pem");
    for (tls, words) in [
        (ClientTls::new().only_roots(Certificates::pem_file(missing)), "nowhere.pem"),
        (ClientTls::new().extra_roots(Certificates::pem(NOT_A_CERTIFICATE)), "the given PEM"),
        (ClientTls::new().only_roots(Certificates::pem("")), "no certificate in the given PEM"),
        (
            ClientTls::new()
                .identity(authority.server().certificates(), authority.server().private_key()),
            "does not belong to",
        ),
    ] {
        let client = client(url.clone(), 1).tls(tls).connect(hello());
        match soon("the end", client.ready()).await {
            Err(DeathReason::Settings(text)) => assert!(text.contains(words), "{text}"),
            other => panic!("expected Settings, got {other:?}"),
        }
    }
}

#[tokio::test]
async fn other_url_scheme_is_refused() {
    let client = client("https://127.0.0.1:9", 1).connect(hello());
    match soon("the end", client.ready()).await {
        Err(DeathReason::Settings(text)) => {
            assert!(text.contains("write `wss://127.0.0.1:9`"), "{text}");
        }
        other => panic!("expected Settings, got {other:?}"),
    }
}
