/// Nothing to set: the browser verifies servers by its own roots, and asks the person for a certificate.
#[derive(Debug, Default)]
pub(crate) struct SecuritySettings {}
