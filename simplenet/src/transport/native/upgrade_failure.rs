//! The conversion of the errors of an upgrade to [`ConnectError`].

use std::{fmt, io};

use tokio_tungstenite::tungstenite::{
    Error,
    error::{CapacityError, ProtocolError},
    handshake::client::Response,
    http::{
        HeaderName,
        header::{DATE, LOCATION, RETRY_AFTER},
    },
};

use super::retry_after::retry_after;
use crate::{
    net::{OverAllowance, io_text},
    server_url::ServerUrl,
    tls::TlsFailure,
    transport::{ConnectError, HandshakeFailure, HttpRefusal},
    wall_clock,
};

/// Returns the reason why the upgrade of a connection to `url` failed.
pub(super) fn upgrade_failure(error: Error, url: &ServerUrl) -> ConnectError {
    use ProtocolError as P;
    ConnectError::Handshake(match error {
        Error::Http(response) => return ConnectError::Http(refusal(&response, url)),
        Error::Io(error) => return io_failure(&error),
        Error::Capacity(CapacityError::TooManyHeaders | CapacityError::MessageTooLong { .. })
        | Error::AttackAttempt => HandshakeFailure::TooLarge,
        Error::ConnectionClosed | Error::AlreadyClosed => HandshakeFailure::Closed,
        Error::Protocol(error) => match error {
            P::HandshakeIncomplete => HandshakeFailure::Closed,
            P::WrongHttpVersion => HandshakeFailure::OldHttp,
            P::MissingUpgradeWebSocketHeader => HandshakeFailure::Header("Upgrade"),
            P::MissingConnectionUpgradeHeader => HandshakeFailure::Header("Connection"),
            P::SecWebSocketAcceptKeyMismatch => HandshakeFailure::Header("Sec-WebSocket-Accept"),
            P::SecWebSocketSubProtocolError(_) => HandshakeFailure::Subprotocol,
            _ => HandshakeFailure::NotHttp,
        },
        Error::Utf8(_) | Error::HttpFormat(_) => HandshakeFailure::NotHttp,
        Error::Url(_) => HandshakeFailure::Request,
        Error::Tls(_) | Error::WriteBufferFull(_) => HandshakeFailure::Closed,
    })
}

fn io_failure(error: &io::Error) -> ConnectError {
    let inner = error.get_ref();
    ConnectError::Handshake(if inner.is_some_and(|error| error.is::<SpeaksTls>()) {
        HandshakeFailure::SpeaksTls
    } else if inner.is_some_and(|error| error.is::<OverAllowance>()) {
        HandshakeFailure::TooLarge
    } else if let Some(failure) = TlsFailure::from_io(error) {
        return ConnectError::Tls(failure);
    } else if error.kind() == io::ErrorKind::UnexpectedEof {
        HandshakeFailure::Closed
    } else {
        HandshakeFailure::Lost(io_text(error))
    })
}

fn refusal(response: &Response, url: &ServerUrl) -> HttpRefusal {
    let header = |name: HeaderName| response.headers().get(name)?.to_str().ok();
    let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let target =
        header(LOCATION).filter(|_| is_redirect).and_then(|location| url.redirected(location));
    let now = header(DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    HttpRefusal {
        status: response.status().as_u16(),
        path: url.path().to_owned(),
        retry_after: header(RETRY_AFTER)
            .and_then(|value| retry_after(value, now.unwrap_or_else(wall_clock::now))),
        is_downgrade: url.is_secure() && target.as_ref().is_some_and(|to| !to.is_secure()),
        target: target.map(Box::new),
    }
}

/// The error of a client whose server answers an HTTP request with TLS.
#[derive(Debug)]
struct SpeaksTls;

impl fmt::Display for SpeaksTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server answered with TLS")
    }
}

impl std::error::Error for SpeaksTls {}

/// Checks the first bytes of an answer to an HTTP request. A TLS server answers with an alert,
/// whose record begins with its type and the major version of TLS (RFC 8446, 5.1).
pub(super) fn check_first_bytes(bytes: &[u8]) -> io::Result<()> {
    match bytes.starts_with(&[0x15, 0x03]) {
        true => Err(io::Error::new(io::ErrorKind::InvalidData, SpeaksTls)),
        false => Ok(()),
    }
}
