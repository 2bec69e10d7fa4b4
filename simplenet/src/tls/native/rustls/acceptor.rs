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

use super::{certified_key, limit_buffers, provider, root_store, setup};
use crate::{
    net::Metered,
    tls::native::{
        ALPN, ByteStream, HANDSHAKE_BYTES, ServerTls, TlsError, TlsIdentity,
        acceptor::{Accepted, farewell},
        reloadable::Reloadable,
        server::ClientCertificates,
    },
};

/// Accepts TLS by rustls, for [`AcceptorConfig::Rustls`](crate::AcceptorConfig::Rustls).
///
/// Its clones are one and the same: keep one beside the server, to renew the certificate while it runs. Sessions that
/// there are go on under the certificate that they began with.
#[derive(Clone)]
pub struct RustlsAcceptor(Arc<Reloadable<ServerConfig>>);

impl RustlsAcceptor {
    /// Reads certificates and key, now and at every [`reload`](Self::reload).
    ///
    /// # Errors
    ///
    /// See [`TlsError`]: it names the file, and what is wrong with it.
    pub fn new(settings: ServerTls) -> Result<Self, TlsError> {
        Ok(Self(Arc::new(Reloadable::new(settings, config)?)))
    }

    /// Takes a configuration as it is, with whatever versions, ALPN and verifiers it has.
    pub fn ready(ready: Arc<ServerConfig>) -> Self {
        Self(Arc::new(Reloadable::ready(ready, config)))
    }

    /// Reads certificates and key again, for new connections. What was given as bytes, or ready-made, stays as it is.
    ///
    /// Reads files on the calling thread.
    ///
    /// # Errors
    ///
    /// See [`TlsError`]. New connections go on with what was read before.
    pub fn reload(&self) -> Result<(), TlsError> {
        self.0.reload()
    }

    /// Uses other settings for new connections.
    ///
    /// # Errors
    ///
    /// See [`TlsError`]. New connections go on with what there was before.
    pub fn replace(&self, settings: ServerTls) -> Result<(), TlsError> {
        self.0.replace(settings)
    }

    /// Uses another configuration for new connections.
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
                farewell(&mut stream).await;
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

fn config(settings: &ServerTls) -> Result<ServerConfig, TlsError> {
    let provider = provider();
    let certified = certified_key(&settings.certificates, &settings.key, &provider)?;
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(setup)?;
    let builder = match &settings.clients {
        ClientCertificates::NotAsked => builder.with_no_client_auth(),
        ClientCertificates::Optional(roots) | ClientCertificates::Required(roots) => {
            let verifier =
                WebPkiClientVerifier::builder_with_provider(root_store(roots)?.into(), provider);
            let verifier = match &settings.clients {
                ClientCertificates::Required(_) => verifier,
                _ => verifier.allow_unauthenticated(),
            };
            builder.with_client_cert_verifier(verifier.build().map_err(setup)?)
        }
    };
    let mut config = builder.with_cert_resolver(certified);
    config.alpn_protocols = vec![ALPN.to_vec()];
    // Who comes back resumes its session by a ticket, which costs the server no memory. Whose certificate counts is
    // verified each time.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    match settings.clients {
        ClientCertificates::NotAsked => config.ticketer = Ticketer::new().map_err(setup)?,
        _ => config.send_tls13_tickets = 0,
    }
    Ok(config)
}
