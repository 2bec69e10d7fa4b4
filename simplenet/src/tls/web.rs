/// No settings: the browser verifies servers with its own roots, and prompts for client
/// certificates.
#[cfg(feature = "client")]
#[derive(Debug, Default)]
pub(crate) struct SecuritySettings {}

/// No settings: a page accepts no connections from outside.
#[cfg(feature = "server")]
#[derive(Debug, Default)]
pub(crate) struct AcceptorConfig {}
