//! The build of the page from the crate `web-chat-page`.

use std::{
    env, fs,
    path::{Path, absolute},
    process::Command,
};

use bytes::Bytes;

use crate::BoxError;

/// The built files of a page.
pub(crate) struct BuiltPage {
    /// The WebAssembly module.
    pub(crate) module: Bytes,
    /// The script of wasm-bindgen, which loads the module.
    pub(crate) script: Bytes,
}

/// The version of the schema that the page is built from.
#[derive(Clone, Copy)]
pub(crate) enum PageVersion {
    /// The schema of the server.
    Current,
    /// An older schema.
    Outdated,
}

impl PageVersion {
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

/// Builds the page if it has changed, and prints the progress to standard error.
pub(crate) fn build(version: PageVersion) -> Result<BuiltPage, BoxError> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = match env::var_os("CARGO_TARGET_DIR") {
        Some(target) => absolute(target)?,
        None => package.join("../../target"),
    };
    let folder = target.join("web-chat").join(version.folder());
    let status = Command::new("bash")
        .arg(package.join("build-page.sh"))
        .arg(&folder)
        .args(["--features", version.features()])
        .env("CARGO_TARGET_DIR", &target)
        // With debug assertions, the client sends its schema, and a refusal names the differences.
        .env("CARGO_PROFILE_WEB_DEBUG_ASSERTIONS", cfg!(debug_assertions).to_string())
        .status()
        .map_err(|error| format!("cannot run `bash` to build the page: {error}"))?;
    if !status.success() {
        return Err(format!("build-page.sh failed ({status}): see its output above").into());
    }
    Ok(BuiltPage {
        module: read(&folder.join("page_bg.wasm"))?,
        script: read(&folder.join("page.js"))?,
    })
}

fn read(path: &Path) -> Result<Bytes, BoxError> {
    let content =
        fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(content.into())
}
