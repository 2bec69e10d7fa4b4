use std::{fmt, io, sync::Arc};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring::Ticketer,
        server::{NoServerSessionStorage, WebPkiClientVerifier},
    },
};

use super::{certified_key, limit_buffers, provider, root_store, setup_error};
use crate::{
    net::Metered,
    tls::native::{
        ALPN, ByteStream, HANDSHAKE_BYTES, ServerTls, TlsError, TlsIdentity,
        acceptor::{Accepted, close_after_failure},
        reloadable::Reloadable,
        server::ClientCertificates,
    },
};

/// A TLS acceptor by rustls, for [`AcceptorConfig::Rustls`](crate::AcceptorConfig::Rustls).
///
/// Clones share one configuration: keep a clone to renew the certificate while the server runs.
/// Existing sessions keep the certificate with which they began.
///
/// ```
/// use simplenet::{RustlsAcceptor, ServerTls, TlsError};
///
/// // The certificates and the key are in one file, which does not exist here.
/// let acceptor = RustlsAcceptor::new(ServerTls::pem_files("missing.pem", "missing.pem"));
/// assert!(matches!(acceptor, Err(TlsError::Read { file, .. }) if file.ends_with("missing.pem")));
/// ```
#[derive(Clone)]
pub struct RustlsAcceptor(Arc<Reloadable<ServerConfig>>);

impl RustlsAcceptor {
    /// Reads certificates and key, on the calling thread.
    ///
    /// # Errors
    ///
    /// [`TlsError`], which names the file and the problem.
    pub fn new(settings: ServerTls) -> Result<Self, TlsError> {
        Ok(Self(Arc::new(Reloadable::new(settings, server_config)?)))
    }

    /// Creates an acceptor from a configuration, and uses its versions, ALPN and verifiers
    /// unchanged.
    pub fn ready(ready: Arc<ServerConfig>) -> Self {
        Self(Arc::new(Reloadable::ready(ready, server_config)))
    }

    /// Reads certificate and key files again, on the calling thread, and uses them for new
    /// connections. Settings that were given as bytes or ready-made stay unchanged.
    ///
    /// # Errors
    ///
    /// See [`TlsError`]. New connections then still use the previous certificates.
    pub fn reload(&self) -> Result<(), TlsError> {
        self.0.reload()
    }

    /// Replaces the settings for new connections.
    ///
    /// # Errors
    ///
    /// See [`TlsError`]. New connections then still use the previous settings.
    pub fn replace(&self, settings: ServerTls) -> Result<(), TlsError> {
        self.0.replace(settings)
    }

    /// Replaces the configuration for new connections.
    pub fn replace_ready(&self, ready: Arc<ServerConfig>) {
        self.0.replace_ready(ready);
    }

    pub(in crate::tls::native) async fn accept<S>(
        &self,
        stream: S,
        allowance: u64,
    ) -> io::Result<Accepted<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let metered = Metered::new(stream, HANDSHAKE_BYTES + allowance);
        let handshake = TlsAcceptor::from(self.0.current())
            .accept_with(metered, |connection| limit_buffers(connection));
        match handshake.into_fallible().await {
            Ok(stream) => {
                let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
                let chain = certificates.iter().map(|der| Bytes::copy_from_slice(der));
                let identity = TlsIdentity::new(chain);
                Ok(Accepted { stream: ByteStream::Rustls(Box::new(stream.into())), identity })
            }
            Err((error, mut stream)) => {
                close_after_failure(&mut stream).await;
                Err(error)
            }
        }
    }
}

impl fmt::Debug for RustlsAcceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RustlsAcceptor")
    }
}

/// Reads certificates and key, and returns the configuration of rustls.
fn server_config(settings: &ServerTls) -> Result<ServerConfig, TlsError> {
    let provider = provider();
    let certified = certified_key(&settings.certificates, &settings.key, &provider)?;
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(setup_error)?;
    let builder = match &settings.clients {
        ClientCertificates::NotRequested => builder.with_no_client_auth(),
        ClientCertificates::Optional(roots) | ClientCertificates::Required(roots) => {
            let verifier =
                WebPkiClientVerifier::builder_with_provider(root_store(roots)?.into(), provider);
            let verifier = match &settings.clients {
                ClientCertificates::Required(_) => verifier,
                _ => verifier.allow_unauthenticated(),
            };
            builder.with_client_cert_verifier(verifier.build().map_err(setup_error)?)
        }
    };
    let mut config = builder.with_cert_resolver(certified);
    config.alpn_protocols = vec![ALPN.to_vec()];
    // TLS sessions are resumed by tickets, which need no memory on the server. Clients with
    // certificates get no tickets, so that their certificates are verified at every connect.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    match settings.clients {
        ClientCertificates::NotRequested => {
            config.ticketer = Ticketer::new().map_err(setup_error)?;
        }
        _ => config.send_tls13_tickets = 0,
    }
    Ok(config)
}
