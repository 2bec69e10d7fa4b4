use std::{fmt, io, pin::Pin, sync::Arc};

use bytes::Bytes;
use openssl::{
    error::ErrorStack,
    pkey::{PKey, Private},
    ssl::{
        AlpnError, Ssl, SslAcceptor, SslAcceptorBuilder, SslMethod, SslOptions, SslRef,
        SslSessionCacheMode, SslVerifyMode, select_next_proto,
    },
    x509::X509,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_openssl::SslStream;

use super::{
    ByteStream, Certificates, HANDSHAKE_BYTES, PrivateKey, ServerTls, TlsError, TlsIdentity,
    acceptor::{Accepted, close_after_failure},
    reloadable::Reloadable,
    server::ClientCertificates,
};
use crate::net::Metered;

/// A TLS acceptor by the system's OpenSSL, for
/// [`AcceptorConfig::Openssl`](crate::AcceptorConfig::Openssl).
///
/// Clones share one configuration: keep a clone to renew the certificate while the server runs.
/// Existing sessions keep the certificate with which they began.
#[derive(Clone)]
pub struct OpensslAcceptor(Arc<Reloadable<SslAcceptor>>);

impl OpensslAcceptor {
    /// Reads certificates and key, on the calling thread. The ciphers are those of Mozilla's
    /// intermediate recommendation.
    ///
    /// # Errors
    ///
    /// [`TlsError`], which names the file and the problem.
    pub fn new(settings: ServerTls) -> Result<Self, TlsError> {
        Ok(Self(Arc::new(Reloadable::new(settings, ssl_acceptor)?)))
    }

    /// Creates an acceptor from one of OpenSSL, and uses its versions, ALPN and verification
    /// unchanged.
    pub fn ready(ready: SslAcceptor) -> Self {
        Self(Arc::new(Reloadable::ready(ready.into(), ssl_acceptor)))
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

    /// Replaces the acceptor of OpenSSL for new connections.
    pub fn replace_ready(&self, ready: SslAcceptor) {
        self.0.replace_ready(ready.into());
    }

    pub(super) async fn accept<S>(&self, stream: S, allowance: u64) -> io::Result<Accepted<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let metered = Metered::new(stream, HANDSHAKE_BYTES + allowance);
        let ssl = Ssl::new(self.0.current().context()).map_err(io::Error::other)?;
        let mut stream = SslStream::new(ssl, metered).map_err(io::Error::other)?;
        match Pin::new(&mut stream).accept().await {
            Ok(()) => {
                let identity = identity(stream.ssl()).map_err(io::Error::other)?;
                Ok(Accepted { stream: ByteStream::Openssl(stream), identity })
            }
            Err(error) => {
                close_after_failure(stream.get_mut()).await;
                Err(error.into_io_error().unwrap_or_else(io::Error::other))
            }
        }
    }
}

impl fmt::Debug for OpensslAcceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpensslAcceptor")
    }
}

/// Returns the certificates that the client presented. On a server, OpenSSL's chain does not
/// include the client's own certificate.
fn identity(ssl: &SslRef) -> Result<Option<TlsIdentity>, ErrorStack> {
    let own = ssl.peer_certificate();
    let others = ssl.peer_cert_chain().into_iter().flatten();
    let ders = own.iter().map(|own| own.to_der()).chain(others.map(|other| other.to_der()));
    let chain = ders.collect::<Result<Vec<_>, _>>()?;
    Ok(TlsIdentity::new(chain.into_iter().map(Bytes::from)))
}

/// The application protocols in ALPN, each prefixed with its length.
const ALPN_LIST: &[u8] = b"\x08http/1.1";

/// Reads certificates and key, and returns the acceptor of OpenSSL.
fn ssl_acceptor(settings: &ServerTls) -> Result<SslAcceptor, TlsError> {
    let mut builder = builder().map_err(setup_error)?;
    set_identity(&mut builder, &settings.certificates, &settings.key)?;
    match &settings.clients {
        ClientCertificates::NotRequested => {}
        ClientCertificates::Optional(roots) => {
            request_client_certificates(&mut builder, roots, SslVerifyMode::PEER)?;
        }
        ClientCertificates::Required(roots) => {
            let mode = SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT;
            request_client_certificates(&mut builder, roots, mode)?;
        }
    }
    Ok(builder.build())
}

/// Returns a builder with the options that do not depend on the settings.
fn builder() -> Result<SslAcceptorBuilder, ErrorStack> {
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())?;
    builder.set_alpn_select_callback(|_, offered| {
        select_next_proto(ALPN_LIST, offered).ok_or(AlpnError::ALERT_FATAL)
    });
    // TLS sessions are resumed by tickets, which need no memory on the server.
    builder.set_session_cache_mode(SslSessionCacheMode::OFF);
    // OpenSSL 1.1.1 would repeat the handshake whenever a TLS 1.2 client requests it.
    builder.set_options(SslOptions::NO_RENEGOTIATION);
    Ok(builder)
}

/// Sets the server's certificate, its intermediates, and the private key.
fn set_identity(
    builder: &mut SslAcceptorBuilder,
    certificates: &Certificates,
    key: &PrivateKey,
) -> Result<(), TlsError> {
    let invalid = |error| certificate_error(certificates, &error);
    let mut chain = parse(certificates)?.into_iter();
    if let Some(own) = chain.next() {
        builder.set_certificate(&own).map_err(invalid)?;
    }
    for other in chain {
        builder.add_extra_chain_cert(other).map_err(invalid)?;
    }
    let private_key: PKey<Private> = PKey::private_key_from_der(key.load()?.secret_der())
        .map_err(|error| TlsError::PrivateKey { place: key.place(), reason: error.to_string() })?;
    builder
        .set_private_key(&private_key)
        .and_then(|()| builder.check_private_key())
        .map_err(|_| TlsError::KeyMismatch { certificates: certificates.place(), key: key.place() })
}

/// Requests client certificates. They are verified at every connect, because no session is resumed.
fn request_client_certificates(
    builder: &mut SslAcceptorBuilder,
    roots: &Certificates,
    mode: SslVerifyMode,
) -> Result<(), TlsError> {
    for root in parse(roots)? {
        builder.add_client_ca(&root).map_err(setup_error)?;
        builder.cert_store_mut().add_cert(root).map_err(setup_error)?;
    }
    builder.set_verify(mode);
    builder.set_options(SslOptions::NO_TICKET);
    builder.set_num_tickets(0).map_err(setup_error)
}

fn parse(certificates: &Certificates) -> Result<Vec<X509>, TlsError> {
    let parsed: Result<_, _> = certificates.load()?.iter().map(|der| X509::from_der(der)).collect();
    parsed.map_err(|error| certificate_error(certificates, &error))
}

fn certificate_error(certificates: &Certificates, error: &ErrorStack) -> TlsError {
    TlsError::Certificate { place: certificates.place(), reason: error.to_string() }
}

fn setup_error(error: ErrorStack) -> TlsError {
    TlsError::Setup(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renegotiation_is_disabled() {
        assert!(
            builder().is_ok_and(|builder| builder.options().contains(SslOptions::NO_RENEGOTIATION))
        );
    }
}
