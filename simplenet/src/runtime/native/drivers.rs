//! The check of a runtime's drivers.

use std::{
    cell::Cell,
    io,
    net::{Ipv4Addr, UdpSocket},
    panic::catch_unwind,
    time::Duration,
};

use tokio::runtime::{Handle, Id};

use super::Needs;

thread_local! {
    /// The last runtime that passed the check on this thread. A program creates most of its clients
    /// in one runtime, and the check costs as much as a small part of a connect.
    static CHECKED: Cell<Option<(Id, Needs)>> = const { Cell::new(None) };
}

/// Checks that the runtime has the drivers that a server or client needs.
///
/// If a driver is missing, tokio only tells by a panic, which this function catches. The panic hook
/// of the program still prints it.
pub(super) fn check(runtime: &Handle, needs: Needs) -> io::Result<()> {
    let checked = Some((runtime.id(), needs));
    if CHECKED.get() == checked {
        return Ok(());
    }
    check_each(runtime, needs)?;
    CHECKED.set(checked);
    Ok(())
}

fn check_each(runtime: &Handle, needs: Needs) -> io::Result<()> {
    let _guard = runtime.enter();
    if catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))).is_err() {
        return Err(missing("timers"));
    }
    if needs == Needs::TimersAndSockets
        && let Ok(socket) = socket()
        && catch_unwind(|| drop(tokio::net::UdpSocket::from_std(socket))).is_err()
    {
        return Err(missing("IO driver"));
    }
    Ok(())
}

/// Returns a socket that can be registered. It sends and receives nothing.
fn socket() -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

fn missing(driver: &str) -> io::Error {
    let text = format!(
        "it has no {driver}: call `enable_all()` on its builder, or choose another \
         runtime by `runtime(handle)`"
    );
    io::Error::new(io::ErrorKind::Unsupported, text)
}
