//! The certificates of one run. Services in earnest get theirs from an authority that everybody knows, and read them
//! from files: `ServerTls::pem_files`.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// Issues certificates that only those trust who are given its root.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
pub(crate) struct Credentials {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Authority {
    pub(crate) fn new() -> Result<Self, rcgen::Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "auth-demo authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate()?).map(Self)
    }

    /// The root, in PEM.
    pub(crate) fn root(&self) -> String {
        self.0.pem()
    }

    /// For a service on this machine.
    pub(crate) fn issue(&self) -> Result<Credentials, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, "localhost");
        let certificate = params.signed_by(&key, &self.0)?.pem();
        Ok(Credentials { certificate, key: key.serialize_pem() })
    }
}
