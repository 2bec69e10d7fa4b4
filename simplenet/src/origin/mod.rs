//! The origins of web pages that may connect.

mod parse;
#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr};

use thiserror::Error;
use url::Host;

/// The origins of web pages that may connect to a server.
///
/// A browser lets every page connect to every server that the visitor's network can reach, and
/// sends the page's origin in the header `Origin`. Other programs can send any origin, or none.
/// Therefore a connection without an origin is accepted. An allowed origin proves nothing about the
/// client; the [`Authenticator`](crate::Authenticator) identifies the client.
///
/// A page of another origin receives the HTTP status 403 instead of the upgrade, and no further
/// information.
///
/// ```
/// use simplenet::{AllowedOrigins, OriginError, ServerConfig};
///
/// let allowed_origins = AllowedOrigins::only(["https://example.org", "https://*.example.org"])?;
/// let config = ServerConfig { allowed_origins, ..ServerConfig::default() };
///
/// let path = AllowedOrigins::only(["https://example.org/game"]);
/// assert!(matches!(path, Err(OriginError::MoreThanOrigin(_))));
/// # Ok::<_, simplenet::OriginError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// All pages, including pages that hide their origin.
    #[default]
    Any,
    /// Pages whose origin matches one of these patterns. An empty list allows no page.
    Only(Vec<OriginPattern>),
}

impl AllowedOrigins {
    /// Parses a list of [`OriginPattern`]s.
    ///
    /// # Errors
    ///
    /// The [`OriginError`] of the first invalid pattern.
    pub fn only<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>) -> Result<Self, OriginError> {
        let patterns = patterns.into_iter().map(|pattern| pattern.as_ref().parse());
        patterns.collect::<Result<_, _>>().map(Self::Only)
    }

    /// Checks the values of all `Origin` headers of a connection.
    pub(crate) fn check<'a>(
        &self,
        headers: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), OriginRefused> {
        let Self::Only(patterns) = self else {
            return Ok(());
        };
        let mut headers = headers.into_iter();
        let (header, others) = (headers.next(), headers.next());
        match (header, others) {
            (None, _) => Ok(()),
            (Some(_), Some(_)) => Err(OriginRefused::Several),
            (Some(header), None) => {
                let origin = str::from_utf8(header).ok().and_then(|text| Origin::parse(text).ok());
                let origin = origin.ok_or(OriginRefused::Malformed)?;
                let allowed = patterns.iter().any(|pattern| pattern.matches(&origin));
                if allowed { Ok(()) } else { Err(OriginRefused::NotAllowed) }
            }
        }
    }
}

/// A pattern that matches one origin, or the origins of all subdomains of a domain.
///
/// `https://example.org` and `http://localhost:8080` match exactly that origin.
/// `https://*.example.org` matches `https://eu.example.org` and `https://a.eu.example.org`, but
/// neither `https://example.org` nor `https://an-example.org`.
///
/// Origins are compared by scheme, host and port, as in browsers. Case does not matter. The default
/// port of the scheme can be omitted, and a host name can contain Unicode. The scheme can be that
/// of an app, such as `tauri://localhost`.
///
/// ```
/// let pattern: simplenet::OriginPattern = "HTTPS://*.Example.org:443".parse()?;
/// assert_eq!(pattern.to_string(), "https://*.example.org");
/// # Ok::<_, simplenet::OriginError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginPattern {
    origin: Origin,
    /// Whether the pattern matches the subdomains of the origin's host instead of the host itself.
    subdomains: bool,
}

impl OriginPattern {
    fn matches(&self, origin: &Origin) -> bool {
        if !self.subdomains {
            return self.origin == *origin;
        }
        match (&self.origin.host, &origin.host) {
            (Host::Domain(domain), Host::Domain(name)) => {
                self.origin.scheme == origin.scheme
                    && self.origin.port == origin.port
                    && is_subdomain(name, domain)
            }
            _ => false,
        }
    }
}

/// Returns whether `name` is `domain` with at least one label in front of it.
fn is_subdomain(name: &str, domain: &str) -> bool {
    let labels = name.strip_suffix(domain).and_then(|labels| labels.strip_suffix('.'));
    labels.is_some_and(|labels| !labels.is_empty())
}

impl FromStr for OriginPattern {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        parse::pattern(text)
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Origin { scheme, host, port } = &self.origin;
        let wildcard = if self.subdomains { "*." } else { "" };
        write!(f, "{scheme}://{wildcard}{host}")?;
        port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// The origin of a page, in its canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    /// In lower case.
    scheme: String,
    /// In ASCII and lower case.
    host: Host,
    /// `None`: the default port of the scheme.
    port: Option<u16>,
}

/// The error of a text that is not an [`OriginPattern`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OriginError {
    /// The text does not begin with a scheme and `://`.
    #[error("origin `{0}` has no scheme: write it as `https://example.org`")]
    Scheme(String),
    /// The scheme is `ws` or `wss`. An origin has the scheme of the page instead.
    #[error("origin `{0}` has the scheme of a WebSocket: use the page's, `https://` or `http://`")]
    WebSocket(String),
    /// The text contains more than an origin, such as a path, a user or a trailing `/`.
    #[error(
        "origin `{0}` contains more than scheme, host and port: remove path, user and trailing `/`"
    )]
    MoreThanOrigin(String),
    /// The host is neither a valid name nor an IP address.
    #[error("origin `{0}` has no valid host")]
    Host(String),
    /// The port is not a number up to 65535.
    #[error("origin `{0}` has no valid port")]
    Port(String),
    /// The text contains a `*` that is not the first label of a domain.
    #[error(
        "origin `{0}` has a misplaced `*`: it must precede a domain, as in `https://*.example.org`"
    )]
    Wildcard(String),
    /// The text is `null`, the origin of pages that hide their own.
    #[error("origin `null` can be sent by every page: use `AllowedOrigins::Any` to allow all")]
    Null,
}

/// The reason why a page may not connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum OriginRefused {
    #[error("origin is not allowed")]
    NotAllowed,
    #[error("malformed `Origin` header")]
    Malformed,
    #[error("more than one `Origin` header")]
    Several,
}
