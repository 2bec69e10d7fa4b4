//! The shared helpers of the browser tests.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed precondition fails the test at its line"
)]

use std::{future::Future, pin::pin, time::Duration};

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use simplenet::{
    AuthRequest, ClientBuilder, ClientConfig, ClientId, ClientReport, ClientState, Url,
};

/// The channel between the pages and their servers.
#[simplenet::channel(schema = "../schemas/page.ron")]
pub mod page {}

/// The deadline of every wait, long enough for a busy machine.
const DEADLINE: Duration = Duration::from_secs(20);

/// Returns the URL of the server with this name. `run.sh` starts the servers and passes their URLs.
pub fn server(name: &str) -> Url {
    let servers = option_env!("SIMPLENET_TEST_SERVERS").unwrap_or_default();
    let url = servers
        .split(' ')
        .filter_map(|server| server.split_once('='))
        .find(|(known_name, _)| *known_name == name)
        .map(|(_, url)| url.parse());
    url.expect("a server with this name, from tests/web/run.sh").expect("a URL")
}

/// Returns an id that no other test uses.
pub fn fresh_id() -> ClientId {
    let random = || u128::from((js_sys::Math::random() * f64::from(u32::MAX)) as u32);
    ClientId::new(random() << 64 | random() << 32 | random())
}

/// Returns the builder of a client that reconnects quickly.
pub fn client(server_name: &str) -> ClientBuilder<page::Page> {
    client_with(server_name, ClientConfig::default())
}

/// Like [`client`], with a configuration.
pub fn client_with(server_name: &str, config: ClientConfig) -> ClientBuilder<page::Page> {
    let config = ClientConfig { reconnect_interval: Duration::from_millis(50), ..config };
    page::Client::builder(server(server_name))
        .auth(AuthRequest::None { client_id: fresh_id() })
        .config(config)
}

/// Returns the connect message of the clients.
pub fn hello() -> page::Hello {
    page::Hello { name: "a page".into() }
}

/// Connects a client, and receives its `Connected`.
pub async fn connected(builder: ClientBuilder<page::Page>) -> page::Client {
    let mut client = builder.connect(hello());
    receive_connected(&mut client).await;
    client
}

/// Receives the client's `Connected`.
pub async fn receive_connected(client: &mut page::Client) {
    match event(client).await {
        page::ClientEvent::Report(ClientReport::Connected) => {}
        other => panic!("expected Connected, got {other:?}"),
    }
}

/// Receives the client's next event, except the reports of failed attempts to connect.
pub async fn event(client: &mut page::Client) -> page::ClientEvent {
    loop {
        match soon("an event", client.recv()).await.expect("the client continues") {
            page::ClientEvent::Report(ClientReport::Retrying { .. }) => {}
            event => return event,
        }
    }
}

/// Receives the client's next event, which must be `expected`.
pub async fn expect(client: &mut page::Client, expected: page::ClientEvent) {
    assert_eq!(format!("{:?}", event(client).await), format!("{expected:?}"));
}

/// Receives the client's next event, which must be a report.
pub async fn report(client: &mut page::Client) -> ClientReport {
    match event(client).await {
        page::ClientEvent::Report(report) => report,
        other => panic!("expected a report, got {other:?}"),
    }
}

/// Waits for a state of the client without receiving events.
pub async fn state(
    client: &page::Client,
    description: &str,
    mut condition: impl FnMut(&ClientState) -> bool,
) -> ClientState {
    until(description, || condition(&client.state())).await;
    client.state()
}

/// Waits until the condition holds.
pub async fn until(description: &str, mut condition: impl FnMut() -> bool) {
    soon(description, async {
        while !condition() {
            TimeoutFuture::new(1).await;
        }
    })
    .await;
}

/// Returns the output of the future. Panics after the deadline.
pub async fn soon<F: Future>(description: &str, future: F) -> F::Output {
    match within(DEADLINE, future).await {
        Some(output) => output,
        None => panic!("not within {DEADLINE:?}: {description}"),
    }
}

/// Returns the output of the future if it completes in time.
pub async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    let limit = TimeoutFuture::new(u32::try_from(limit.as_millis()).expect("a short time"));
    match select(pin!(future), limit).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}

/// Blocks the thread of the page.
pub fn keep_busy(time: Duration) {
    let end = milliseconds() + time.as_millis() as f64;
    while milliseconds() < end {}
}

/// Returns the time of the page's monotonic clock in milliseconds.
pub fn milliseconds() -> f64 {
    let window = web_sys::window().expect("a page");
    window.performance().expect("a clock").now()
}

/// Dispatches the event that the browser is online again.
pub fn go_online() {
    dispatch_to_window("online");
}

/// Dispatches the event that the page is restored from the back/forward cache.
pub fn be_restored() {
    dispatch_to_window("pageshow");
}

/// Dispatches the event that the page runs again after it was frozen.
pub fn resume() {
    let resume = web_sys::Event::new("resume").expect("an event");
    let document = web_sys::window().and_then(|window| window.document()).expect("a page");
    document.dispatch_event(&resume).expect("an event that is dispatched");
}

fn dispatch_to_window(event: &str) {
    let event = web_sys::Event::new(event).expect("an event");
    let window = web_sys::window().expect("a page");
    window.dispatch_event(&event).expect("an event that is dispatched");
}

/// Dispatches the event that the page is hidden.
pub fn become_hidden() {
    change_visibility("hidden");
}

/// Dispatches the event that the page is visible again.
pub fn become_visible() {
    change_visibility("visible");
}

/// Overrides the visibility state, because the page is always visible in this test.
fn change_visibility(state: &str) {
    let event = web_sys::Event::new("visibilitychange").expect("an event");
    let document = web_sys::window().and_then(|window| window.document()).expect("a page");
    let property = js_sys::Object::new();
    for (key, value) in [("value", state.into()), ("configurable", true.into())] {
        js_sys::Reflect::set(&property, &key.into(), &value).expect("a plain object");
    }
    js_sys::Object::define_property(&document, &"visibilityState".into(), &property);
    document.dispatch_event(&event).expect("an event that is dispatched");
}
