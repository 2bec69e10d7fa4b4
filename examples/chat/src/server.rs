//! The command `server`.

use std::time::Duration;

use chat::{
    console, event_loop,
    protocol::{chat::Server, now},
    rooms::{Ban, Rules},
};
use clap::Args;
use simplenet::ServerConfig;
use tokio::signal;

use crate::BoxError;

#[derive(Args)]
pub(crate) struct Options {
    /// The address to listen on. Port 0 selects a free port.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:9000")]
    addr: String,
    /// The maximum number of members of a room.
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    room_capacity: usize,
    /// Ban a name from a room for an hour. May be given several times.
    #[arg(long = "ban", value_name = "ROOM:NAME")]
    bans: Vec<Ban>,
}

const BAN_DURATION: Duration = Duration::from_secs(60 * 60);
/// The time limit of a shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs the server until Ctrl-C.
pub(crate) async fn run(options: Options) -> Result<(), BoxError> {
    console::init_logging();

    // The schema is public, so a refusal may name the differences between the schemas.
    let config = ServerConfig { explain_mismatch: true, ..Default::default() };
    let server = Server::builder().config(config).bind(options.addr.as_str())?;
    console::print_line(format_args!("listening on {}", server.url()))?;

    // A separate task, because the event loop answers the open requests during the shutdown.
    let handle = server.handle();
    tokio::spawn(async move {
        if signal::ctrl_c().await.is_ok() {
            handle.shutdown(SHUTDOWN_TIMEOUT).await;
        }
    });

    let rules = Rules {
        room_capacity: options.room_capacity,
        bans: options.bans,
        banned_until: now().saturating_add(BAN_DURATION.as_secs()),
    };
    event_loop::run(server, rules).await?;
    Ok(())
}
