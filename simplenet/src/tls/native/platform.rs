//! The certificate verifier of the platform.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use rustls_platform_verifier::Verifier;
use tokio_rustls::rustls::{
    DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::CryptoProvider,
};

use super::{
    Certificates, TlsError,
    rustls::{own_words, root_store, setup_error},
};

/// The error of a verifier that panics, as it does on Android before it is initialized.
const UNINITIALIZED: &str = "the certificate verifier of the platform panicked: an Android app \
    must first call `simplenet::rustls_platform_verifier::android::init_with_env`";

/// Returns a verifier that trusts the roots of the platform and the extra roots.
pub(super) fn platform_verifier(
    extra: &[Certificates],
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
    let mut roots: Vec<CertificateDer<'static>> = Vec::new();
    for extra in extra {
        // Checked here, because an error of the verifier would not name the file.
        root_store(extra)?;
        roots.append(&mut extra.load()?);
    }
    #[cfg(not(target_os = "android"))]
    let verifier = Verifier::new_with_extra_roots(roots, provider);
    #[cfg(target_os = "android")]
    let verifier = match roots.is_empty() {
        true => Verifier::new(provider),
        false => {
            return Err(setup_error(
                "extra roots are not supported on Android: use `ClientTls::only_roots`",
            ));
        }
    };
    let verifier = Guarded(verifier.map_err(|error| TlsError::PlatformRoots(own_words(&error)))?);
    if cfg!(target_os = "android") {
        check(&verifier)?;
    }
    Ok(Arc::new(verifier))
}

/// Checks that the verifier can run. On Android, its parts in the JVM may be missing.
fn check(verifier: &impl ServerCertVerifier) -> Result<(), TlsError> {
    let empty = CertificateDer::from(&[][..]);
    let name = ServerName::IpAddress(std::net::Ipv4Addr::LOCALHOST.into());
    let now = UnixTime::since_unix_epoch(Duration::ZERO);
    match verifier.verify_server_cert(&empty, &[], &name, &[], now) {
        Err(Error::General(text)) => Err(setup_error(text)),
        // The empty certificate is refused for its content.
        _ => Ok(()),
    }
}

/// A verifier whose panics are errors.
#[derive(Debug)]
struct Guarded<V>(V);

impl<V: ServerCertVerifier> ServerCertVerifier for Guarded<V> {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verify = AssertUnwindSafe(|| {
            self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        });
        catch_unwind(verify).unwrap_or_else(|_| Err(Error::General(UNINITIALIZED.to_owned())))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.0.root_hint_subjects()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::native::rustls::provider;

    /// A verifier with this result. Panics if there is none.
    #[derive(Debug)]
    struct Scripted(Option<Error>);

    impl ServerCertVerifier for Scripted {
        fn verify_server_cert(
            &self,
            _: &CertificateDer<'_>,
            _: &[CertificateDer<'_>],
            _: &ServerName<'_>,
            _: &[u8],
            _: UnixTime,
        ) -> Result<ServerCertVerified, Error> {
            Err(self.0.clone().unwrap_or_else(|| panic!("not initialized")))
        }

        fn verify_tls12_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn verify_tls13_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            Vec::new()
        }
    }

    #[test]
    fn verifier_that_panics_is_an_error_of_the_settings() {
        match check(&Guarded(Scripted(None))) {
            Err(TlsError::Setup(text)) => assert!(text.contains("init_with_env"), "{text}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn verifier_that_cannot_run_is_an_error_of_the_settings() {
        let missing = Error::General("failed to call native verifier".to_owned());
        let checked = check(&Guarded(Scripted(Some(missing))));
        assert!(matches!(checked, Err(TlsError::Setup(_))), "{checked:?}");
    }

    #[test]
    fn verifier_that_refuses_the_empty_certificate_works() {
        check(&Guarded(Scripted(Some(Error::DecryptError)))).unwrap_or_else(|e| panic!("{e}"));
        let platform = Verifier::new(provider()).unwrap_or_else(|error| panic!("{error}"));
        check(&Guarded(platform)).unwrap_or_else(|error| panic!("{error}"));
    }
}
