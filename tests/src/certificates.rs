//! Certificates that are generated for one test.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, date_time_ymd,
};
use simplenet::{Certificates, PrivateKey, ServerTls};
use tokio_rustls::rustls::{
    ServerConfig, SupportedProtocolVersion,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

/// A certificate authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its private key, in PEM.
pub struct Credentials {
    /// The certificate.
    pub certificate: String,
    /// The private key.
    pub key: String,
}

/// The validity period of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// From the distant past to the distant future.
    Now,
    /// Expired.
    Past,
    /// Not valid yet.
    Future,
}

impl Authority {
    /// Creates an authority.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("a certificate"))
    }

    /// Returns the authority's root certificate.
    pub fn root(&self) -> Certificates {
        Certificates::pem(self.pem())
    }

    /// Returns the authority's root certificate in PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Returns the authority's root certificate in DER.
    pub fn der(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    /// Creates a certificate that no authority has signed, for a server with these names.
    pub fn self_signed(names: &[&str]) -> Credentials {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        params.is_ca = IsCa::ExplicitNoCa;
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate").pem();
        Credentials { certificate, key: key.serialize_pem() }
    }

    /// Returns the authority's own certificate and key, as a mistaken server presents them.
    pub fn own_credentials(&self) -> Credentials {
        Credentials { certificate: self.pem(), key: self.0.key().serialize_pem() }
    }

    /// Issues a certificate for a server at 127.0.0.1 and localhost.
    pub fn server(&self) -> Credentials {
        self.server_for(&["127.0.0.1", "localhost"], Validity::Now)
    }

    /// Issues a certificate for a server with these names and addresses.
    pub fn server_for(&self, names: &[&str], validity: Validity) -> Credentials {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        self.issue(names, validity, ExtendedKeyUsagePurpose::ServerAuth)
    }

    /// Issues a certificate for a client.
    pub fn client(&self, name: &str, validity: Validity) -> Credentials {
        self.issue(vec![name.to_owned()], validity, ExtendedKeyUsagePurpose::ClientAuth)
    }

    fn issue(
        &self,
        names: Vec<String>,
        validity: Validity,
        usage: ExtendedKeyUsagePurpose,
    ) -> Credentials {
        let mut params = CertificateParams::new(names).expect("names");
        params.extended_key_usages = vec![usage];
        let (from, until) = match validity {
            Validity::Now => (2020, 4000),
            Validity::Past => (2020, 2021),
            Validity::Future => (3999, 4000),
        };
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate").pem();
        Credentials { certificate, key: key.serialize_pem() }
    }
}

impl Credentials {
    /// Returns the certificate as a chain of one.
    pub fn certificates(&self) -> Certificates {
        Certificates::pem(self.certificate.as_str())
    }

    /// Returns the private key.
    pub fn private_key(&self) -> PrivateKey {
        PrivateKey::pem(self.key.as_str())
    }

    /// Returns the certificate in DER.
    pub fn der(&self) -> Vec<u8> {
        let der = CertificateDer::from_pem_slice(self.certificate.as_bytes());
        der.expect("a certificate").to_vec()
    }

    /// Returns the private key in DER.
    pub fn key_der(&self) -> Vec<u8> {
        let der = PrivateKeyDer::from_pem_slice(self.key.as_bytes());
        der.expect("a key").secret_der().to_vec()
    }

    /// Returns the chain and the private key in the types of rustls.
    pub fn parsed(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes());
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes());
        (vec![certificate.expect("a certificate")], key.expect("a key"))
    }

    /// Returns the TLS settings of a server with this certificate.
    pub fn server_tls(&self) -> ServerTls {
        ServerTls::new(self.certificates(), self.private_key())
    }

    /// Returns the rustls configuration of a server with this certificate.
    pub fn rustls_server(&self, versions: &[&'static SupportedProtocolVersion]) -> ServerConfig {
        let (certificates, key) = self.parsed();
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(certificates, key)
            .expect("credentials")
    }
}
