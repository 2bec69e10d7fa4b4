//! The command that serves the chat.

use std::time::Duration;

use chat::{
    console, host,
    protocol::{chat::Server, now},
    rooms::{Ban, Rules},
};
use clap::Args;
use simplenet::ServerConfig;
use tokio::signal;

use crate::Outcome;

#[derive(Args)]
pub(crate) struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:9000")]
    addr: String,
    /// How many may be in a room.
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    places: usize,
    /// Keep a name out of a room for an hour; may be given several times.
    #[arg(long = "ban", value_name = "ROOM:NAME")]
    bans: Vec<Ban>,
}

/// How long the bans last.
const BAN: Duration = Duration::from_secs(60 * 60);
/// How long clients may take to hear the last of it when the server shuts down.
const FAREWELL: Duration = Duration::from_secs(5);

/// Serves the chat until Ctrl-C.
pub(crate) async fn run(options: Options) -> Outcome {
    console::log();

    // Whoever may connect here may know the schema too, so a client that differs is told where.
    let config = ServerConfig { explain_mismatch: true, ..Default::default() };
    let server = Server::builder().config(config).bind(options.addr.as_str())?;
    console::line(format_args!("listening on {}", server.url()))?;

    // Beside the loop: requests that have come in are still answered while the server shuts down.
    let handle = server.handle();
    tokio::spawn(async move {
        if signal::ctrl_c().await.is_ok() {
            handle.shutdown(FAREWELL).await;
        }
    });

    let banned_until = now().saturating_add(BAN.as_secs());
    let rules = Rules { places: options.places, bans: options.bans, banned_until };
    host::serve(server, rules).await?;
    Ok(())
}
