//! The sessions of a server, from the admission of a client to the release of its id.

mod duplicate_id;
mod fresh_tokens;
mod guard;
mod registry;
mod remote_client;
mod request_token;
mod shutdown;

pub use duplicate_id::DuplicateId;
pub(super) use guard::SessionGuard;
pub(super) use registry::Registry;
pub(crate) use remote_client::RemoteClient;
pub use request_token::{ReceivedRequest, RequestToken};
pub(super) use shutdown::SessionsEnded;
pub use shutdown::ShutdownReport;
