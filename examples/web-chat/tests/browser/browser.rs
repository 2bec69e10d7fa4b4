//! A headless Chromium.

use std::{process::Stdio, time::Duration};

use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::{
    devtools::Devtools,
    tab::{Tab, Viewport},
};

/// A running Chromium. Dropping it kills the process.
pub(crate) struct Browser {
    endpoint: String,
    process: Child,
    /// The folder of all files that Chromium writes.
    profile: TempDir,
}

/// The names of the command in the distributions.
const NAMES: [&str; 3] = ["chromium", "google-chrome", "chromium-browser"];

/// The arguments. They disable network traffic that does not come from the page.
const OPTIONS: [&str; 12] = [
    "--headless",
    "--remote-debugging-port=0",
    // Chromium refuses to run as root with a sandbox, and containers run as root.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "about:blank",
];

impl Browser {
    /// Starts Chromium with a new profile.
    pub(crate) async fn start() -> Self {
        let profile = tempfile::tempdir().expect("temporary folder");
        let spawned = NAMES.iter().find_map(|name| {
            Command::new(name)
                .arg(format!("--user-data-dir={}", profile.path().display()))
                .args(OPTIONS)
                .env("TMPDIR", profile.path())
                .stderr(Stdio::piped())
                .kill_on_drop(true)
                .spawn()
                .ok()
        });
        let mut process = spawned.expect("Chromium is not installed: run tests/web/run.sh");
        let mut stderr = BufReader::new(process.stderr.take().expect("piped stderr")).lines();
        let endpoint = loop {
            let line =
                stderr.next_line().await.expect("stderr in UTF-8").expect("DevTools endpoint");
            if let Some(endpoint) = line.strip_prefix("DevTools listening on ") {
                break endpoint.to_owned();
            }
        };
        // Chromium blocks if nothing reads its errors.
        tokio::spawn(async move { while let Ok(Some(_)) = stderr.next_line().await {} });
        Self { endpoint, process, profile }
    }

    /// Opens a URL in a new tab, which shares no cookies or storage with other tabs.
    pub(crate) async fn open(&mut self, url: &str, viewport: Viewport) -> Tab {
        assert!(self.process.id().is_some(), "the browser has exited");
        let mut devtools = Devtools::connect(&self.endpoint).await;
        let context = devtools.call("Target.createBrowserContext", json!({})).await;
        let target = devtools
            .call(
                "Target.createTarget",
                json!({ "url": "about:blank", "browserContextId": context["browserContextId"] }),
            )
            .await;
        let attached = devtools
            .call(
                "Target.attachToTarget",
                json!({ "targetId": target["targetId"], "flatten": true }),
            )
            .await;
        devtools.attach(attached["sessionId"].as_str().expect("session id"));
        Tab::open(devtools, url, viewport).await
    }

    /// Closes Chromium and removes its profile.
    pub(crate) async fn close(mut self) {
        // Chromium may exit before it responds.
        let _ = Devtools::connect(&self.endpoint).await.try_call("Browser.close", json!({})).await;
        let exited = timeout(Duration::from_secs(30), self.process.wait()).await;
        exited.expect("Chromium did not exit within 30 s").expect("exit status");
        self.profile.close().expect("removal of the profile");
    }
}
