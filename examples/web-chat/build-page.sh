#!/usr/bin/env bash
# Builds the page into a folder: the program of page/ for the browser, and the script that loads it. Fetches what that takes
# into target/tools, once.
#
#     examples/web-chat/build-page.sh FOLDER [OPTION OF CARGO]...
set -euo pipefail

main() {
    mkdir -p "$1"
    local folder
    folder=$(cd "$1" && pwd)
    cd "$(dirname "${BASH_SOURCE[0]}")/../.."
    # shellcheck source=tests/web/setup.sh
    source tests/web/setup.sh
    require_wasm_target || fail "there is no standard library for $web_target"
    require_wasm_bindgen || fail "there is no wasm-bindgen"

    cargo build --locked -p web-chat-page --target "$web_target" --profile web "${@:2}"
    wasm-bindgen --target web --no-typescript --remove-name-section --remove-producers-section \
        --out-dir "$folder" --out-name page \
        "${CARGO_TARGET_DIR:-target}/$web_target/web/web_chat_page.wasm"
}

fail() {
    echo "error: $1, which it takes to build the page; see above" >&2
    exit 1
}

# Standard output is for the program that wants the page.
main "$@" >&2
