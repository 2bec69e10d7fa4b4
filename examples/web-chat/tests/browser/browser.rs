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
    tab::{Look, Tab},
};

/// A headless Chromium. It ends when this is dropped.
pub(crate) struct Browser {
    endpoint: String,
    process: Child,
    /// All that it writes.
    profile: TempDir,
}

const NAMES: [&str; 3] = ["chromium", "google-chrome", "chromium-browser"];

/// Nothing but the page under test: no accounts, no updates, no network of its own.
const OPTIONS: [&str; 12] = [
    "--headless",
    "--remote-debugging-port=0",
    // For who runs as root, as containers do.
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
    pub(crate) async fn start() -> Self {
        let profile = tempfile::tempdir().expect("a folder");
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
        let mut process = spawned.expect("a Chromium: install one");
        let mut said = BufReader::new(process.stderr.take().expect("its errors")).lines();
        let endpoint = loop {
            let line = said.next_line().await.expect("legible errors").expect("an endpoint");
            if let Some(endpoint) = line.strip_prefix("DevTools listening on ") {
                break endpoint.to_owned();
            }
        };
        // Read on, so that it can go on complaining.
        tokio::spawn(async move { while let Ok(Some(_)) = said.next_line().await {} });
        Self { endpoint, process, profile }
    }

    /// A tab of its own, with nothing in common with the others.
    pub(crate) async fn open(&mut self, url: &str, look: Look) -> Tab {
        assert!(self.process.id().is_some(), "the browser has ended");
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
        devtools.enter(attached["sessionId"].as_str().expect("a session"));
        Tab::open(devtools, url, look).await
    }

    /// Ends it, and takes away what it has written.
    pub(crate) async fn close(mut self) {
        // It may be gone before it has said that it goes.
        let _ = Devtools::connect(&self.endpoint).await.try_call("Browser.close", json!({})).await;
        let ended = timeout(Duration::from_secs(30), self.process.wait()).await;
        ended.expect("an end in time").expect("its status");
        self.profile.close().expect("an empty place");
    }
}
