use url::Host;

use super::{Origin, OriginError, OriginPattern};

/// Parses an exact origin, or a pattern with `*.` in front of a domain.
pub(super) fn pattern(text: &str) -> Result<OriginPattern, OriginError> {
    let (origin, subdomains) = match text.split_once("://*.") {
        Some((scheme, domain)) => (format!("{scheme}://{domain}"), true),
        None => (text.to_owned(), false),
    };
    let origin = parse(text, &origin)?;
    if subdomains && !matches!(origin.host, Host::Domain(_)) {
        return Err(OriginError::Wildcard(text.to_owned()));
    }
    Ok(OriginPattern { origin, subdomains })
}

impl Origin {
    pub(super) fn parse(text: &str) -> Result<Self, OriginError> {
        parse(text, text)
    }
}

/// Parses an exact origin. Errors quote `quoted`.
fn parse(quoted: &str, text: &str) -> Result<Origin, OriginError> {
    let error = |kind: fn(String) -> OriginError| kind(quoted.to_owned());
    if text == "null" {
        return Err(OriginError::Null);
    }
    if text.contains('*') {
        return Err(error(OriginError::Wildcard));
    }
    let (scheme, rest) = text.split_once("://").ok_or_else(|| error(OriginError::Scheme))?;
    let scheme = scheme.to_ascii_lowercase();
    if !is_scheme(&scheme) {
        return Err(error(OriginError::Scheme));
    }
    if matches!(scheme.as_str(), "ws" | "wss") {
        return Err(error(OriginError::WebSocket));
    }
    // `%` is refused as well, because `Host::parse` would decode `%2C` to `,`, for example.
    if rest.contains(['/', '\\', '?', '#', '@', '%', ',']) || rest.contains(char::is_whitespace) {
        return Err(error(OriginError::MoreThanOrigin));
    }
    let (host, port) = split_port(rest);
    let host = Host::parse(host).map_err(|_| error(OriginError::Host))?;
    let port = match port {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(port.parse().map_err(|_| error(OriginError::Port))?)
        }
        Some(_) => return Err(error(OriginError::Port)),
        None => None,
    };
    let port = port.filter(|port| Some(*port) != default_port(&scheme));
    Ok(Origin { scheme, host, port })
}

fn is_scheme(scheme: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(known)
}

/// Splits host and port at the last colon, unless that colon is inside the brackets of an IPv6
/// address.
fn split_port(rest: &str) -> (&str, Option<&str>) {
    match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (rest, None),
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}
