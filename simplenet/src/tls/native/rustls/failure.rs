use tokio_rustls::rustls::{AlertDescription, CertificateError, Error};

use crate::{text::printable, tls::TlsFailure};

impl From<&Error> for TlsFailure {
    fn from(error: &Error) -> Self {
        match error {
            Error::InvalidCertificate(error) => error.into(),
            Error::AlertReceived(alert) => alert_failure(*alert),
            Error::InvalidMessage(_) => Self::NotTls,
            Error::NoCertificatesPresented => Self::CertificateRequired,
            Error::PeerIncompatible(_) | Error::NoApplicationProtocol => {
                Self::Incompatible(bounded_text(error))
            }
            error => Self::Other(bounded_text(error)),
        }
    }
}

impl From<&CertificateError> for TlsFailure {
    fn from(error: &CertificateError) -> Self {
        use CertificateError as E;
        match error {
            E::UnknownIssuer => Self::UnknownIssuer,
            E::NotValidForName | E::NotValidForNameContext { .. } => {
                Self::WrongName(bounded_text(error))
            }
            E::Expired | E::ExpiredContext { .. } => Self::Expired,
            E::NotValidYet | E::NotValidYetContext { .. } => Self::NotValidYet,
            error => Self::InvalidCertificate(bounded_text(error)),
        }
    }
}

/// Returns the error's text, bounded because it can quote names in the peer's certificate.
fn bounded_text(error: &impl ToString) -> String {
    const MAX_BYTES: usize = 512;
    printable(&error.to_string(), MAX_BYTES)
}

/// Returns the failure that the peer's alert reports.
fn alert_failure(alert: AlertDescription) -> TlsFailure {
    use AlertDescription as A;
    let name = format!("{alert:?}");
    match alert {
        A::CertificateRequired | A::NoCertificate => TlsFailure::CertificateRequired,
        A::BadCertificate
        | A::UnsupportedCertificate
        | A::CertificateRevoked
        | A::CertificateExpired
        | A::CertificateUnknown
        | A::UnknownCA
        | A::AccessDenied => TlsFailure::CertificateRefused(name),
        A::ProtocolVersion
        | A::HandshakeFailure
        | A::InsufficientSecurity
        | A::NoApplicationProtocol => TlsFailure::Incompatible(name),
        _ => TlsFailure::Other(format!("peer ended TLS with the alert {name}")),
    }
}
