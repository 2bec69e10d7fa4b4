//! The rules for the URL of a client.

use thiserror::Error;

#[cfg(not(target_arch = "wasm32"))]
use super::zone::from_literal_name;
#[cfg(target_arch = "wasm32")]
use super::zone::is_literal_name;
use super::{ServerUrl, Url, zone::split_zone};
use crate::text::printable;

/// The reason why a text or a URL is not the URL of a server. No text contains credentials or a
/// query.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum UrlError {
    #[error("the URL is empty: write it as in `{EXAMPLE}`")]
    Empty,
    #[error("the URL contains a line break or another control character: remove it")]
    ControlCharacter,
    #[error(
        "the URL contains a user name or password, which a WebSocket does not send: remove it, and \
         authenticate by `ClientBuilder::auth`"
    )]
    Credentials,
    #[error("the URL {url} has no scheme: write `{instead}`, or `wss://` with TLS")]
    NoScheme { url: String, instead: String },
    #[error("the URL {url} has no `//` behind its scheme: write `{instead}`")]
    NoSlashes { url: String, instead: String },
    #[error("the URL {url} begins with `{scheme}://`: write `{instead}`")]
    HttpScheme { url: String, scheme: &'static str, instead: String },
    #[error("the URL {url} begins with `{scheme}:`: write `ws://`, or `wss://` with TLS")]
    OtherScheme { url: String, scheme: String },
    #[error(
        "the URL {0} is that of a server behind a route or in memory: write the URL of the route, \
         as in `ws://127.0.0.1:9000/chat`, or use `Client::in_memory`"
    )]
    NotDialled(String),
    #[error("the URL {0} has no host: write it as in `{EXAMPLE}`")]
    NoHost(String),
    #[error(
        "the host of the URL {0} contains colons: write an IPv6 address in brackets, as in \
         `ws://[::1]:9000`"
    )]
    NoBrackets(String),
    #[error("the host of the URL {0} is neither a valid name nor an IP address")]
    InvalidHost(String),
    #[error(
        "the URL {0} has the host of a server that listens on all addresses: write `127.0.0.1` for \
         a server on this machine, or else the name or address of its machine"
    )]
    UnspecifiedHost(String),
    #[error("the URL {0} has an invalid port: a port is a number from 1 to 65535")]
    InvalidPort(String),
    #[error("the URL {0} has port 0, on which no server listens: write the port of the server")]
    PortZero(String),
    #[error(
        "the URL {0} has a fragment, which the URL of a WebSocket must not have: remove the `#` \
         and the text behind it, or write `%23`"
    )]
    Fragment(String),
    #[cfg(target_arch = "wasm32")]
    #[error("the URL {0} has an IPv6 address with a zone: a browser cannot connect to it")]
    Zone(String),
}

const EXAMPLE: &str = "ws://127.0.0.1:9000";

/// The schemes of the URLs of servers that have no address of their own.
const SCHEMES_WITHOUT_ADDRESS: [&str; 2] = ["axum", "memory"];

impl ServerUrl {
    /// Parses the URL of a server. White space before and behind it is ignored.
    pub(crate) fn parse(text: &str) -> Result<Self, UrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(UrlError::Empty);
        }
        // The parser of the standard would remove some of these characters silently.
        if text.contains(char::is_control) {
            return Err(UrlError::ControlCharacter);
        }
        let (scheme, rest) = match split_scheme(text) {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, text),
        };
        let (authority, path) =
            rest.split_at(rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len()));
        // First of all, because the other errors quote the URL.
        if authority.contains('@') {
            return Err(UrlError::Credentials);
        }
        match scheme {
            None => return Err(no_scheme(text)),
            Some(scheme) if is_websocket(scheme) => {}
            Some(scheme) => {
                return Err(wrong_scheme(&scheme.to_ascii_lowercase(), &quoted(text), rest));
            }
        }
        if !authority.starts_with('[') && authority.matches(':').count() > 1 {
            return Err(UrlError::NoBrackets(quoted(text)));
        }
        if authority.is_empty() || authority.starts_with(':') {
            return Err(UrlError::NoHost(quoted(text)));
        }
        if !has_valid_port(authority) {
            return Err(UrlError::InvalidPort(quoted(text)));
        }
        let parse = |text: &str| {
            let invalid_host = || UrlError::InvalidHost(quoted(text));
            let url = Url::parse(text).map_err(|_| invalid_host())?;
            // Some browsers encode characters that a host must not contain.
            if url.host_str().is_some_and(|host| host.contains('%')) {
                return Err(invalid_host());
            }
            Self::from_parsed(url)
        };
        match (scheme, split_zone(authority)) {
            (Some(scheme), Some((authority, zone))) => {
                let mut url = parse(&format!("{scheme}://{authority}{path}"))?;
                url.set_zone(zone.to_owned())?;
                Ok(url)
            }
            _ => parse(text),
        }
    }

    fn set_zone(&mut self, zone: String) -> Result<(), UrlError> {
        #[cfg(target_arch = "wasm32")]
        return Err(UrlError::Zone(format!("`{self}%{zone}`")));
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.zone = Some(zone);
            Ok(())
        }
    }
}

