//! The life cycle of a page: frozen and resumed, left and restored, offline and online.

use crate::{
    Browser, PageVersion, Server, Tab, Viewport, has_line, has_notes, join, send_line,
    wait_until_connected, wait_until_disconnected, with_timeout,
};

/// Records the life-cycle events of the page in an attribute, whose change `wait_until` notices.
const RECORD_EVENTS: &str = "
    for (const [target, names] of [
        [window, ['pageshow', 'pagehide', 'online', 'offline']],
        [document, ['freeze', 'resume']],
    ]) {
        for (const name of names) {
            target.addEventListener(name, event => {
                const persisted = event.persisted ? ':persisted' : '';
                document.body.dataset.events =
                    `${document.body.dataset.events ?? ''} ${name}${persisted}`;
            });
        }
    }";

/// Returns the condition that these events of the page have occurred, and no others.
fn has_events(events: &str) -> String {
    format!("(document.body.dataset.events ?? '').trim() === {events:?}")
}

/// A tab that is under test, and one that watches it through the chat.
struct Tabs {
    server: Server,
    browser: Browser,
    ada: Tab,
    ben: Tab,
}

impl Tabs {
    async fn open() -> Self {
        let server = Server::start(PageVersion::Current, "127.0.0.1:0").await;
        let mut browser = Browser::start().await;
        let mut ada = browser.open(&server.url, Viewport::Desktop).await;
        let mut ben = browser.open(&server.url, Viewport::Desktop).await;
        for (tab, name) in [(&mut ada, "Ada"), (&mut ben, "Ben")] {
            join(tab, name).await;
            wait_until_connected(tab).await;
            tab.wait_until("room is joined", &has_notes("You are in room 1", 1)).await;
        }
        ada.run(RECORD_EVENTS).await;
        Self { server, browser, ada, ben }
    }

    /// Waits until Ada has a new session, in which lines arrive in both directions.
    async fn wait_for_new_session(&mut self) {
        let ada = &mut self.ada;
        wait_until_connected(ada).await;
        ada.wait_until("room is joined again", &has_notes("You are in room 1", 2)).await;
        ada.wait_until("the loss is shown", &has_notes("Disconnected", 1)).await;
        self.exchange_lines("again").await;
    }

    async fn exchange_lines(&mut self, line: &str) {
        let Self { ada, ben, .. } = self;
        send_line(ben, &format!("Ben {line}")).await;
        ada.wait_until("line is received", &has_line("received", &format!("Ben {line}"))).await;
        send_line(ada, &format!("Ada {line}")).await;
        ben.wait_until("line is received", &has_line("received", &format!("Ada {line}"))).await;
    }

    async fn close(self) {
        for tab in [self.ada, self.ben] {
            tab.close().await;
        }
        self.browser.close().await;
        self.server.interrupt().await;
    }
}

/// Chromium closes the connections of a page that it freezes. The server learns it at once.
#[tokio::test]
async fn frozen_page_is_disconnected_and_connects_when_it_is_resumed() {
    with_timeout(async {
        let mut tabs = Tabs::open().await;
        tabs.ada.freeze().await;
        tabs.ben.wait_until("departure is shown", &has_line("note", "Ada has left")).await;
        send_line(&mut tabs.ben, "Are you asleep?").await;
        tabs.ada.resume().await;
        tabs.ada.wait_until("the page has resumed", &has_events("freeze resume")).await;
        // The page connects although it is still hidden.
        wait_until_connected(&mut tabs.ada).await;
        tabs.ada.wait_until("the page is hidden", "document.visibilityState === 'hidden'").await;
        tabs.ada.show().await;
        tabs.wait_for_new_session().await;
        tabs.close().await;
    })
    .await;
}

/// Chromium keeps a page with an open WebSocket in its back/forward cache, and closes the
/// WebSocket.
#[tokio::test]
async fn page_from_the_back_forward_cache_connects_again() {
    with_timeout(async {
        let mut tabs = Tabs::open().await;
        let other_page = format!("{}health", tabs.server.url);
        tabs.ada.navigate(&other_page).await;
        tabs.ada.wait_until("the other page is open", "location.pathname === '/health'").await;
        tabs.ben.wait_until("departure is shown", &has_line("note", "Ada has left")).await;
        tabs.ada.go_back().await;
        let events = has_events("pagehide:persisted freeze resume pageshow:persisted");
        tabs.ada.wait_until("the page is restored", &events).await;
        tabs.wait_for_new_session().await;
        tabs.close().await;
    })
    .await;
}

/// Chromium keeps the connection of a page that is offline, but delivers nothing. So both sides
/// time the session out, unless the page is online again before.
#[tokio::test]
async fn page_that_is_offline_connects_when_it_is_online() {
    with_timeout(async {
        let mut tabs = Tabs::open().await;
        tabs.ada.set_offline(true).await;
        tabs.ada.wait_until("the page is offline", &has_events("offline")).await;
        tabs.ada.set_offline(false).await;
        tabs.ada.wait_until("the page is online", &has_events("offline online")).await;
        tabs.exchange_lines("after a moment").await;
        tabs.ada.wait_until("the session is the same", &has_notes("Disconnected", 0)).await;

        tabs.ada.set_offline(true).await;
        let timed_out = has_notes("Disconnected: timed out waiting for the other side", 1);
        tabs.ada.wait_until("the session times out", &timed_out).await;
        wait_until_disconnected(&mut tabs.ada).await;
        tabs.ben.wait_until("departure is shown", &has_line("note", "Ada has left")).await;
        let failing = "/attempt [3-9]/.test(document.querySelector('#detail').textContent)";
        tabs.ada.wait_until("attempts fail", failing).await;
        tabs.ada.set_offline(false).await;
        tabs.wait_for_new_session().await;
        tabs.close().await;
    })
    .await;
}
