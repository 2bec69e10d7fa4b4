//! The parts of a request, which a browser creates itself.

use url::Host;

use super::ServerUrl;

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
    #[cfg(feature = "tls-rustls")]
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
        let has_credentials = !target.username().is_empty() || target.password().is_some();
        if has_credentials || !matches!(target.scheme(), "ws" | "wss") {
            return None;
        }
        let mut target = Self::from_parsed(target).ok()?;
        if target.url.host() == self.url.host() {
            target.zone.clone_from(&self.zone);
        }
        Some(target)
    }
}
