//! The addresses of `bind`: their lookup, the attempts to listen, and the texts of the errors.

use std::{
    fmt, io,
    net::{Ipv6Addr, SocketAddr, ToSocketAddrs},
};

use tokio::net::{TcpListener, TcpSocket};

use super::BindError;

/// The number of connections that the operating system queues before they are accepted.
const BACKLOG: u32 = 1024;

/// Returns the socket addresses that `address` names, at least one.
pub(super) fn look_up(
    address: &(impl ToSocketAddrs + fmt::Debug),
) -> Result<Vec<SocketAddr>, BindError> {
    let text = format!("{address:?}");
    // The `Debug` of a string has quotes, and escapes its control characters.
    let written = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let unknown = |source: Option<io::Error>| {
        let misuse = written.and_then(misuse);
        BindError::Address {
            address: match written {
                // It may contain a password.
                Some(text) if text.contains('@') => "this address".to_owned(),
                Some(text) => match text.find(['?', '#']) {
                    Some(query) => format!("`{}..`", &text[..=query]),
                    None => format!("`{text}`"),
                },
                None => text.clone(),
            },
            source: source.filter(|_| misuse.is_none()),
            advice: misuse.unwrap_or_else(|| UNKNOWN.to_owned()),
        }
    };
    match address.to_socket_addrs().map(Iterator::collect::<Vec<_>>) {
        Ok(addresses) if addresses.is_empty() => Err(unknown(None)),
        Ok(addresses) => Ok(addresses),
        Err(error) => Err(unknown(Some(error))),
    }
}

/// Listens on the first address that can be listened on. Must run within a tokio runtime.
pub(super) fn listen(addresses: &[SocketAddr]) -> Result<(TcpListener, SocketAddr), BindError> {
    let mut last = None;
    for address in addresses {
        match listen_on(*address) {
            Ok(listening) => return Ok(listening),
            Err(source) => {
                let advice = advice(&source, *address);
                last = Some(BindError::Listen { address: *address, advice, source });
            }
        }
    }
    Err(last.unwrap_or_else(|| BindError::Address {
        address: "an empty list of addresses".to_owned(),
        advice: "add an address".to_owned(),
        source: None,
    }))
}

fn listen_on(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Let a restarted server bind its port while old connections linger.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let listener = socket.listen(BACKLOG)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Returns what to do after the operating system has refused an address.
fn advice(error: &io::Error, address: SocketAddr) -> String {
    let port = address.port();
    match (error.kind(), address) {
        (io::ErrorKind::AddrInUse, _) => format!(
            "another program listens on port {port}: end it, or choose another port (0 for any \
             free port)"
        ),
        (io::ErrorKind::PermissionDenied, _) if (1..1024).contains(&port) => {
            "ports below 1024 require a privilege: choose a higher port, or grant the privilege"
                .to_owned()
        }
        (io::ErrorKind::PermissionDenied, _) => {
            "not permitted: a firewall or sandbox may forbid it".to_owned()
        }
        (_, SocketAddr::V6(address)) if address.ip().is_unicast_link_local() => format!(
            "a link-local address requires the zone of a network interface of this machine, as in \
             `[{}%2]:{port}`",
            address.ip()
        ),
        (io::ErrorKind::AddrNotAvailable, _) => format!(
            "this machine does not have the address: write `0.0.0.0:{port}` for all of its IPv4 \
             addresses, or `[::]:{port}` for all"
        ),
        _ => "the operating system refused".to_owned(),
    }
}

/// The advice for a host whose lookup failed.
const UNKNOWN: &str = "its host is unknown: write an address of this machine, such as \
                       `127.0.0.1:9000` or `0.0.0.0:9000`, or check the name";

/// Returns what to write instead of a text that is no address. `None`: the text has the form of an
/// address.
fn misuse(text: &str) -> Option<String> {
    if let Some((_, rest)) = text.split_once("://") {
        let address = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let address = address.rsplit('@').next().unwrap_or_default();
        return Some(format!(
            "it is a URL: write the address without scheme and path, as in `{}`",
            with_port(address)
        ));
    }
    if let Some((address, _)) = text.split_once('/') {
        let address = with_port(address);
        return Some(format!("it contains a path: write the address alone, as in `{address}`"));
    }
    if text.trim() != text {
        return Some("it contains white space: remove it".to_owned());
    }
    let digits = text.strip_prefix(':').unwrap_or(text);
    if digits.is_empty() || digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let port = if digits.is_empty() { "9000" } else { digits };
        return Some(format!(
            "it has no host: write `127.0.0.1:{port}` for clients on this machine, or \
             `0.0.0.0:{port}` for all networks"
        ));
    }
    let is_bracketed = text.starts_with('[');
    if !is_bracketed && text.matches(':').count() > 1 {
        return Some(match text.parse::<Ipv6Addr>() {
            Ok(address) => format!("it has no port: write `[{address}]:9000`"),
            Err(_) => "write an IPv6 address in brackets, as in `[::1]:9000`".to_owned(),
        });
    }
    let port = match text.rsplit_once(']') {
        Some((_, rest)) if is_bracketed => rest.strip_prefix(':'),
        _ => text.rsplit_once(':').map(|(_, port)| port),
    };
    match port {
        None => Some(format!("it has no port: write `{}`", with_port(text))),
        Some(port) if port.parse::<u16>().is_err() => {
            Some("its port is no number from 0 to 65535".to_owned())
        }
        Some(_) => None,
    }
}

