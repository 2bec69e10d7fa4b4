//! The conversion of the errors of rustls to [`TlsFailure`].

use tokio_rustls::rustls::{AlertDescription, CertificateError, Error};

use super::certificate_words::certificate_words;
use crate::{text::printable, tls::TlsFailure};

impl From<&Error> for TlsFailure {
    fn from(error: &Error) -> Self {
        match error {
            Error::InvalidCertificate(error) => error.into(),
            Error::AlertReceived(alert) => alert_failure(*alert),
            Error::InvalidMessage(_) => Self::NotTls,
            Error::NoCertificatesPresented => Self::CertificateRequired,
            Error::NoApplicationProtocol => Self::Incompatible(NO_PROTOCOL.to_owned()),
            Error::PeerIncompatible(_) => Self::Incompatible(
                "it supports neither TLS 1.2 nor TLS 1.3 with a common cipher suite".to_owned(),
            ),
            Error::PeerMisbehaved(_) | Error::PeerSentOversizedRecord => {
                Self::Other("the peer violates the rules of TLS".to_owned())
            }
            Error::DecryptError => Self::Other("the peer's data cannot be decrypted".to_owned()),
            Error::FailedToGetCurrentTime => {
                Self::Other("the clock of this machine cannot be read".to_owned())
            }
            Error::FailedToGetRandomBytes => {
                Self::Other("this machine provides no random bytes".to_owned())
            }
            Error::General(text) => Self::Other(bounded(text)),
            _ => Self::Other("the TLS library failed".to_owned()),
        }
    }
}

const NO_PROTOCOL: &str = "it does not support the application protocol `http/1.1`";

impl From<&CertificateError> for TlsFailure {
    fn from(error: &CertificateError) -> Self {
        use CertificateError as E;
        match error {
            E::UnknownIssuer => Self::UnknownIssuer,
            E::NotValidForName => Self::WrongName("it is for another name".to_owned()),
            E::NotValidForNameContext { expected, presented } => {
                Self::WrongName(wrong_name(&expected.to_str(), presented))
            }
            E::Expired | E::ExpiredContext { .. } => Self::Expired,
            E::NotValidYet | E::NotValidYetContext { .. } => Self::NotValidYet,
            error if is_authority(error) => Self::AuthorityCertificate,
            error => Self::InvalidCertificate(certificate_words(error)),
        }
    }
}

/// Returns true if a peer presented the certificate of an authority as its own.
fn is_authority(error: &CertificateError) -> bool {
    let CertificateError::Other(error) = error else { return false };
    matches!(error.0.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
}

/// Returns the expected name and those of the certificate. webpki formats the latter with their
/// type, such as `DnsName("example.org")`.
fn wrong_name(expected: &str, presented: &[String]) -> String {
    const MAX_LISTED: usize = 8;
    if presented.is_empty() {
        return format!("`{expected}` is expected, and it contains no name (`subjectAltName`)");
    }
    let names = presented.iter().take(MAX_LISTED).map(|name| {
        let name = name.split_once('(').map_or(&**name, |(_, name)| name);
        format!("`{}`", name.trim_end_matches(')').trim_matches('"'))
    });
    let mut names = names.collect::<Vec<_>>().join(", ");
    if let Some(more @ 1..) = presented.len().checked_sub(MAX_LISTED) {
        names += &format!(" and {more} more");
    }
    bounded(&format!("`{expected}` is expected, and it is for {names}"))
}

/// Returns a text that may quote names in the peer's certificate.
fn bounded(text: &str) -> String {
    const MAX_BYTES: usize = 512;
    printable(text, MAX_BYTES)
}

/// Returns the failure that the peer's alert reports.
fn alert_failure(alert: AlertDescription) -> TlsFailure {
    use AlertDescription as A;
    let refused = |reason: &str| TlsFailure::CertificateRefused(reason.to_owned());
    let incompatible = |reason: &str| TlsFailure::Incompatible(reason.to_owned());
    let other = |reason: &str| TlsFailure::Other(format!("the peer ended TLS: {reason}"));
    match alert {
        A::CertificateRequired | A::NoCertificate => TlsFailure::CertificateRequired,
        A::UnknownCA => refused("it does not trust the authority that issued it"),
        A::CertificateExpired => refused("it has expired, or is not valid yet"),
        A::CertificateRevoked => refused("it is revoked"),
        A::BadCertificate => refused("it is invalid"),
        A::UnsupportedCertificate => refused("it has an unsupported kind or purpose"),
        A::CertificateUnknown | A::AccessDenied => refused("it gives no reason"),
        A::ProtocolVersion => incompatible("it supports neither TLS 1.2 nor TLS 1.3"),
        A::HandshakeFailure | A::InsufficientSecurity => {
            incompatible("it supports no common cipher suite or signature")
        }
        A::NoApplicationProtocol => incompatible(NO_PROTOCOL),
        A::UnrecognisedName => other("it has no certificate for this host: check the URL"),
        A::InternalError => other("it has an internal error"),
        A::CloseNotify | A::UserCanceled => other("it has cancelled the handshake"),
        A::DecodeError | A::UnexpectedMessage | A::IllegalParameter | A::RecordOverflow => {
            other("it did not understand this side")
        }
        alert => other(&format!("alert {} of TLS", u8::from(alert))),
    }
}
