//! Which web pages may connect.

mod parse;
#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr};

use thiserror::Error;
use url::Host;

/// Which web pages may connect: those of these origins, whatever host and path they connect to.
///
/// A browser lets any page connect to any server, with what the visitor's network may reach, and tells the server where
/// the page is from. Whoever is not a browser can say anything there, or nothing; so who says nothing may connect, and an
/// allowed origin proves nothing: it keeps foreign pages away, and leaves who the client is to the
/// [`Authenticator`](crate::Authenticator).
///
/// A page that may not connect is refused with the HTTP status 403 instead of the upgrade: a foreign page has nothing to
/// learn, not even that the server speaks this protocol.
///
/// ```
/// use simplenet::{AllowedOrigins, ServerConfig};
///
/// let allowed_origins = AllowedOrigins::only(["https://example.org", "https://*.example.org"])?;
/// let config = ServerConfig { allowed_origins, ..ServerConfig::default() };
/// # Ok::<_, simplenet::OriginError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// All pages, also those that hide where they are from.
    #[default]
    Any,
    /// Pages of an origin that is among these; none, if there are none.
    Only(Vec<OriginPattern>),
}

impl AllowedOrigins {
    /// Pages of these origins; see [`OriginPattern`].
    ///
    /// # Errors
    ///
    /// The first [`OriginError`].
    pub fn only<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>) -> Result<Self, OriginError> {
        let patterns = patterns.into_iter().map(|pattern| pattern.as_ref().parse());
        patterns.collect::<Result<_, _>>().map(Self::Only)
    }

    /// Judges a connection by all its headers `Origin`.
    pub(crate) fn judge<'a>(
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
                let allowed = patterns.iter().any(|pattern| pattern.admits(&origin));
                if allowed { Ok(()) } else { Err(OriginRefused::NotAllowed) }
            }
        }
    }
}

/// An origin, such as `https://example.org` or `http://localhost:8080`, or all below a domain: `https://*.example.org` is
/// `https://eu.example.org` and `https://a.eu.example.org`, but neither `https://example.org` nor
/// `https://an-example.org`.
///
/// Origins are compared as browsers do, by scheme, host and port: the case of letters does not matter, a port that the
/// scheme has anyway may be left out, and a name may be written in its own script. The scheme may be one of an app, such
/// as `tauri://localhost`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginPattern {
    /// Of an exact origin, or of what is below its host.
    origin: Origin,
    below: bool,
}

impl OriginPattern {
    fn admits(&self, origin: &Origin) -> bool {
        if !self.below {
            return self.origin == *origin;
        }
        match (&self.origin.host, &origin.host) {
            (Host::Domain(domain), Host::Domain(name)) => {
                self.origin.scheme == origin.scheme
                    && self.origin.port == origin.port
                    && is_below(name, domain)
            }
            _ => false,
        }
    }
}

/// Whether there is at least one label before the domain.
fn is_below(name: &str, domain: &str) -> bool {
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
        let wildcard = if self.below { "*." } else { "" };
        write!(f, "{scheme}://{wildcard}{host}")?;
        port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// Where a page is from, in the one form that there is for it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    /// In lower case.
    scheme: String,
    /// In ASCII and lower case.
    host: Host,
    /// `None` for the one that the scheme has anyway.
    port: Option<u16>,
}

/// Why a text is no origin that can be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OriginError {
    /// It does not begin with a scheme and `://`.
    #[error("`{0}` has no scheme: an origin is such as `https://example.org`")]
    Scheme(String),
    /// Its scheme is that of the connection, but origins are of pages.
    #[error("`{0}` is where to connect to: a page there is from `https://` or `http://`")]
    WebSocket(String),
    /// It has a path, a user or other things that origins do not have, be it a `/` at the end.
    #[error(
        "`{0}` is more than an origin: scheme, host and port are all it has, without a `/` behind"
    )]
    MoreThanOrigin(String),
    /// Its host is no name and no address.
    #[error("`{0}` has no valid host")]
    Host(String),
    /// Its port is no number up to 65535.
    #[error("`{0}` has no valid port")]
    Port(String),
    /// It has a `*` elsewhere than in place of the first labels of a domain.
    #[error(
        "`{0}` has a `*` where it means nothing: it stands before a domain, as in `https://*.example.org`"
    )]
    Wildcard(String),
    /// It is `null`, which is what pages say that hide their origin.
    #[error("`null` is what any page may say, so allowing it means `AllowedOrigins::Any`")]
    Null,
}

/// Why a page may not connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum OriginRefused {
    #[error("its origin is not among those that are allowed")]
    NotAllowed,
    #[error("its origin is none that can be allowed")]
    Malformed,
    #[error("it names more than one origin")]
    Several,
}
