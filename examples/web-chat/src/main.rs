//! The chat as a web page. One port serves the page and the channel.

mod page;
mod site;

use std::{error::Error, net::SocketAddr, process::ExitCode, time::Duration};

use chat::{console, event_loop, protocol::chat::Server, rooms::Rules};
use clap::Parser;
use simplenet::{AllowedOrigins, DuplicateId, OriginError, ServerConfig};
use tokio::{net::TcpListener, signal, time::timeout};

use crate::page::{BuiltPage, PageVersion};

/// An error that ends the program.
type BoxError = Box<dyn Error + Send + Sync>;

/// Builds the page of the chat, and serves page and chat until Ctrl-C.
#[derive(Parser)]
#[command(name = "web-chat", version)]
struct Options {
    /// The address to listen on. Port 0 selects a free port.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080")]
    addr: String,
    /// Another origin of the page, such as `https://chat.example.org` behind a proxy. May be given
    /// several times.
    #[arg(long = "origin", value_name = "ORIGIN")]
    origins: Vec<String>,
    /// The maximum number of members of a room.
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    room_capacity: usize,
    /// Serve a page with an older schema, as in a tab that was opened before an update.
    #[arg(long)]
    outdated: bool,
}

/// The maximum size of a message. The page limits a line to 2,000 UTF-16 units, so to 6,000 bytes.
const MAX_MESSAGE_SIZE: usize = 16 * 1024;
/// The time limit of a shutdown: for the chat, then for open HTTP requests.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let options = Options::parse();
    let version = if options.outdated { PageVersion::Outdated } else { PageVersion::Current };
    match page::build(version).and_then(|page| serve(options, page)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::print_error(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(options: Options, page: BuiltPage) -> Result<(), BoxError> {
    console::init_logging();
    let listener = TcpListener::bind(options.addr.as_str())
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", options.addr))?;
    let address = listener.local_addr()?;
    let config = ServerConfig {
        max_msg_size: MAX_MESSAGE_SIZE,
        // A second connection with the same id is a reconnect of the same page. Ids are not
        // authenticated, but they have 128 random bits, and only the server and the page know them.
        duplicate_id: DuplicateId::TakeOver,
        allowed_origins: allowed_origins(address, options.origins)?,
        ..ServerConfig::default()
    };
    let (server, chat) = Server::builder().config(config).bind_axum()?;
    let app = site::router(page).route("/chat", chat);
    console::print_line(format_args!("open http://{address}/"))?;

    let handle = server.handle();
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        handle.shutdown(SHUTDOWN_TIMEOUT).await;
    });
    let serving = tokio::spawn(serving.into_future());

    let rules = Rules { room_capacity: options.room_capacity, bans: Vec::new(), banned_until: 0 };
    event_loop::run(server, rules).await?;
    // At the time limit, unfinished downloads of the page are aborted.
    if let Ok(served) = timeout(SHUTDOWN_TIMEOUT, serving).await {
        served??;
    }
    Ok(())
}

/// Returns the origins of this page. The server refuses the channel to pages of other origins.
fn allowed_origins(
    address: SocketAddr,
    others: Vec<String>,
) -> Result<AllowedOrigins, OriginError> {
    let port = address.port();
    let mut origins = others;
    origins.extend([
        format!("http://{address}"),
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
    ]);
    AllowedOrigins::only(origins)
}
