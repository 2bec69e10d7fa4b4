use std::fmt;

use serde::{Deserialize, Serialize};

/// The environment that a client runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EnvType {
    /// A native program, with the sockets of the operating system.
    Native,
    /// A page or worker in a browser.
    Web,
}

impl EnvType {
    /// Returns the environment that this program was built for.
    pub const fn current() -> Self {
        if cfg!(target_arch = "wasm32") { Self::Web } else { Self::Native }
    }
}

impl fmt::Display for EnvType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Native => "native",
            Self::Web => "web",
        })
    }
}
