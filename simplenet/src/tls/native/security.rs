#[cfg(feature = "tls-rustls")]
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
#[cfg(feature = "tls-rustls")]
use tokio_rustls::rustls::ClientConfig;

use super::{ByteStream, TlsFailure};
#[cfg(feature = "tls-rustls")]
use super::{ClientTls, client::Connector};
#[cfg(feature = "tls-rustls")]
use crate::text::error_chain;
use crate::{net::Metered, server_url::ServerUrl};

/// The TLS settings of a client. They apply if the URL is `wss://`.
#[derive(Clone, Debug, Default)]
pub(crate) enum SecuritySettings {
    #[default]
    Default,
    #[cfg(feature = "tls-rustls")]
    Tls(ClientTls),
    #[cfg(feature = "tls-rustls")]
    Config(Arc<ClientConfig>),
}

/// The TLS layer between a client's byte stream and its WebSocket.
#[derive(Clone)]
pub(crate) enum Security {
    Clear,
    #[cfg(feature = "tls-rustls")]
    Tls(Connector),
}

impl SecuritySettings {
    /// Returns the TLS layer for the URL. The error explains why a client with these settings
    /// cannot connect to the URL.
    pub(crate) fn for_url(&self, url: &ServerUrl) -> Result<Security, String> {
        if url.is_secure() { self.tls() } else { Ok(Security::Clear) }
    }

    #[cfg(feature = "tls-rustls")]
    fn tls(&self) -> Result<Security, String> {
        let config = match self {
            Self::Default => ClientTls::platform(),
            Self::Tls(settings) => settings.config(),
            Self::Config(config) => Ok(config.clone()),
        };
        config.map(|config| Security::Tls(config.into())).map_err(|error| error_chain(&error))
    }

    #[cfg(not(feature = "tls-rustls"))]
    fn tls(&self) -> Result<Security, String> {
        Err("`wss://` is not supported in this build: enable simplenet's feature `tls-rustls`"
            .to_owned())
    }
}

impl Security {
    /// Performs the client's half of the TLS handshake, if the URL requires TLS.
    ///
    /// `allowance` is the number of bytes that the server may send after the TLS handshake until
    /// its answer to the hello is complete.
    pub(crate) async fn secure<S>(
        &self,
        url: &ServerUrl,
        stream: S,
        allowance: u64,
    ) -> Result<ByteStream<S>, TlsFailure>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        match self {
            Self::Clear => {
                let _ = url;
                Ok(ByteStream::Clear(Metered::new(stream, allowance)))
            }
            #[cfg(feature = "tls-rustls")]
            Self::Tls(connector) => connector.connect(url, stream, allowance).await,
        }
    }
}
