/// Nothing to set: the browser verifies servers by its own roots, and asks the person for a certificate.
#[cfg(feature = "client")]
#[derive(Debug, Default)]
pub(crate) struct SecuritySettings {}

/// Nothing to set: nobody can connect to a page from outside.
#[cfg(feature = "server")]
#[derive(Debug, Default)]
pub(crate) struct AcceptorConfig {}
