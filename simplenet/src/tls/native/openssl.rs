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
    acceptor::{Accepted, farewell},
    reloadable::Reloadable,
    server::ClientCertificates,
};
use crate::net::Metered;

/// Accepts TLS by the system's OpenSSL, for [`AcceptorConfig::Openssl`](crate::AcceptorConfig::Openssl).
///
/// Its clones are one and the same: keep one beside the server, to renew the certificate while it runs. Sessions that
/// there are go on under the certificate that they began with.
#[derive(Clone)]
pub struct OpensslAcceptor(Arc<Reloadable<SslAcceptor>>);

impl OpensslAcceptor {
    /// Reads certificates and key, now and at every [`reload`](Self::reload). Ciphers are those of Mozilla's
    /// intermediate recommendation.
    ///
    /// # Errors
    ///
    /// See [`TlsError`]: it names the file, and what is wrong with it.
    pub fn new(settings: ServerTls) -> Result<Self, TlsError> {
        Ok(Self(Arc::new(Reloadable::new(settings, make)?)))
    }

    /// Takes an acceptor as it is, with whatever versions, ALPN and verification it has.
    pub fn ready(ready: SslAcceptor) -> Self {
        Self(Arc::new(Reloadable::ready(ready.into(), make)))
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

    /// Uses another acceptor for new connections.
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
                farewell(stream.get_mut()).await;
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

/// What the client has shown: its own certificate is not part of the chain as OpenSSL tells it to a server.
fn identity(ssl: &SslRef) -> Result<Option<TlsIdentity>, ErrorStack> {
    let own = ssl.peer_certificate();
    let others = ssl.peer_cert_chain().into_iter().flatten();
    let ders = own.iter().map(|own| own.to_der()).chain(others.map(|other| other.to_der()));
    let chain = ders.collect::<Result<Vec<_>, _>>()?;
    Ok(TlsIdentity::new(chain.into_iter().map(Bytes::from)))
}

/// What is spoken under TLS, as a list of names with their lengths.
const ALPN_LIST: &[u8] = b"\x08http/1.1";

fn make(settings: &ServerTls) -> Result<SslAcceptor, TlsError> {
    let mut builder = builder().map_err(setup)?;
    show(&mut builder, &settings.certificates, &settings.key)?;
    match &settings.clients {
        ClientCertificates::NotAsked => {}
        ClientCertificates::Optional(roots) => verify(&mut builder, roots, SslVerifyMode::PEER)?,
        ClientCertificates::Required(roots) => {
            let mode = SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT;
            verify(&mut builder, roots, mode)?;
        }
    }
    Ok(builder.build())
}

/// With what holds for all settings.
fn builder() -> Result<SslAcceptorBuilder, ErrorStack> {
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())?;
    builder.set_alpn_select_callback(|_, offered| {
        select_next_proto(ALPN_LIST, offered).ok_or(AlpnError::ALERT_FATAL)
    });
    // Who comes back resumes its session by a ticket, which costs the server no memory.
    builder.set_session_cache_mode(SslSessionCacheMode::OFF);
    // One handshake for each connection: OpenSSL 1.1.1 would do another whenever a client of TLS 1.2 asks for it.
    builder.set_options(SslOptions::NO_RENEGOTIATION);
    Ok(builder)
}

/// Sets the server's own certificate, those behind it, and the key.
fn show(
    builder: &mut SslAcceptorBuilder,
    certificates: &Certificates,
    key: &PrivateKey,
) -> Result<(), TlsError> {
    let unusable = |error| unusable(certificates, &error);
    let mut chain = parse(certificates)?.into_iter();
    if let Some(own) = chain.next() {
        builder.set_certificate(&own).map_err(unusable)?;
    }
    for other in chain {
        builder.add_extra_chain_cert(other).map_err(unusable)?;
    }
    let private_key: PKey<Private> = PKey::private_key_from_der(key.load()?.secret_der())
        .map_err(|error| TlsError::PrivateKey { place: key.place(), reason: error.to_string() })?;
    builder
        .set_private_key(&private_key)
        .and_then(|()| builder.check_private_key())
        .map_err(|_| TlsError::KeyMismatch { certificates: certificates.place(), key: key.place() })
}

/// Asks clients for certificates. They are verified each time: no session is resumed.
fn verify(
    builder: &mut SslAcceptorBuilder,
    roots: &Certificates,
    mode: SslVerifyMode,
) -> Result<(), TlsError> {
    for root in parse(roots)? {
        builder.add_client_ca(&root).map_err(setup)?;
        builder.cert_store_mut().add_cert(root).map_err(setup)?;
    }
    builder.set_verify(mode);
    builder.set_options(SslOptions::NO_TICKET);
    builder.set_num_tickets(0).map_err(setup)
}

fn parse(certificates: &Certificates) -> Result<Vec<X509>, TlsError> {
    let parsed: Result<_, _> = certificates.load()?.iter().map(|der| X509::from_der(der)).collect();
    parsed.map_err(|error| unusable(certificates, &error))
}

fn unusable(certificates: &Certificates, error: &ErrorStack) -> TlsError {
    TlsError::Certificate { place: certificates.place(), reason: error.to_string() }
}

fn setup(error: ErrorStack) -> TlsError {
    TlsError::Setup(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_has_one_handshake() {
        assert!(builder().is_ok_and(|made| made.options().contains(SslOptions::NO_RENEGOTIATION)));
    }
}
