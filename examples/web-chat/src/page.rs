//! The page, built from the crate beside this one.

use std::{
    env, fs,
    path::{Path, absolute},
    process::Command,
};

use bytes::Bytes;

use crate::Failure;

/// What is built of a page.
pub(crate) struct BuiltPage {
    /// The program.
    pub(crate) module: Bytes,
    /// What loads it.
    pub(crate) script: Bytes,
}

/// Which schema the page is built from.
#[derive(Clone, Copy)]
pub(crate) enum Edition {
    /// The server's.
    Current,
    /// As it once was.
    Outdated,
}

impl Edition {
    fn folder(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Outdated => "outdated",
        }
    }

    fn features(self) -> &'static str {
        match self {
            Self::Current => "",
            Self::Outdated => "outdated",
        }
    }
}

/// Builds what has changed since the last time, which says on standard error what it does.
pub(crate) fn build(edition: Edition) -> Result<BuiltPage, Failure> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = match env::var_os("CARGO_TARGET_DIR") {
        Some(target) => absolute(target)?,
        None => package.join("../../target"),
    };
    let folder = target.join("web-chat").join(edition.folder());
    let status = Command::new("bash")
        .arg(package.join("build-page.sh"))
        .arg(&folder)
        .args(["--features", edition.features()])
        .env("CARGO_TARGET_DIR", &target)
        // A page of a debug build tells the server its schema, and so learns what differs.
        .env("CARGO_PROFILE_WEB_DEBUG_ASSERTIONS", cfg!(debug_assertions).to_string())
        .status()
        .map_err(|error| format!("the page cannot be built without bash: {error}"))?;
    if !status.success() {
        return Err("the page could not be built".into());
    }
    Ok(BuiltPage {
        module: read(&folder.join("page_bg.wasm"))?,
        script: read(&folder.join("page.js"))?,
    })
}

fn read(path: &Path) -> Result<Bytes, Failure> {
    let content = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(content.into())
}
