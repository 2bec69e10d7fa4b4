//! A tab of the browser.

use std::{fs, path::PathBuf, thread, time::Duration};

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::devtools::Devtools;

/// A tab, with the actions of a user.
pub(crate) struct Tab {
    devtools: Devtools,
}

/// The size of the window and the color scheme.
#[derive(Clone, Copy)]
pub(crate) enum Viewport {
    /// A window of a desktop, with the light color scheme.
    Desktop,
    /// A phone, with the dark color scheme.
    Phone,
    /// The narrowest window that the page supports.
    Narrow,
}

/// The time limit of [`Tab::wait_until`]. A restart of the server and the reconnect take longest.
const WAIT_TIMEOUT: Duration = Duration::from_secs(60);

impl Tab {
    /// Opens a URL with a viewport.
    pub(crate) async fn open(mut devtools: Devtools, url: &str, viewport: Viewport) -> Self {
        let (width, height, scale, scheme) = match viewport {
            Viewport::Desktop => (1000, 700, 1, "light"),
            Viewport::Phone => (390, 844, 2, "dark"),
            Viewport::Narrow => (320, 568, 2, "light"),
        };
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            devtools.call(domain, json!({})).await;
        }
        devtools
            .call(
                "Emulation.setDeviceMetricsOverride",
                json!({
                    "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false,
                }),
            )
            .await;
        let scheme = json!({ "name": "prefers-color-scheme", "value": scheme });
        devtools.call("Emulation.setEmulatedMedia", json!({ "features": [scheme] })).await;
        devtools.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await;
        devtools.call("Page.navigate", json!({ "url": url })).await;
        Self { devtools }
    }

    /// Waits until a JavaScript condition is true. The page evaluates it after each change of the
    /// document.
    pub(crate) async fn wait_until(&mut self, description: &str, condition: &str) {
        let script = format!(
            "new Promise(resolve => {{
                const holds = () => {{ try {{ return {condition} }} catch {{ return false }} }};
                const check = () => holds() && (observer.disconnect(), resolve());
                const observer = new MutationObserver(check);
                observer.observe(document,
                    {{ subtree: true, childList: true, attributes: true, characterData: true }});
                check();
            }})"
        );
        let satisfied = async {
            // The evaluation fails if the tab loads another document meanwhile.
            while self.evaluate(&script).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        if timeout(WAIT_TIMEOUT, satisfied).await.is_err() {
            // The thread of a test has the name of the test.
            let test = thread::current().name().unwrap_or_default().to_owned();
            self.save_screenshot(&format!("failed-{test}")).await;
            let text = self.evaluate("document.body.innerText").await;
            panic!(
                "condition not met within 60 s: {description} ({condition})\n{text:?}\n{:?}",
                self.devtools.page_errors
            );
        }
    }

    /// Clicks in the middle of an element. If another element covers it, that one is clicked.
    pub(crate) async fn click(&mut self, selector: &str) {
        let script = format!(
            "(() => {{ const box = document.querySelector({selector:?}).getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2] }})()"
        );
        let middle = self.evaluate(&script).await.expect("element to click");
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind, "x": middle[0], "y": middle[1], "button": "left", "clickCount": 1,
            });
            self.devtools.call("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Clicks an input, and inserts a text at the position of the click.
    pub(crate) async fn type_into(&mut self, selector: &str, text: &str) {
        self.click(selector).await;
        self.devtools.call("Input.insertText", json!({ "text": text })).await;
    }

    /// Presses the Enter key.
    pub(crate) async fn press_enter(&mut self) {
        for kind in ["keyDown", "keyUp"] {
            let event = json!({
                "type": kind, "key": "Enter", "code": "Enter", "text": "\r",
                "windowsVirtualKeyCode": 13,
            });
            self.devtools.call("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Hides and freezes the page, as a browser does in the background.
    pub(crate) async fn freeze(&mut self) {
        // A page with an emulated focus is always visible, and never frozen.
        self.emulate_focus(false).await;
        self.devtools.call("Page.setWebLifecycleState", json!({ "state": "frozen" })).await;
    }

    /// Runs a frozen page again, still hidden.
    pub(crate) async fn resume(&mut self) {
        self.devtools.call("Page.setWebLifecycleState", json!({ "state": "active" })).await;
    }

    /// Shows the page, so that it has the focus.
    pub(crate) async fn show(&mut self) {
        self.emulate_focus(true).await;
    }

    async fn emulate_focus(&mut self, enabled: bool) {
        let parameters = json!({ "enabled": enabled });
        self.devtools.call("Emulation.setFocusEmulationEnabled", parameters).await;
    }

    /// Disconnects the page from the network, or connects it again.
    pub(crate) async fn set_offline(&mut self, offline: bool) {
        let conditions = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.devtools.call("Network.emulateNetworkConditions", conditions).await;
    }

    /// Opens a URL in place of the page.
    pub(crate) async fn navigate(&mut self, url: &str) {
        self.devtools.call("Page.navigate", json!({ "url": url })).await;
    }

    /// Goes back to the previous page, like the button of the browser.
    pub(crate) async fn go_back(&mut self) {
        let history = self.devtools.call("Page.getNavigationHistory", json!({})).await;
        let current = history["currentIndex"].as_u64().expect("index of the page") as usize;
        let previous = &history["entries"][current - 1]["id"];
        let entry = json!({ "entryId": previous });
        self.devtools.call("Page.navigateToHistoryEntry", entry).await;
    }

    /// Runs a script in the page.
    pub(crate) async fn run(&mut self, script: &str) {
        self.evaluate(script).await.expect("script without an exception");
    }

    /// Saves a screenshot for manual review, and checks that nothing is wider than the window.
    pub(crate) async fn screenshot(&mut self, name: &str) {
        self.save_screenshot(name).await;
        let fits = "[document.documentElement, ...document.querySelectorAll('button')]
            .every(element => element.scrollWidth <= element.clientWidth)";
        let fits = self.evaluate(fits).await;
        assert_eq!(fits, Ok(json!(true)), "{name}: the page or a button is wider than its box");
    }

    async fn save_screenshot(&mut self, name: &str) {
        let shot = self.devtools.call("Page.captureScreenshot", json!({})).await;
        let image = Base64::decode_vec(shot["data"].as_str().expect("image data"))
            .expect("image in Base64");
        let folder = screenshots();
        fs::create_dir_all(&folder).expect("screenshots folder");
        fs::write(folder.join(format!("{name}.png")), image).expect("screenshot file");
    }

    /// Closes the tab, and checks that the page had no errors.
    pub(crate) async fn close(mut self) {
        self.devtools.call("Page.close", json!({})).await;
        assert!(self.devtools.page_errors.is_empty(), "{:#?}", self.devtools.page_errors);
    }

    /// Evaluates a JavaScript expression, and returns its value or its exception.
    async fn evaluate(&mut self, script: &str) -> Result<Value, Value> {
        let parameters =
            json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        let mut evaluated = self.devtools.try_call("Runtime.evaluate", parameters).await?;
        match evaluated.get_mut("exceptionDetails") {
            Some(exception) => Err(exception.take()),
            None => Ok(evaluated["result"]["value"].take()),
        }
    }
}

/// Returns the folder of the screenshots and the built pages, `target/web-chat`.
fn screenshots() -> PathBuf {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_web-chat"));
    let target = program.ancestors().nth(2).expect("target folder");
    target.join("web-chat")
}
