use std::fmt;

use super::Url;
use crate::text::printable;

/// The URL of a server: `ws://` or `wss://`, a host, a port, a path and a query. It contains no
/// credentials and no fragment.
///
/// `Display` and `Debug` omit the query, which may contain a secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ServerUrl {
    /// Without the zone, which URLs do not have.
    pub(super) url: Url,
    /// The zone of a link-local IPv6 address: the name or index of a network interface.
    pub(super) zone: Option<String>,
}

impl ServerUrl {
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn is_secure(&self) -> bool {
        self.url.scheme() == "wss"
    }

    /// Returns the whole URL, including the query.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Returns the path, without the query.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn path(&self) -> &str {
        self.url.path()
    }

    /// Returns host and port for error texts.
    pub(crate) fn address(&self) -> String {
        let host = match &self.zone {
            Some(zone) => self.host_text().replace(']', &format!("%{zone}]")),
            None => self.host_text().to_owned(),
        };
        format!("{host}:{}", self.port())
    }

    pub(crate) fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }

    /// Returns the host as in the URL, with the brackets of an IPv6 address.
    pub(super) fn host_text(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Returns scheme, host and port as a bounded text.
    pub(crate) fn printable_origin(&self) -> String {
        const MAX_BYTES: usize = 256;
        printable(&self.origin(), MAX_BYTES)
    }

    /// Returns scheme, host and port.
    fn origin(&self) -> String {
        match self.url.port() {
            Some(_) => format!("{}://{}", self.url.scheme(), self.address()),
            None => {
                let address = self.address();
                let host = address.rsplit_once(':').map_or(&*address, |(host, _)| host);
                format!("{}://{host}", self.url.scheme())
            }
        }
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = if self.url.query().is_some() { "?.." } else { "" };
        write!(f, "{}{}{query}", self.origin(), self.url.path())
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
