//! The executor of tasks: tokio, or the event loop of a browser.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(not(target_arch = "wasm32"))]
use native as platform;
#[cfg(target_arch = "wasm32")]
use web as platform;

pub(crate) use platform::{Alarm, Runtime};
#[cfg(feature = "client")]
pub(crate) use platform::{BoxFuture, MaybeSend, WakeEvents};

/// The parts of a runtime that a server or client needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    Timers,
    TimersAndSockets,
}
