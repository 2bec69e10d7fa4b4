use std::{
    io,
    sync::{Arc, OnceLock},
};

use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{TlsConnector, rustls::ClientConfig};
use url::Host;

use super::{
    ALPN, ByteStream, Certificates, HANDSHAKE_BYTES, PrivateKey, TlsError, TlsFailure,
    platform::platform_verifier,
    rustls::{certified_key, limit_buffers, provider, root_store, setup_error},
};
use crate::{
    net::{Metered, io_text},
    server_url::ServerUrl,
};

/// The TLS settings of a client: the roots that it trusts, and its own certificate.
///
/// By default, servers are verified by the platform's certificate verifier on Windows, macOS, iOS
/// and Android, and with the platform's root certificate files elsewhere. Verification cannot be
/// disabled.
///
/// TLS 1.2 and 1.3 are supported, with `http/1.1` in ALPN. Files are read on the calling thread
/// when the client is created. The platform's roots are read once for all clients with the default
/// settings.
///
/// # Android
///
/// The verifier of Android runs in the JVM. Before the first `wss://` client is created, the app
/// must pass its JVM context to `simplenet::rustls_platform_verifier::android::init_with_env`.
/// Without this call, the client is dead with [`DeathReason::Settings`](crate::DeathReason). The
/// app also needs the Kotlin part of the verifier. README, section "Mobile", shows both. A client
/// with [`only_roots`](Self::only_roots) needs neither.
///
/// ```
/// use simplenet::{Certificates, ClientTls, DeathReason};
///
/// #[simplenet::channel]
/// pub mod chat {
///     #[server_message]
///     pub struct Posted(pub String);
/// }
///
/// # #[tokio::main]
/// # async fn main() {
/// let tls = ClientTls::new().only_roots(Certificates::pem_file("missing.pem"));
/// let client = chat::Client::builder("wss://127.0.0.1:9").tls(tls).connect(());
/// assert!(matches!(client.ready().await, Err(DeathReason::Settings(_))));
/// # }
/// ```
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
    /// Creates settings with the roots of the platform, and without a client certificate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts these roots in addition to the platform's. Android does not support extra roots; use
    /// [`only_roots`](Self::only_roots) there.
    pub fn extra_roots(mut self, roots: Certificates) -> Self {
        match &mut self.roots {
            Roots::PlatformAnd(extra) => extra.push(roots),
            Roots::Only(_) => self.roots = Roots::PlatformAnd(vec![roots]),
        }
        self
    }

    /// Trusts these roots instead of the platform's.
    pub fn only_roots(self, roots: Certificates) -> Self {
        Self { roots: Roots::Only(roots), ..self }
    }

    /// Sets the certificates for servers that request one: first the client's own, then its
    /// intermediates.
    pub fn identity(self, certificates: Certificates, key: PrivateKey) -> Self {
        Self { identity: Some((certificates, key)), ..self }
    }

    /// Returns the default configuration, which all clients of this process share. So the
    /// platform's roots, about 150, are read once, and clients can resume each other's TLS
    /// sessions.
    pub(super) fn platform() -> Result<Arc<ClientConfig>, TlsError> {
        static PLATFORM: OnceLock<Arc<ClientConfig>> = OnceLock::new();
        if let Some(config) = PLATFORM.get() {
            return Ok(config.clone());
        }
        let config = Self::new().config()?;
        Ok(PLATFORM.get_or_init(|| config).clone())
    }

    /// Reads certificates and keys, and returns the configuration of rustls.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, TlsError> {
        let provider = provider();
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(setup_error)?;
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

/// Performs the client's half of the TLS handshake.
#[derive(Clone)]
pub(crate) struct Connector(TlsConnector);

impl From<Arc<ClientConfig>> for Connector {
    fn from(config: Arc<ClientConfig>) -> Self {
        Self(config.into())
    }
}

impl Connector {
    pub(super) async fn connect<S>(
        &self,
        url: &ServerUrl,
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

fn server_name(url: &ServerUrl) -> Result<ServerName<'static>, TlsFailure> {
    match url.certified_host() {
        Some(Host::Ipv4(address)) => Ok(std::net::IpAddr::from(address).into()),
        Some(Host::Ipv6(address)) => Ok(std::net::IpAddr::from(address).into()),
        Some(Host::Domain(name)) => ServerName::try_from(name.to_owned())
            .map_err(|_| TlsFailure::WrongName(format!("`{name}` is no valid name"))),
        None => Err(TlsFailure::WrongName("URL has no host".to_owned())),
    }
}

fn failure(error: &io::Error) -> TlsFailure {
    TlsFailure::from_io(error).unwrap_or_else(|| TlsFailure::Interrupted(io_text(error)))
}
