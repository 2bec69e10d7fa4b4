use tokio_rustls::rustls::{AlertDescription, CertificateError, Error};

use crate::{text::printable, tls::TlsFailure};

impl From<&Error> for TlsFailure {
    fn from(error: &Error) -> Self {
        match error {
            Error::InvalidCertificate(error) => error.into(),
            Error::AlertReceived(alert) => told(*alert),
            Error::InvalidMessage(_) => Self::NotTls,
            Error::NoCertificatesPresented => Self::CertificateRequired,
            Error::PeerIncompatible(_) | Error::NoApplicationProtocol => {
                Self::Incompatible(said(error))
            }
            error => Self::Other(said(error)),
        }
    }
}

impl From<&CertificateError> for TlsFailure {
    fn from(error: &CertificateError) -> Self {
        use CertificateError as E;
        match error {
            E::UnknownIssuer => Self::UnknownIssuer,
            E::NotValidForName | E::NotValidForNameContext { .. } => Self::WrongName(said(error)),
            E::Expired | E::ExpiredContext { .. } => Self::Expired,
            E::NotValidYet | E::NotValidYetContext { .. } => Self::NotValidYet,
            error => Self::InvalidCertificate(said(error)),
        }
    }
}

/// Some of it is from the other side's certificate, which may hold names without end.
fn said(error: &impl ToString) -> String {
    const MAX_BYTES: usize = 512;
    printable(&error.to_string(), MAX_BYTES)
}

/// What the other side says is wrong.
fn told(alert: AlertDescription) -> TlsFailure {
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
        _ => TlsFailure::Other(format!("the other side ended TLS: {name}")),
    }
}
