//! The URLs of servers: the rules for the URL of a client, and the URL of a listening server.

#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
mod listening;
#[cfg(feature = "client")]
mod parse;
#[cfg(all(test, feature = "client"))]
pub(crate) mod tests;
mod zone;

#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub(crate) use listening::url_of_listener;
#[cfg(feature = "client")]
pub(crate) use parse::UrlError;

#[cfg(feature = "client")]
use std::fmt;

#[cfg(feature = "client")]
use url::{Host, Url};

#[cfg(feature = "client")]
use crate::text::printable;

/// The URL of a server: `ws://` or `wss://`, a host, a port, a path and a query. It contains no
/// credentials and no fragment.
///
/// `Display` and `Debug` omit the query, which may contain a secret.
#[cfg(feature = "client")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ServerUrl {
    /// Without the zone, which URLs do not have.
    url: Url,
    /// The zone of a link-local IPv6 address: the name or index of a network interface.
    zone: Option<String>,
}

#[cfg(feature = "client")]
impl ServerUrl {
    pub(crate) fn is_secure(&self) -> bool {
        self.url.scheme() == "wss"
    }

    /// Returns the whole URL, including the query.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Returns the path, without the query.
    #[cfg_attr(target_arch = "wasm32", expect(dead_code, reason = "a browser sends the request"))]
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
    fn host_text(&self) -> &str {
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

/// The parts of a request, which a browser creates itself.
#[cfg(all(feature = "client", not(target_arch = "wasm32")))]
impl ServerUrl {
    /// Returns the name or address whose addresses are looked up.
    pub(crate) fn dialled_host(&self) -> String {
        match (self.url.host(), &self.zone) {
            (Some(Host::Ipv6(address)), Some(zone)) => format!("{address}%{zone}"),
            (Some(Host::Ipv6(address)), None) => address.to_string(),
            (Some(host), _) => host.to_string(),
            (None, _) => String::new(),
        }
    }

    /// Returns the value of the header `Host`: the host without a zone, which has a meaning on this
    /// machine only (RFC 6874, 4), and the port unless it is the default port.
    pub(crate) fn host_header(&self) -> String {
        match self.url.port() {
            Some(port) => format!("{}:{port}", self.host_text()),
            None => self.host_text().to_owned(),
        }
    }

    /// Returns the host that the server's certificate must contain. A name has no trailing dot
    /// (RFC 6066, 3).
    pub(crate) fn certified_host(&self) -> Option<Host<&str>> {
        match self.url.host()? {
            Host::Domain(name) => Some(Host::Domain(name.strip_suffix('.').unwrap_or(name))),
            address => Some(address),
        }
    }

    /// Returns path and query.
    pub(crate) fn request_target(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    /// Returns the target of a redirect, whose `Location` may be relative. HTTP URLs become
    /// WebSocket URLs. `None`: the target is no URL of a server, or it contains credentials.
    pub(crate) fn redirected(&self, location: &str) -> Option<Self> {
        let mut target = self.url.join(location).ok()?;
        match target.scheme() {
            "http" => target.set_scheme("ws").ok()?,
            "https" => target.set_scheme("wss").ok()?,
            _ => {}
        }
        target.set_fragment(None);
        let mut target = Self::try_from(target).ok()?;
        if target.url.host() == self.url.host() {
            target.zone.clone_from(&self.zone);
        }
        Some(target)
    }
}

#[cfg(feature = "client")]
impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = if self.url.query().is_some() { "?.." } else { "" };
        write!(f, "{}{}{query}", self.origin(), self.url.path())
    }
}

#[cfg(feature = "client")]
impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
