//! The page as people see it, in a headless Chromium. Run by name, because it takes a browser and the page's build:
//! `tests/web/run.sh` sees to both.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails where it stands"
)]

mod browser;
mod devtools;
mod server;
mod tab;

use std::{future::Future, time::Duration};

use tokio_tungstenite::{
    connect_async,
    tungstenite::{self, client::IntoClientRequest},
};

use crate::{
    browser::Browser,
    server::{Edition, Server},
    tab::{Look, Tab},
};

/// Comes in by the entrance.
async fn enter(tab: &mut Tab, name: &str) {
    tab.holds("the entrance is open", "!document.querySelector('#join').disabled").await;
    tab.type_into("#name", name).await;
    tab.click("#join").await;
}

async fn is_connected(tab: &mut Tab) {
    tab.holds("connected", &text_is("#state", "Connected")).await;
    tab.holds("may speak", "!document.querySelector('#send').disabled").await;
}

async fn is_disconnected(tab: &mut Tab) {
    tab.holds("no connection", "document.querySelector('#status').dataset.kind === 'connecting'")
        .await;
    tab.holds("nothing can be said", "document.querySelector('#send').disabled").await;
}

async fn say(tab: &mut Tab, text: &str) {
    tab.type_into("#text", text).await;
    tab.press_enter().await;
}

fn text_is(selector: &str, text: &str) -> String {
    format!("document.querySelector({selector:?}).textContent === {text:?}")
}

/// A line of the log, of this class and with these words.
fn logged(class: &str, words: &str) -> String {
    format!(
        "[...document.querySelectorAll('#log .{class}')].some(line => line.textContent.includes({words:?}))"
    )
}

/// So many notes with these words.
fn notes(words: &str, count: usize) -> String {
    format!(
        "[...document.querySelectorAll('#log .note')]
            .filter(note => note.textContent.includes({words:?})).length === {count}"
    )
}

async fn in_time(test: impl Future<Output = ()>) {
    // The page may have to be built first.
    tokio::time::timeout(Duration::from_secs(20 * 60), test).await.expect("an end in time");
}

#[tokio::test]
async fn two_tabs_talk_and_come_back_when_the_server_does() {
    in_time(async {
        let mut server = Server::start(Edition::Current, "127.0.0.1:0").await;
        let mut browser = Browser::start().await;
        let mut ada = browser.open(&server.url, Look::Desk).await;
        let mut ben = browser.open(&server.url, Look::Phone).await;
        ada.holds("ready", "!document.querySelector('#join').disabled").await;
        ada.screenshot("entrance-desk").await;
        ben.holds("ready", "!document.querySelector('#join').disabled").await;
        ben.screenshot("entrance-phone").await;

        enter(&mut ada, "Ada").await;
        is_connected(&mut ada).await;
        ada.holds("alone", &logged("note", "You are in room 1: Ada")).await;
        enter(&mut ben, "Ben").await;
        ben.holds("in company", &logged("note", "You are in room 1: Ada, Ben")).await;

        say(&mut ada, "Hello, Ben!").await;
        ada.holds("delivered", &logged("arrived", "Hello, Ben!")).await;
        ben.holds("heard", &logged("heard", "Hello, Ben!")).await;
        say(
            &mut ben,
            "Hello, Ada! I write from a phone, and at some length, to see where the lines break.",
        )
        .await;
        ada.holds("heard", &logged("heard", "from a phone")).await;
        ada.holds(
            "a round trip",
            "/^[0-9.]+ ms$/.test(document.querySelector('#detail').textContent)",
        )
        .await;
        ada.screenshot("talk-desk").await;
        ben.screenshot("talk-phone").await;

        server.kill().await;
        for tab in [&mut ada, &mut ben] {
            is_disconnected(tab).await;
        }
        say(&mut ada, "Are you still there?").await;
        ben.type_into("#other-room", "7").await;
        ada.screenshot("lost-desk").await;
        ben.screenshot("lost-phone").await;
        let server = Server::start(Edition::Current, &server.address).await;
        for tab in [&mut ada, &mut ben] {
            is_connected(tab).await;
            tab.holds("back in the room", &notes("You are in room 1", 2)).await;
        }
        let still_there =
            "document.activeElement.id === 'other-room' && document.activeElement.value === '17'";
        ben.holds("what was being typed", still_there).await;
        // What could not be said is still where it was typed.
        ada.press_enter().await;
        ada.holds("delivered", &logged("arrived", "still there?")).await;
        ben.holds("heard", &logged("heard", "still there?")).await;

        let address = server.address.clone();
        server.interrupt().await;
        for tab in [&mut ada, &mut ben] {
            tab.holds("a reason", &notes("Disconnected: the server is going away", 1)).await;
            is_disconnected(tab).await;
        }
        let server = Server::start(Edition::Current, &address).await;
        for tab in [&mut ada, &mut ben] {
            is_connected(tab).await;
            tab.holds("back again", &notes("You are in room 1", 3)).await;
        }
        ben.click("#leave").await;
        ada.holds("has left", &logged("note", "Ben has left")).await;
        ada.screenshot("back-desk").await;
        for tab in [ada, ben] {
            tab.close().await;
        }
        browser.close().await;
        server.interrupt().await;
    })
    .await;
}

