//! The page in a headless Chromium. The tests need a browser and the tools to build the page, so
//! `tests/web/run.sh` runs them.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]

mod browser;
mod devtools;
mod life_cycle;
mod server;
mod tab;

use std::{future::Future, time::Duration};

use tokio_tungstenite::{
    connect_async,
    tungstenite::{self, client::IntoClientRequest},
};

use crate::{
    browser::Browser,
    server::{PageVersion, Server},
    tab::{Tab, Viewport},
};

/// The time limit of a test, which may have to build the page first.
const TEST_TIMEOUT: Duration = Duration::from_secs(20 * 60);

const JOIN_ENABLED: &str = "!document.querySelector('#join').disabled";

#[tokio::test]
async fn tabs_reconnect_and_rejoin_after_server_restart() {
    with_timeout(async {
        let mut server = Server::start(PageVersion::Current, "127.0.0.1:0").await;
        let mut browser = Browser::start().await;
        let mut ada = browser.open(&server.url, Viewport::Desktop).await;
        let mut ben = browser.open(&server.url, Viewport::Phone).await;
        ada.wait_until("join is enabled", JOIN_ENABLED).await;
        ada.screenshot("join-desktop").await;
        ben.wait_until("join is enabled", JOIN_ENABLED).await;
        ben.screenshot("join-phone").await;

        join(&mut ada, "Ada").await;
        wait_until_connected(&mut ada).await;
        ada.wait_until("Ada is in the room", &has_line("note", "You are in room 1: Ada")).await;
        join(&mut ben, "Ben").await;
        ben.wait_until("both are members", &has_line("note", "You are in room 1: Ada, Ben")).await;

        send_line(&mut ada, "Hello, Ben!").await;
        ada.wait_until("line is delivered", &has_line("delivered", "Hello, Ben!")).await;
        ben.wait_until("line is received", &has_line("received", "Hello, Ben!")).await;
        let long_line =
            "Hello, Ada! This line is long enough to be wrapped on the display of a phone.";
        send_line(&mut ben, long_line).await;
        ada.wait_until("line is received", &has_line("received", "display of a phone")).await;
        ada.wait_until(
            "status shows a round-trip time",
            "/^[0-9.]+ ms$/.test(document.querySelector('#detail').textContent)",
        )
        .await;
        ada.screenshot("chat-desktop").await;
        ben.screenshot("chat-phone").await;

        server.kill().await;
        for tab in [&mut ada, &mut ben] {
            wait_until_disconnected(tab).await;
        }
        send_line(&mut ada, "Are you still there?").await;
        ben.type_into("#other-room", "7").await;
        ada.screenshot("disconnected-desktop").await;
        ben.screenshot("disconnected-phone").await;
        let server = Server::start(PageVersion::Current, &server.address).await;
        for tab in [&mut ada, &mut ben] {
            wait_until_connected(tab).await;
            tab.wait_until("room is joined again", &has_notes("You are in room 1", 2)).await;
        }
        let input_is_unchanged =
            "document.activeElement.id === 'other-room' && document.activeElement.value === '17'";
        ben.wait_until("room input keeps focus and value", input_is_unchanged).await;
        // The text that was entered without a connection is still in its field.
        ada.press_enter().await;
        ada.wait_until("line is delivered", &has_line("delivered", "still there?")).await;
        ben.wait_until("line is received", &has_line("received", "still there?")).await;

        let address = server.address.clone();
        server.interrupt().await;
        let shutdown = has_notes("Disconnected: the server is going away", 1);
        for tab in [&mut ada, &mut ben] {
            tab.wait_until("close reason is shown", &shutdown).await;
            wait_until_disconnected(tab).await;
        }
        let server = Server::start(PageVersion::Current, &address).await;
        for tab in [&mut ada, &mut ben] {
            wait_until_connected(tab).await;
            tab.wait_until("room is joined again", &has_notes("You are in room 1", 3)).await;
        }
        ben.click("#leave").await;
        ada.wait_until("departure is shown", &has_line("note", "Ben has left")).await;
        ada.screenshot("reconnected-desktop").await;
        for tab in [ada, ben] {
            tab.close().await;
        }
        browser.close().await;
        server.interrupt().await;
    })
    .await;
}

