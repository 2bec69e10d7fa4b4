#!/usr/bin/env bash
# Builds the page into a folder: the WebAssembly module of page/ and the script that loads it. The
# script installs missing build tools into target/tools.
#
#     examples/web-chat/build-page.sh FOLDER [CARGO_OPTION]...
set -euo pipefail

main() {
    mkdir -p "$1"
    local folder
    folder=$(cd "$1" && pwd)
    cd "$(dirname "${BASH_SOURCE[0]}")/../.."
    # shellcheck source=tests/web/setup.sh
    source tests/web/setup.sh
    require_wasm_target || fail "the standard library for $web_target is missing"
    require_wasm_bindgen || fail "wasm-bindgen is missing"

    cargo build --locked -p web-chat-page --target "$web_target" --profile web "${@:2}"
    wasm-bindgen --target web --no-typescript --remove-name-section --remove-producers-section \
        --out-dir "$folder" --out-name page \
        "${CARGO_TARGET_DIR:-target}/$web_target/web/web_chat_page.wasm"
}

fail() {
    echo "error: cannot build the page: $1, and its installation failed" >&2
    exit 1
}

# Standard output belongs to the program that runs this script.
main "$@" >&2
