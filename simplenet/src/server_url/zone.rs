//! IPv6 addresses with a zone, such as `fe80::1%2`. A link-local address is unique only on one
//! link, and the zone selects the link by the name or index of its network interface.
//!
//! The URLs of browsers have no zones. So an address with a zone is written as a host name of the
//! convention `fe80--1s2.ipv6-literal.net`, in which `-` stands for `:`, and `s` for `%`.

#[cfg(not(target_arch = "wasm32"))]
use std::net::Ipv6Addr;

const SUFFIX: &str = ".ipv6-literal.net";

/// Returns the host name of an address with a zone.
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub(super) fn literal_name(address: Ipv6Addr, zone: u32) -> String {
    format!("{}s{zone}{SUFFIX}", address.to_string().replace(':', "-"))
}

/// Returns whether a host name stands for an IPv6 address.
#[cfg(target_arch = "wasm32")]
pub(super) fn is_literal_name(host: &str) -> bool {
    host.strip_suffix('.').unwrap_or(host).ends_with(SUFFIX)
}

/// Returns the address and the zone of such a host name.
#[cfg(all(feature = "client", not(target_arch = "wasm32")))]
pub(super) fn from_literal_name(host: &str) -> Option<(Ipv6Addr, Option<String>)> {
    let literal = host.strip_suffix('.').unwrap_or(host).strip_suffix(SUFFIX)?;
    let (address, zone) = match literal.split_once('s') {
        Some((address, zone)) => (address, Some(zone)),
        None => (literal, None),
    };
    if !zone.is_none_or(is_zone) {
        return None;
    }
    Some((address.replace('-', ":").parse().ok()?, zone.map(str::to_owned)))
}

/// Removes the zone of the IPv6 address in brackets at the beginning of `authority`, such as
/// `[fe80::1%2]:9000`. The percent sign may be encoded as `%25` (RFC 6874). Returns the authority
/// without the zone, and the zone.
#[cfg(feature = "client")]
pub(super) fn split_zone(authority: &str) -> Option<(String, &str)> {
    let (address, rest) = authority.strip_prefix('[')?.split_once(']')?;
    let (address, zone) = address.split_once('%')?;
    let zone = zone.strip_prefix("25").filter(|zone| !zone.is_empty()).unwrap_or(zone);
    is_zone(zone).then(|| (format!("[{address}]{rest}"), zone))
}

/// Returns true for the name or index of a network interface.
#[cfg(feature = "client")]
fn is_zone(zone: &str) -> bool {
    const MAX_BYTES: usize = 32;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_~".contains(&byte);
    (1..=MAX_BYTES).contains(&zone.len()) && zone.bytes().all(is_allowed)
}
