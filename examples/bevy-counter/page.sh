#!/usr/bin/env bash
# Builds the client for a browser into a folder, which any web server can serve. The page connects
# to ws://127.0.0.1:9100.
#
#     examples/bevy-counter/page.sh FOLDER
set -euo pipefail
mkdir -p "${1:?names no folder}"
folder=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=../../tests/web/setup.sh
source ../../tests/web/setup.sh
require_wasm_target
require_wasm_bindgen

cargo build --ignore-rust-version --release --target "$web_target" --bin client
wasm-bindgen --target web --no-typescript --out-dir "$folder" --out-name client \
    "${CARGO_TARGET_DIR:-target}/$web_target/release/client.wasm"
cat > "$folder/index.html" <<'HTML'
<!doctype html>
<title>Counter</title>
<canvas id="counter" width="480" height="320"></canvas>
<script type="module">
    import start from "./client.js";
    start();
</script>
HTML
