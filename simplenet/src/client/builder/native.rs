//! The settings that browsers do not have.

#[cfg(feature = "tls-rustls")]
use std::sync::Arc;

use tokio::runtime::Handle;
#[cfg(feature = "tls-rustls")]
use tokio_rustls::rustls;

use super::ClientBuilder;
#[cfg(feature = "tls-rustls")]
use crate::tls::{ClientTls, SecuritySettings};
use crate::{
    channel::ChannelPack, client::handle::Client, net::Dial, runtime::Needs,
    transport::WebSocketConnector,
};

impl<C: ChannelPack> ClientBuilder<C> {
    /// Sets the tokio runtime of the client's task. Default: the runtime in which
    /// [`connect`](Self::connect) is called. If there is none, simplenet starts a runtime in the
    /// background, with two threads.
    ///
    /// The client works only while the runtime runs its tasks. A runtime of
    /// `Builder::new_current_thread` runs them only during `block_on`. If nothing has run the
    /// client's task within a second, simplenet logs a warning. The runtime needs
    /// `Builder::enable_all`: without timers or an IO driver, the client is dead with
    /// [`DeathReason::Settings`](crate::DeathReason::Settings).
    pub fn runtime(mut self, handle: Handle) -> Self {
        self.runtime = Some(handle.into());
        self
    }

    /// Sets how `wss://` servers are verified, and the client's own certificate. Default:
    /// [`ClientTls::new`], which trusts the root certificates of the platform.
    #[cfg(feature = "tls-rustls")]
    pub fn tls(mut self, tls: ClientTls) -> Self {
        self.connector.security = SecuritySettings::Tls(tls);
        self
    }

    /// Sets a complete configuration of rustls for `wss://`, which is used unchanged.
    #[cfg(feature = "tls-rustls")]
    pub fn tls_config(mut self, config: Arc<rustls::ClientConfig>) -> Self {
        self.connector.security = SecuritySettings::Config(config);
        self
    }

    /// Follows at most `most` HTTP redirects per attempt to connect. Default: 0, so that an attempt
    /// fails with [`ConnectError::Http`](crate::ConnectError::Http), which names the target.
    ///
    /// The client follows the statuses 301, 302, 303, 307 and 308. It does not follow a redirect
    /// from `wss://` to `ws://`, or to a URL with a user name or password. Each server on the way
    /// receives the HTTP request alone. Only the last server, which upgrades the connection,
    /// receives the hello with the client's credentials. So an earlier server chooses the server
    /// that receives the credentials. A later attempt begins at the client's URL again.
    pub fn follow_redirects(mut self, most: u8) -> Self {
        self.connector.max_redirects = most;
        self
    }

    /// Connects like [`ClientBuilder::connect`], over byte streams that `dial` opens, for example
    /// in a simulated network.
    #[doc(hidden)]
    pub fn connect_with<D: Dial>(self, dial: D, message: C::ConnectMsg) -> Client<C> {
        self.connect_by(
            Needs::Timers,
            |url, settings| WebSocketConnector::dialled_by(dial, url, settings),
            message,
        )
    }
}
