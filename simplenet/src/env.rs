use serde::{Deserialize, Serialize};

/// Where a client runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EnvType {
    /// A program with the operating system's own sockets.
    Native,
    /// A page or worker in a browser.
    Web,
}

impl EnvType {
    /// The environment that this program was built for.
    pub const fn current() -> Self {
        if cfg!(target_arch = "wasm32") { Self::Web } else { Self::Native }
    }
}
