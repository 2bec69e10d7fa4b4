//! The certificates of one run. In production, a service gets its certificate from a public
//! authority and reads it with `ServerTls::pem_files`.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// A private certificate authority. Clients need its root certificate to trust the services.
pub(crate) struct CertificateAuthority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its private key, in PEM.
pub(crate) struct CertifiedKey {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl CertificateAuthority {
    pub(crate) fn new() -> Result<Self, rcgen::Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "auth-demo authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate()?).map(Self)
    }

    /// Returns the root certificate, in PEM.
    pub(crate) fn root_certificate(&self) -> String {
        self.0.pem()
    }

    /// Issues a certificate for a service on this machine.
    pub(crate) fn issue(&self) -> Result<CertifiedKey, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, "localhost");
        let certificate = params.signed_by(&key, &self.0)?.pem();
        Ok(CertifiedKey { certificate, key: key.serialize_pem() })
    }
}
