//! Connecting to one of several addresses, as RFC 8305 recommends ("Happy Eyeballs").

mod order;

use std::{future::pending, io, net::SocketAddr};

use futures_util::stream::{FuturesUnordered, StreamExt};

use self::order::Order;
use super::Dial;
use crate::time::{self, Timer};

/// Opens a stream to one of the addresses. The first attempt that succeeds ends all others.
///
/// The error contains the reason for each address.
pub(crate) async fn race<D: Dial>(dial: &D, addresses: Vec<SocketAddr>) -> io::Result<D::Stream> {
    let mut order = Order::new(addresses);
    let mut attempts = FuturesUnordered::new();
    loop {
        if let Some(address) = order.start(time::now()) {
            attempts.push(async move { (address, dial.open(address).await) });
            continue;
        }
        if attempts.is_empty() {
            return Err(order.into_error());
        }
        let next_start = async {
            match order.next_start() {
                Some(at) => Timer::at(at).await,
                None => pending().await,
            }
        };
        tokio::select! {
            biased;
            Some((address, opened)) = attempts.next() => match opened {
                Ok(stream) => return Ok(stream),
                Err(error) => order.failed(address, &error, time::now()),
            },
            () = next_start => {}
        }
    }
}

#[cfg(test)]
mod tests;
