//! The executor of tasks: tokio, or the event loop of a browser.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(not(target_arch = "wasm32"))]
use native as platform;
#[cfg(target_arch = "wasm32")]
use web as platform;

pub(crate) use platform::Runtime;
#[cfg(feature = "client")]
pub(crate) use platform::{Alarm, BoxFuture, MaybeSend, WakeEvents};

/// The parts of a runtime that a server or client needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    #[cfg_attr(
        all(target_arch = "wasm32", not(feature = "server")),
        expect(dead_code, reason = "a page without a server has no memory connections")
    )]
    Timers,
    TimersAndSockets,
}
