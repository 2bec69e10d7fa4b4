//! The URLs of servers: the rules for the URL of a client, and the URL of a listening server.

#[cfg(feature = "client")]
mod client;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
mod listening;
#[cfg(feature = "client")]
mod parse;
#[cfg(all(feature = "client", not(target_arch = "wasm32")))]
mod request;
#[cfg(all(test, feature = "client"))]
pub(crate) mod tests;
#[cfg(all(feature = "client", target_arch = "wasm32"))]
mod web_url;
#[cfg(any(feature = "client", not(target_arch = "wasm32")))]
mod zone;

#[cfg(feature = "client")]
pub(crate) use client::ServerUrl;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub(crate) use listening::url_of_listener;
#[cfg(feature = "client")]
pub(crate) use parse::UrlError;
#[cfg(all(feature = "client", not(target_arch = "wasm32")))]
use url::Url;
#[cfg(all(feature = "client", target_arch = "wasm32"))]
use web_url::Url;
