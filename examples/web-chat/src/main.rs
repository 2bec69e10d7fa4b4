//! The chat as a page: server, page and channel on one port.

mod page;
mod site;

use std::{error::Error, net::SocketAddr, process::ExitCode, time::Duration};

use chat::{console, event_loop, protocol::chat::Server, rooms::Rules};
use clap::Parser;
use simplenet::{AllowedOrigins, DuplicateId, OriginError, ServerConfig};
use tokio::{net::TcpListener, signal, time::timeout};

use crate::page::{BuiltPage, Edition};

/// Whatever ends the program early.
type Failure = Box<dyn Error + Send + Sync>;

/// A chat for browsers: serves the page and the chat behind it until Ctrl-C. Builds the page first.
#[derive(Parser)]
#[command(name = "web-chat", version)]
struct Options {
    /// Where to serve; port 0 takes a free one.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080")]
    addr: String,
    /// Where else people open the page, such as `https://chat.example.org` through a proxy. May be given several times.
    #[arg(long = "origin", value_name = "ORIGIN")]
    origins: Vec<String>,
    /// How many may be in a room.
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    places: usize,
    /// Serve the page as it was before the schema changed: what a tab shows that was left open meanwhile.
    #[arg(long)]
    outdated: bool,
}

/// The largest thing that anybody says, with room to spare.
const LARGEST_MESSAGE: usize = 16 * 1024;
/// How long clients may take to hear the last of it when the server shuts down.
const FAREWELL: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let options = Options::parse();
    let edition = if options.outdated { Edition::Outdated } else { Edition::Current };
    match page::build(edition).and_then(|page| serve(options, page)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::print_error(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(options: Options, page: BuiltPage) -> Result<(), Failure> {
    console::init_logging();
    let listener = TcpListener::bind(options.addr.as_str())
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", options.addr))?;
    let address = listener.local_addr()?;
    let config = ServerConfig {
        max_msg_size: LARGEST_MESSAGE,
        // Nobody proves an id here, so who knows another's ends their session. But nobody does: every page draws 128 random
        // bits and tells them to the server alone. Who has the same is the same, back from a connection that broke.
        duplicate_id: DuplicateId::TakeOver,
        allowed_origins: origins(address, options.origins)?,
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
        handle.shutdown(FAREWELL).await;
    });
    let serving = tokio::spawn(serving.into_future());

    let rules = Rules { room_capacity: options.places, bans: Vec::new(), banned_until: 0 };
    event_loop::run(server, rules).await?;
    // Whoever is still loading the page then has to do without.
    if let Ok(served) = timeout(FAREWELL, serving).await {
        served??;
    }
    Ok(())
}

/// Where this page is opened, and no other page: whatever somebody visits could chat from their browser otherwise.
fn origins(address: SocketAddr, others: Vec<String>) -> Result<AllowedOrigins, OriginError> {
    let port = address.port();
    let mut origins = others;
    origins.extend([
        format!("http://{address}"),
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
    ]);
    AllowedOrigins::only(origins)
}
