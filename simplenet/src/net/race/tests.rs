use std::{future::pending, net::SocketAddr, time::Duration};

use tokio::{
    io::DuplexStream,
    time::{Instant, sleep},
};

use super::*;

/// The behaviour of an address, in milliseconds.
#[derive(Clone, Copy, Debug)]
enum Path {
    Opens(u64),
    Refuses(u64),
    Silent,
}

/// A dialer in virtual time. The port of an address is its index.
struct Paths(Vec<Path>);

impl Dial for Paths {
    type Stream = DuplexStream;

    async fn look_up(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(self.addresses())
    }

    async fn open(&self, address: SocketAddr) -> io::Result<DuplexStream> {
        match self.0[usize::from(address.port())] {
            Path::Opens(after) => {
                sleep(Duration::from_millis(after)).await;
                Ok(tokio::io::duplex(1).0)
            }
            Path::Refuses(after) => {
                sleep(Duration::from_millis(after)).await;
                Err(io::ErrorKind::ConnectionRefused.into())
            }
            Path::Silent => pending().await,
        }
    }
}

impl Paths {
    fn addresses(&self) -> Vec<SocketAddr> {
        (0..self.0.len()).map(|index| SocketAddr::from(([10, 0, 0, 1], index as u16))).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn first_address_that_connects_ends_the_race_in_time() {
    use Path::{Opens, Refuses, Silent};
    for (paths, expected) in [
        (vec![Opens(40)], Ok(40)),
        (vec![Opens(40), Opens(1)], Ok(40)),
        (vec![Opens(400), Opens(10)], Ok(260)),
        (vec![Silent, Opens(40)], Ok(290)),
        (vec![Silent, Silent, Opens(40)], Ok(540)),
        (vec![Refuses(10), Opens(40)], Ok(50)),
        (vec![Silent, Refuses(10), Opens(40)], Ok(300)),
        (vec![Refuses(0), Refuses(0), Refuses(0), Opens(5)], Ok(5)),
        (vec![Refuses(300), Opens(500)], Ok(750)),
        (vec![Refuses(10)], Err(10)),
        (vec![Refuses(300), Refuses(300)], Err(550)),
        (vec![Refuses(10), Refuses(10), Refuses(10)], Err(30)),
        (vec![], Err(0)),
    ] {
        let began = Instant::now();
        let paths = Paths(paths);
        let result = race(&paths, paths.addresses()).await;
        let took = began.elapsed().as_millis() as u64;
        println!(
            "{:?}: {} after {took} ms",
            paths.0,
            if result.is_ok() { "open" } else { "error" }
        );
        assert_eq!(result.map(|_| took).map_err(|_| took), expected, "{:?}", paths.0);
    }
}
