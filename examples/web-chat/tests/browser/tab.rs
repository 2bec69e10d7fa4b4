use std::{fs, path::PathBuf, thread, time::Duration};

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::devtools::Devtools;

/// A tab, and somebody before it.
pub(crate) struct Tab {
    devtools: Devtools,
}

/// What it is seen on.
#[derive(Clone, Copy)]
pub(crate) enum Look {
    /// A window on a desk, in daylight.
    Desk,
    /// A phone, in the dark.
    Phone,
    /// The narrowest window that the page must fit in.
    Narrow,
}

/// Longer than anything that is waited for takes, a server that starts again and the backoff before that among it.
const PATIENCE: Duration = Duration::from_secs(60);

impl Tab {
    pub(crate) async fn open(mut devtools: Devtools, url: &str, look: Look) -> Self {
        let (width, height, scale, scheme) = match look {
            Look::Desk => (1000, 700, 1, "light"),
            Look::Phone => (390, 844, 2, "dark"),
            Look::Narrow => (320, 568, 2, "light"),
        };
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            devtools.call(domain, json!({})).await;
        }
        devtools
            .call(
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false }),
            )
            .await;
        let scheme = json!({ "name": "prefers-color-scheme", "value": scheme });
        devtools.call("Emulation.setEmulatedMedia", json!({ "features": [scheme] })).await;
        devtools.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await;
        devtools.call("Page.navigate", json!({ "url": url })).await;
        Self { devtools }
    }

    /// Waits until a condition holds, which is looked at whenever the document changes.
    pub(crate) async fn holds(&mut self, what: &str, condition: &str) {
        let script = format!(
            "new Promise(resolve => {{
                const holds = () => {{ try {{ return {condition} }} catch {{ return false }} }};
                const look = () => holds() && (observer.disconnect(), resolve());
                const observer = new MutationObserver(look);
                observer.observe(document,
                    {{ subtree: true, childList: true, attributes: true, characterData: true }});
                look();
            }})"
        );
        let held = async {
            // What was asked of a document that is left for another has no answer.
            while self.evaluate(&script).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        if timeout(PATIENCE, held).await.is_err() {
            // The thread of a test has its name.
            let test = thread::current().name().unwrap_or_default().to_owned();
            self.keep_picture(&format!("failed-{test}")).await;
            let text = self.evaluate("document.body.innerText").await;
            panic!(
                "waited in vain for: {what} ({condition})\n{text:?}\n{:?}",
                self.devtools.complaints
            );
        }
    }

    /// Clicks in the middle of an element; whatever covers it there is clicked instead.
    pub(crate) async fn click(&mut self, selector: &str) {
        let script = format!(
            "(() => {{ const box = document.querySelector({selector:?}).getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2] }})()"
        );
        let middle = self.evaluate(&script).await.expect("an element to click");
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind, "x": middle[0], "y": middle[1], "button": "left", "clickCount": 1,
            });
            self.devtools.call("Input.dispatchMouseEvent", event).await;
        }
    }

    pub(crate) async fn type_into(&mut self, selector: &str, text: &str) {
        self.click(selector).await;
        self.devtools.call("Input.insertText", json!({ "text": text })).await;
    }

    pub(crate) async fn press_enter(&mut self) {
        for kind in ["keyDown", "keyUp"] {
            let event = json!({
                "type": kind, "key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13,
            });
            self.devtools.call("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Keeps what is to be seen, for people to look at; all of it must fit.
    pub(crate) async fn screenshot(&mut self, name: &str) {
        self.keep_picture(name).await;
        let fits = "[document.documentElement, ...document.querySelectorAll('button')]
            .every(element => element.scrollWidth <= element.clientWidth)";
        let fits = self.evaluate(fits).await;
        assert_eq!(fits, Ok(json!(true)), "{name} is wider than its window, or its buttons");
    }

    async fn keep_picture(&mut self, name: &str) {
        let shot = self.devtools.call("Page.captureScreenshot", json!({})).await;
        let image = Base64::decode_vec(shot["data"].as_str().expect("an image")).expect("Base64");
        let folder = screenshots();
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(format!("{name}.png")), image).expect("a file");
    }

    /// Ends the visit, in which nothing must have gone wrong unseen.
    pub(crate) async fn close(mut self) {
        self.devtools.call("Page.close", json!({})).await;
        assert!(self.devtools.complaints.is_empty(), "{:#?}", self.devtools.complaints);
    }

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

/// Beside the pages that are built: `target/web-chat`.
fn screenshots() -> PathBuf {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_web-chat"));
    let target = program.ancestors().nth(2).expect("a target folder");
    target.join("web-chat")
}