#[tokio::test]
async fn a_page_of_another_schema_is_refused_and_offers_to_reload() {
    in_time(async {
        let mut server = Server::start(Edition::Outdated, "127.0.0.1:0").await;
        let mut browser = Browser::start().await;
        let mut desk = browser.open(&server.url, Look::Desk).await;
        let mut phone = browser.open(&server.url, Look::Phone).await;
        for tab in [&mut desk, &mut phone] {
            enter(tab, "Cleo").await;
            tab.holds("refused", &text_is("#state", "Refused")).await;
            tab.holds("says so", &text_is("#farewell-title", "This page is out of date")).await;
            if cfg!(debug_assertions) {
                let differs = text_is("#changes", "RoomId.0: here u16, on the server u32");
                tab.holds("names the field", &differs).await;
            }
            tab.holds("offers to reload", "document.activeElement.id === 'reload'").await;
        }
        desk.screenshot("refused-desk").await;
        phone.screenshot("refused-phone").await;

        server.kill().await;
        let server = Server::start(Edition::Current, &server.address).await;
        for mut tab in [desk, phone] {
            tab.click("#reload").await;
            tab.holds("is a new page", "document.querySelector('#farewell').hidden").await;
            enter(&mut tab, "Cleo").await;
            is_connected(&mut tab).await;
            tab.close().await;
        }
        browser.close().await;
        server.interrupt().await;
    })
    .await;
}

#[tokio::test]
async fn who_is_sent_away_hears_why() {
    in_time(async {
        let server = Server::start(Edition::Current, "127.0.0.1:0").await;
        let mut browser = Browser::start().await;
        let mut tab = browser.open(&server.url, Look::Narrow).await;
        tab.holds("ready", "!document.querySelector('#join').disabled").await;
        tab.screenshot("entrance-narrow").await;
        enter(&mut tab, "   ").await;
        tab.holds("sent away", &text_is("#farewell-title", "You were sent away")).await;
        tab.holds(
            "why",
            &text_is("#farewell-text", "The server says: a name has 1 to 32 characters."),
        )
        .await;
        tab.screenshot("sent-away-narrow").await;
        tab.click("#back").await;
        enter(&mut tab, "Cleo").await;
        is_connected(&mut tab).await;
        tab.holds("in the room", &notes("You are in room 1", 1)).await;
        tab.screenshot("talk-narrow").await;
        tab.close().await;
        browser.close().await;
        server.interrupt().await;
    })
    .await;
}

#[tokio::test]
async fn a_page_from_elsewhere_cannot_chat() {
    in_time(async {
        let server = Server::start(Edition::Current, "127.0.0.1:0").await;
        let port = server.address.rsplit(':').next().expect("a port");
        for origin in [&format!("http://{}", server.address), &format!("http://localhost:{port}")] {
            assert_eq!(upgrade(&server, origin).await, 101, "{origin}");
        }
        for origin in ["http://example.org", "http://localhost:1", "null"] {
            assert_eq!(upgrade(&server, origin).await, 403, "{origin}");
        }
        server.interrupt().await;
    })
    .await;
}

/// The status with which the server answers a page of this origin.
async fn upgrade(server: &Server, origin: &str) -> u16 {
    let mut request =
        format!("ws://{}/chat", server.address).into_client_request().expect("a request");
    request.headers_mut().insert("Origin", origin.parse().expect("a header"));
    match connect_async(request).await {
        Ok((_, response)) => response.status().as_u16(),
        Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
        Err(other) => panic!("{other}"),
    }
}
