use std::{
    io,
    sync::{Arc, OnceLock},
};

use rustls_pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, client::danger::ServerCertVerifier, crypto::CryptoProvider},
};
use url::{Host, Url};

use super::{
    ALPN, ByteStream, Certificates, HANDSHAKE_BYTES, PrivateKey, TlsError, TlsFailure,
    rustls::{certified_key, limit_buffers, provider, root_store, setup},
};
use crate::net::Metered;

/// How a client verifies a server under TLS, and what it shows of itself.
///
/// By default as other programs on this platform do: by its roots, which on Windows, macOS, iOS and Android its own
/// verifier knows, and elsewhere its files. There is no way to accept any certificate.
///
/// TLS 1.2 and 1.3; what is spoken is `http/1.1`. Files are read when the client is made, on the calling thread, and the
/// platform's once for all clients that have nothing beside them.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ClientTls {
    roots: Roots,
    identity: Option<(Certificates, PrivateKey)>,
}

#[derive(Clone, Debug)]
enum Roots {
    PlatformAnd(Vec<Certificates>),
    Only(Certificates),
}

impl Default for Roots {
    fn default() -> Self {
        Self::PlatformAnd(Vec::new())
    }
}

impl ClientTls {
    /// The roots of the platform, and no client certificate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts servers that lead to one of these roots, beside the platform's. Not on Android, where the platform takes
    /// no roots from programs: [`only_roots`](Self::only_roots) works there too.
    pub fn extra_roots(mut self, roots: Certificates) -> Self {
        match &mut self.roots {
            Roots::PlatformAnd(extra) => extra.push(roots),
            Roots::Only(_) => self.roots = Roots::PlatformAnd(vec![roots]),
        }
        self
    }

    /// Trusts only servers that lead to one of these roots, whatever the platform trusts.
    pub fn only_roots(self, roots: Certificates) -> Self {
        Self { roots: Roots::Only(roots), ..self }
    }

    /// What a server gets that asks for a client certificate: the client's own first, then those that lead to a root.
    pub fn identity(self, certificates: Certificates, key: PrivateKey) -> Self {
        Self { identity: Some((certificates, key)), ..self }
    }

    /// The default, read once for all clients of this process: platforms have some 150 roots, and a client that comes
    /// back to a server resumes its TLS session whoever has begun it.
    pub(super) fn platform() -> Result<Arc<ClientConfig>, TlsError> {
        static PLATFORM: OnceLock<Arc<ClientConfig>> = OnceLock::new();
        if let Some(config) = PLATFORM.get() {
            return Ok(config.clone());
        }
        let config = Self::new().config()?;
        Ok(PLATFORM.get_or_init(|| config).clone())
    }

    /// Reads everything.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, TlsError> {
        let provider = provider();
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(setup)?;
        let builder = match &self.roots {
            Roots::PlatformAnd(extra) => {
                let verifier = platform_verifier(extra, provider.clone())?;
                builder.dangerous().with_custom_certificate_verifier(verifier)
            }
            Roots::Only(roots) => builder.with_root_certificates(root_store(roots)?),
        };
        let mut config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some((certificates, key)) => {
                builder.with_client_cert_resolver(certified_key(certificates, key, &provider)?)
            }
        };
        config.alpn_protocols = vec![ALPN.to_vec()];
        Ok(Arc::new(config))
    }
}

fn platform_verifier(
    extra: &[Certificates],
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
    let mut roots: Vec<CertificateDer<'static>> = Vec::new();
    for extra in extra {
        // Held here against what the verifier would not say the place of.
        root_store(extra)?;
        roots.append(&mut extra.load()?);
    }
    #[cfg(not(target_os = "android"))]
    let verifier = Verifier::new_with_extra_roots(roots, provider);
    #[cfg(target_os = "android")]
    let verifier = match roots.is_empty() {
        true => Verifier::new(provider),
        false => return Err(setup("Android takes no extra roots: use `ClientTls::only_roots`")),
    };
    match verifier {
        Ok(verifier) => Ok(Arc::new(verifier)),
        Err(error) => Err(TlsError::PlatformRoots(error.to_string())),
    }
}

/// The client's half of TLS.
pub(crate) struct Connector(TlsConnector);

impl From<Arc<ClientConfig>> for Connector {
    fn from(config: Arc<ClientConfig>) -> Self {
        Self(config.into())
    }
}

impl Connector {
    pub(super) async fn connect<S>(
        &self,
        url: &Url,
        stream: S,
        allowance: u64,
    ) -> Result<ByteStream<S>, TlsFailure>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let metered = Metered::new(stream, HANDSHAKE_BYTES + allowance);
        let handshake =
            self.0.connect_with(server_name(url)?, metered, |connection| limit_buffers(connection));
        match handshake.await {
            Ok(stream) => Ok(ByteStream::Rustls(Box::new(stream.into()))),
            Err(error) => Err(failure(&error)),
        }
    }
}

fn server_name(url: &Url) -> Result<ServerName<'static>, TlsFailure> {
    match url.host() {
        Some(Host::Ipv4(address)) => Ok(std::net::IpAddr::from(address).into()),
        Some(Host::Ipv6(address)) => Ok(std::net::IpAddr::from(address).into()),
        Some(Host::Domain(name)) => ServerName::try_from(name.to_owned())
            .map_err(|_| TlsFailure::WrongName(format!("`{name}` is no name for a server"))),
        None => Err(TlsFailure::WrongName("the URL names no server".to_owned())),
    }
}

fn failure(error: &io::Error) -> TlsFailure {
    TlsFailure::of(error).unwrap_or_else(|| TlsFailure::Interrupted(error.to_string()))
}
