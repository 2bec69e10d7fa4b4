#[cfg(feature = "tls-rustls")]
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
#[cfg(feature = "tls-rustls")]
use tokio_rustls::rustls::ClientConfig;
use url::Url;

use super::{ByteStream, TlsFailure};
#[cfg(feature = "tls-rustls")]
use super::{ClientTls, client::Connector};
use crate::net::Metered;

/// How a client secures its connections, if the URL wants that.
#[derive(Clone, Debug, Default)]
pub(crate) enum SecuritySettings {
    #[default]
    Default,
    #[cfg(feature = "tls-rustls")]
    Tls(ClientTls),
    #[cfg(feature = "tls-rustls")]
    Ready(Arc<ClientConfig>),
}

/// What a client does with a byte stream before it speaks WebSocket.
pub(crate) enum Security {
    Clear,
    #[cfg(feature = "tls-rustls")]
    Tls(Connector),
}

impl SecuritySettings {
    /// An error says why a client with these settings cannot connect to the URL.
    pub(crate) fn for_url(&self, url: &Url) -> Result<Security, String> {
        match url.scheme() {
            "ws" => Ok(Security::Clear),
            "wss" => self.tls(),
            scheme => Err(format!("`{scheme}://` is not supported: use `wss://` or `ws://`")),
        }
    }

    #[cfg(feature = "tls-rustls")]
    fn tls(&self) -> Result<Security, String> {
        let config = match self {
            Self::Default => ClientTls::platform(),
            Self::Tls(settings) => settings.config(),
            Self::Ready(config) => Ok(config.clone()),
        };
        config.map(|config| Security::Tls(config.into())).map_err(|error| error.to_string())
    }

    #[cfg(not(feature = "tls-rustls"))]
    fn tls(&self) -> Result<Security, String> {
        Err("`wss://` needs simplenet's feature `tls-rustls`".to_owned())
    }
}

impl Security {
    /// Performs the client's half of the TLS handshake, if the URL requires TLS.
    ///
    /// `allowance` is the number of bytes that the server may send afterwards before its answer to the
    /// hello is complete.
    pub(crate) async fn secure<S>(
        &self,
        url: &Url,
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
