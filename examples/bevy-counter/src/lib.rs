//! A button that everyone can press: the channel, and the rules of both sides.

#![expect(elided_lifetimes_in_paths, reason = "systems omit the lifetimes of their parameters")]

pub mod client;
#[cfg(not(target_arch = "wasm32"))]
pub mod server;
#[cfg(feature = "window")]
pub mod window;

/// The channel of the counter.
#[simplenet::channel]
pub mod counter {
    /// Presses the button, if it is free.
    #[client_message]
    pub struct Press;

    /// Releases the button.
    #[client_message]
    pub struct Release;

    /// The state of the button, after every change and for every new client.
    #[server_message]
    pub struct Button {
        /// The id of the client that holds the button.
        pub holder: Option<u128>,
        /// The number of presses since the start of the server.
        pub presses: u32,
    }
}