/// Returns the address with a port, for an example.
fn with_port(address: &str) -> String {
    let host_end = address.rfind(']').unwrap_or_default();
    match address {
        "" => "127.0.0.1:9000".to_owned(),
        _ if address[host_end..].contains(':') => address.to_owned(),
        _ => format!("{address}:9000"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::error_chain;

    #[test]
    fn misuse_of_an_address_is_explained() {
        let url = "it is a URL: write the address without scheme and path, as in";
        let path = "it contains a path: write the address alone, as in `127.0.0.1:9000`";
        let no_host = "it has no host: write `127.0.0.1:9000` for clients on this machine, or \
                       `0.0.0.0:9000` for all networks";
        let port = "its port is no number from 0 to 65535";
        let brackets = "write an IPv6 address in brackets, as in `[::1]:9000`";
        for (text, expected) in [
            ("ws://127.0.0.1:9000", format!("`ws://127.0.0.1:9000`: {url} `127.0.0.1:9000`")),
            ("wss://0.0.0.0:443/chat", format!("`wss://0.0.0.0:443/chat`: {url} `0.0.0.0:443`")),
            ("ws://localhost", format!("`ws://localhost`: {url} `localhost:9000`")),
            ("http://[::1]/", format!("`http://[::1]/`: {url} `[::1]:9000`")),
            ("ws://", format!("`ws://`: {url} `127.0.0.1:9000`")),
            ("ws://user:hunter2@localhost:1", format!("this address: {url} `localhost:1`")),
            ("user:hunter2@localhost", format!("this address: {port}")),
            ("127.0.0.1:9000/chat", format!("`127.0.0.1:9000/chat`: {path}")),
            ("127.0.0.1/chat", format!("`127.0.0.1/chat`: {path}")),
            ("127.0.0.1", "`127.0.0.1`: it has no port: write `127.0.0.1:9000`".to_owned()),
            ("localhost", "`localhost`: it has no port: write `localhost:9000`".to_owned()),
            ("[::1]", "`[::1]`: it has no port: write `[::1]:9000`".to_owned()),
            ("::1", "`::1`: it has no port: write `[::1]:9000`".to_owned()),
            ("::", "`::`: it has no port: write `[::]:9000`".to_owned()),
            ("fe80::x:9000", format!("`fe80::x:9000`: {brackets}")),
            (":9000", format!("`:9000`: {no_host}")),
            ("9000", format!("`9000`: {no_host}")),
            ("", format!("``: {no_host}")),
            ("127.0.0.1:99999", format!("`127.0.0.1:99999`: {port}")),
            ("127.0.0.1:http", format!("`127.0.0.1:http`: {port}")),
            ("127.0.0.1:", format!("`127.0.0.1:`: {port}")),
            ("[::1]:-1", format!("`[::1]:-1`: {port}")),
            (" 127.0.0.1:9000", "` 127.0.0.1:9000`: it contains white space: remove it".to_owned()),
            ("nowhere.invalid:9000", format!("`nowhere.invalid:9000`: {UNKNOWN}")),
        ] {
            let error = look_up(&text).expect_err(text);
            println!("{text:?}: {}", error_chain(&error));
            assert_eq!(error.to_string(), format!("cannot listen on {expected}"), "{text:?}");
            assert!(!error_chain(&error).contains("hunter2"), "{error:?}");
        }
        let error = look_up(&String::from("x\u{1b}[31m")).expect_err("no port");
        assert!(!error.to_string().contains('\u{1b}'), "{error}");
    }
}
