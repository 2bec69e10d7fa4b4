use std::io;

/// Returns the cause of a failed connection in words that say what to do. The texts of operating
/// systems differ, and some of them are unclear.
pub(crate) fn io_text(error: &io::Error) -> String {
    use io::ErrorKind as K;
    let text = match error.kind() {
        K::ConnectionRefused => "connection refused: no server listens on this port",
        K::ConnectionReset => "connection reset by the peer",
        K::ConnectionAborted => "connection aborted: the network may have changed",
        K::BrokenPipe => "connection closed by the peer",
        K::HostUnreachable => "no route to the host: check the address, and whether the host is up",
        K::NetworkUnreachable => "network unreachable: check the network of this machine",
        K::NetworkDown => "the network is down: check the network of this machine",
        K::TimedOut => "the host does not answer: check the address, and whether the host is up",
        K::PermissionDenied => "not permitted: a firewall or sandbox may forbid the connection",
        K::AddrNotAvailable => "this address cannot be reached from this machine",
        K::UnexpectedEof => "connection closed by the peer",
        _ => return error.to_string(),
    };
    text.to_owned()
}