impl ServerUrl {
    /// Checks a URL whose scheme is that of a WebSocket, and which contains no credentials.
    pub(super) fn from_parsed(url: Url) -> Result<Self, UrlError> {
        let text = || quoted(url.as_str());
        match url.host_str() {
            None => return Err(UrlError::NoHost(text())),
            // The parser has written the address in its shortest form.
            Some("0.0.0.0" | "[::]") => return Err(UrlError::UnspecifiedHost(text())),
            Some(_) => {}
        }
        if url.port() == Some(0) {
            return Err(UrlError::PortZero(text()));
        }
        if url.fragment().is_some() {
            return Err(UrlError::Fragment(text()));
        }
        Self { url, zone: None }.resolve_literal_name()
    }

    /// Replaces a host name that stands for an IPv6 address.
    #[cfg(not(target_arch = "wasm32"))]
    fn resolve_literal_name(mut self) -> Result<Self, UrlError> {
        if let Some((address, zone)) = self.url.host_str().and_then(from_literal_name) {
            // Cannot fail, because the URL has a host.
            let _ = self.url.set_ip_host(address.into());
            if let Some(zone) = zone {
                self.set_zone(zone)?;
            }
        }
        Ok(self)
    }

    #[cfg(target_arch = "wasm32")]
    fn resolve_literal_name(self) -> Result<Self, UrlError> {
        match is_literal_name(self.host_text()) {
            true => Err(UrlError::Zone(format!("`{self}`"))),
            false => Ok(self),
        }
    }
}

/// Returns whether the authority has no port, an empty one, or a number.
fn has_valid_port(authority: &str) -> bool {
    let rest = match authority.starts_with('[') {
        true => authority.rsplit_once(']').map_or("", |(_, rest)| rest),
        false => authority,
    };
    match rest.split_once(':') {
        None | Some((_, "")) => true,
        Some((_, port)) => {
            port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
        }
    }
}

/// Splits a URL with `://` behind its scheme.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then_some((scheme, rest))
}

fn is_websocket(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("ws") || scheme.eq_ignore_ascii_case("wss")
}

fn no_scheme(text: &str) -> UrlError {
    let url = quoted(text);
    if SCHEMES_WITHOUT_ADDRESS.iter().any(|scheme| text.strip_suffix(':') == Some(scheme)) {
        return UrlError::NotDialled(url);
    }
    // A scheme without `//`, such as `ws:example.org`.
    for scheme in ["ws", "wss", "http", "https"] {
        let prefix = text.get(..scheme.len() + 1);
        if prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(&format!("{scheme}:"))) {
            let secure = scheme.ends_with('s') && scheme != "ws";
            let rest = text[scheme.len() + 1..].trim_start_matches(['/', '\\']);
            let instead = format!("{}://{}", if secure { "wss" } else { "ws" }, shown(rest));
            return UrlError::NoSlashes { url, instead };
        }
    }
    match text.strip_prefix("//").unwrap_or(text) {
        path if path.starts_with(['/', '\\', '?', '#', ':']) => UrlError::NoHost(url),
        rest => UrlError::NoScheme { url, instead: format!("ws://{}", shown(rest)) },
    }
}

fn wrong_scheme(scheme: &str, url: &str, rest: &str) -> UrlError {
    let rest = shown(rest);
    let url = url.to_owned();
    match scheme {
        "http" => UrlError::HttpScheme { url, scheme: "http", instead: format!("ws://{rest}") },
        "https" => UrlError::HttpScheme { url, scheme: "https", instead: format!("wss://{rest}") },
        scheme if SCHEMES_WITHOUT_ADDRESS.contains(&scheme) => UrlError::NotDialled(url),
        scheme => UrlError::OtherScheme { url, scheme: printable(scheme, 32) },
    }
}

/// Returns the URL in quotes for an error.
fn quoted(url: &str) -> String {
    format!("`{}`", shown(url))
}

/// Returns the printable beginning of a URL, without its query and fragment. The path may follow
/// an `@` in a text that is not a valid URL, so then nothing is shown.
fn shown(url: &str) -> String {
    const MAX_BYTES: usize = 200;
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let (shown, rest) = url.split_at(end);
    let rest = match rest.chars().next() {
        Some('?') => "?..",
        Some(_) => "#..",
        None => "",
    };
    if shown.contains('@') { "..".to_owned() } else { printable(shown, MAX_BYTES) + rest }
}