#[tokio::test]
async fn page_with_outdated_schema_is_refused_and_offers_a_reload() {
    with_timeout(async {
        let mut server = Server::start(PageVersion::Outdated, "127.0.0.1:0").await;
        let mut browser = Browser::start().await;
        let mut desktop = browser.open(&server.url, Viewport::Desktop).await;
        let mut phone = browser.open(&server.url, Viewport::Phone).await;
        for tab in [&mut desktop, &mut phone] {
            join(tab, "Cleo").await;
            tab.wait_until("status is refused", &has_text("#state", "Refused")).await;
            let title = has_text("#notice-title", "This page is out of date");
            tab.wait_until("notice has a title", &title).await;
            if cfg!(debug_assertions) {
                let change = has_text("#changes", "RoomId.0: here u16, on the server u32");
                tab.wait_until("notice has the difference", &change).await;
            }
            let reload_focused = "document.activeElement.id === 'reload'";
            tab.wait_until("reload has the focus", reload_focused).await;
        }
        desktop.screenshot("refused-desktop").await;
        phone.screenshot("refused-phone").await;

        server.kill().await;
        let server = Server::start(PageVersion::Current, &server.address).await;
        for mut tab in [desktop, phone] {
            tab.click("#reload").await;
            let notice_hidden = "document.querySelector('#notice').hidden";
            tab.wait_until("page is reloaded", notice_hidden).await;
            join(&mut tab, "Cleo").await;
            wait_until_connected(&mut tab).await;
            tab.close().await;
        }
        browser.close().await;
        server.interrupt().await;
    })
    .await;
}

#[tokio::test]
async fn disconnected_client_shows_the_close_reason() {
    with_timeout(async {
        let server = Server::start(PageVersion::Current, "127.0.0.1:0").await;
        let mut browser = Browser::start().await;
        let mut tab = browser.open(&server.url, Viewport::Narrow).await;
        tab.wait_until("join is enabled", JOIN_ENABLED).await;
        tab.screenshot("join-narrow").await;
        join(&mut tab, "   ").await;
        let title = has_text("#notice-title", "You were disconnected");
        tab.wait_until("notice has a title", &title).await;
        let reason =
            has_text("#notice-text", "The server's reason: a name has 1 to 32 characters.");
        tab.wait_until("notice has the reason", &reason).await;
        tab.screenshot("kicked-narrow").await;
        tab.click("#back").await;
        join(&mut tab, "Cleo").await;
        wait_until_connected(&mut tab).await;
        tab.wait_until("room is joined", &has_notes("You are in room 1", 1)).await;
        tab.screenshot("chat-narrow").await;
        tab.close().await;
        browser.close().await;
        server.interrupt().await;
    })
    .await;
}

#[tokio::test]
async fn upgrade_from_a_foreign_origin_is_refused() {
    with_timeout(async {
        let server = Server::start(PageVersion::Current, "127.0.0.1:0").await;
        let port = server.address.rsplit(':').next().expect("address with a port");
        for origin in [&format!("http://{}", server.address), &format!("http://localhost:{port}")] {
            assert_eq!(upgrade_status(&server, origin).await, 101, "{origin}");
        }
        for origin in ["http://example.org", "http://localhost:1", "null"] {
            assert_eq!(upgrade_status(&server, origin).await, 403, "{origin}");
        }
        server.interrupt().await;
    })
    .await;
}

/// Returns the HTTP status of an upgrade request with an origin.
async fn upgrade_status(server: &Server, origin: &str) -> u16 {
    let mut request =
        format!("ws://{}/chat", server.address).into_client_request().expect("valid URL");
    request.headers_mut().insert("Origin", origin.parse().expect("valid header"));
    match connect_async(request).await {
        Ok((_, response)) => response.status().as_u16(),
        Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
        Err(other) => panic!("{other}"),
    }
}

async fn with_timeout(test: impl Future<Output = ()>) {
    tokio::time::timeout(TEST_TIMEOUT, test).await.expect("the test exceeds its time limit");
}

/// Submits the join form.
async fn join(tab: &mut Tab, name: &str) {
    tab.wait_until("join is enabled", JOIN_ENABLED).await;
    tab.type_into("#name", name).await;
    tab.click("#join").await;
}

async fn wait_until_connected(tab: &mut Tab) {
    tab.wait_until("status is connected", &has_text("#state", "Connected")).await;
    tab.wait_until("send is enabled", "!document.querySelector('#send').disabled").await;
}

async fn wait_until_disconnected(tab: &mut Tab) {
    let is_connecting = "document.querySelector('#status').dataset.kind === 'connecting'";
    tab.wait_until("status is connecting", is_connecting).await;
    tab.wait_until("send is disabled", "document.querySelector('#send').disabled").await;
}

async fn send_line(tab: &mut Tab, text: &str) {
    tab.type_into("#text", text).await;
    tab.press_enter().await;
}

/// Returns the condition that an element has exactly a text.
fn has_text(selector: &str, text: &str) -> String {
    format!("document.querySelector({selector:?}).textContent === {text:?}")
}

/// Returns the condition that the log has a line of a class that contains a text.
fn has_line(class: &str, text: &str) -> String {
    format!(
        "[...document.querySelectorAll('#log .{class}')]
            .some(line => line.textContent.includes({text:?}))"
    )
}

/// Returns the condition that the log has exactly `count` notes that contain a text.
fn has_notes(text: &str, count: usize) -> String {
    format!(
        "[...document.querySelectorAll('#log .note')]
            .filter(note => note.textContent.includes({text:?})).length === {count}"
    )
}
