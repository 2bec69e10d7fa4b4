use std::{fmt, time::Duration};

use crate::server_url::ServerUrl;

/// An HTTP response of the server, or of a proxy before it, in place of the WebSocket upgrade.
///
/// A client ends after a status by which the server rejects the request itself. It tries again
/// after a status that a proxy sends while its server is absent, busy or being deployed:
///
/// | status | meaning here | the client |
/// |---|---|---|
/// | 200 to 299 | a page, not a channel | tries again |
/// | 300 to 399 | another URL; `ClientBuilder::follow_redirects` follows it | tries again |
/// | 400 | not received as a WebSocket request, or the port speaks TLS | tries again |
/// | 401 | the HTTP server requests credentials, which simplenet does not send by HTTP | ends |
/// | 403 | an origin, address or client that is not allowed | ends |
/// | 404 | no channel at the path, or a proxy whose server is being deployed | tries again |
/// | 405 | another resource at the path | ends |
/// | 407, 408, 421 | a proxy with a login, a late request, the wrong host | tries again |
/// | 410 | the channel is gone for good | ends |
/// | 426 | no headers of an upgrade received, or another WebSocket version | ends |
/// | 429, 503 | too many requests, or no capacity; `Retry-After` is honoured | tries again |
/// | 501, 505 | a server without WebSockets or HTTP/1.1 | ends |
/// | other 4xx and 5xx | a failure of the server, or of a proxy before it | tries again |
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpRefusal {
    /// The HTTP status code.
    pub status: u16,
    /// The path of the URL, to which the request was sent.
    pub path: String,
    /// The value of `Retry-After`, at most one hour.
    pub retry_after: Option<Duration>,
    /// The target of a redirect.
    pub(crate) target: Option<Box<ServerUrl>>,
    /// Whether the redirect leads from `wss://` to `ws://`.
    pub(crate) is_downgrade: bool,
}

impl HttpRefusal {
    /// Returns true if the client ends after this status.
    pub fn is_terminal(&self) -> bool {
        matches!(self.status, 401 | 403 | 405 | 410 | 426 | 501 | 505)
    }

    /// Returns scheme, host and port of a redirect's target, as a WebSocket URL. `None` if the
    /// response is no redirect, or if a client could not use its target.
    pub fn location(&self) -> Option<String> {
        self.target.as_deref().map(ServerUrl::printable_origin)
    }

    /// Returns the text without the target of a redirect, which the peer has chosen.
    pub(super) fn summary(&self) -> String {
        format!("{} (HTTP {}){}", self.meaning(), self.status, self.advice())
    }

    fn meaning(&self) -> String {
        let path = &self.path;
        match self.status {
            200..=299 => {
                format!("the server answered with a page, not with a channel, at `{path}`")
            }
            300..=399 => "the server redirects the client".to_owned(),
            400 => "the server did not understand the upgrade request".to_owned(),
            401 => "the HTTP server requests credentials of its own".to_owned(),
            403 => "the HTTP server forbids the connection".to_owned(),
            404 => format!("the server has no channel at the path `{path}`"),
            405 => format!("the resource at the path `{path}` is no channel"),
            407 => "a proxy requests credentials".to_owned(),
            408 => "the server received no complete request in time".to_owned(),
            410 => format!("the channel at the path `{path}` is gone for good"),
            421 => "the server is not responsible for this host".to_owned(),
            426 => "the server received no valid WebSocket upgrade".to_owned(),
            429 => "the server received too many requests".to_owned(),
            500 => "the server failed".to_owned(),
            501 => "the server has no WebSockets".to_owned(),
            502 => "the proxy received no valid answer from the server".to_owned(),
            503 => "the server is full, shut down or overloaded".to_owned(),
            504 => "the proxy received no answer from the server in time".to_owned(),
            505 => "the server does not support HTTP/1.1".to_owned(),
            511 => "the network requires a login".to_owned(),
            status if status / 100 == 4 => "the HTTP server rejected the request".to_owned(),
            status if status / 100 == 5 => "the HTTP server failed".to_owned(),
            _ => "the server answered the upgrade with an unexpected status".to_owned(),
        }
    }

    /// Returns what to do, with a separator before it.
    fn advice(&self) -> &'static str {
        match self.status {
            200..=299 | 404 | 405 | 410 => ": check the path of the URL, and the server's route",
            300..=399 if self.target.is_none() => {
                ", but to no URL that a client can use: check host and path of the URL"
            }
            300..=399 if self.is_downgrade => {
                ": a client does not follow it, because it leads from `wss://` to `ws://`"
            }
            300..=399 => ": use the target as URL, or allow redirects with `follow_redirects`",
            400 => {
                ": a proxy before it may not pass WebSockets on, or the port may require `wss://`"
            }
            401 => {
                ": let the proxy before the server pass WebSocket requests, because simplenet \
                 authenticates in its own handshake"
            }
            403 => {
                ": the origin of the page may be missing in `allowed_origins`, or a proxy may not \
                 allow this address"
            }
            407 => ": simplenet does not log in at proxies",
            408 => ": check the network",
            421 => ": check the host of the URL",
            426 => {
                ": a proxy before it may drop the headers `Connection` and `Upgrade`, or the \
                 server requires another WebSocket version"
            }
            429 | 503 => "",
            500 => ": see its log",
            501 | 505 => ": check host and port",
            502 | 504 => ": check whether the server is running",
            511 => ": open a web page to log in",
            _ => ": see the log of the server or proxy",
        }
    }
}

impl fmt::Display for HttpRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.meaning())?;
        if let Some(location) = self.location() {
            write!(f, " to `{location}`")?;
        }
        write!(f, " (HTTP {}){}", self.status, self.advice())?;
        match self.retry_after {
            Some(wait) => write!(f, "; try again in {wait:?}"),
            None => Ok(()),
        }
    }
}
