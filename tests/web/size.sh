#!/usr/bin/env bash
# Prints the size of a browser client in bytes, raw and gzipped: a minimal chat, the page of examples/web-chat, and for
# comparison programs with parts of them. Fails if the minimal chat exceeds its limit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/web/setup.sh

# Limit in bytes, gzipped, without the script of wasm-bindgen.
readonly largest_chat=150000

main() {
    require_wasm_target || fail "there is no standard library for $web_target"
    require_wasm_bindgen || fail "wasm-bindgen cannot be built"
    command -v gzip >/dev/null || fail "there is no gzip"
    cargo build --locked -p simplenet-web-tests --examples --target "$web_target" --profile web
    cargo build --locked -p web-chat-page --target "$web_target" --profile web
    local built=${CARGO_TARGET_DIR:-target}/$web_target/web
    printf '%-10s %12s %12s %12s %12s\n' program wasm gzipped script gzipped
    measure chat "$built/examples/chat.wasm"
    local chat=$gzipped
    measure page "$built/web_chat_page.wasm"
    measure socket "$built/examples/socket.wasm"
    measure url "$built/examples/url.wasm"
    ((chat <= largest_chat)) || fail "the chat client has $chat bytes gzipped, which exceeds the limit of $largest_chat"
}

# measure NAME PROGRAM
#
# Sets `gzipped` to the gzipped size of the program.
measure() {
    local folder
    folder=$(mktemp -d)
    wasm-bindgen --target web --no-typescript --remove-name-section --remove-producers-section \
        --out-dir "$folder" --out-name "$1" "$2"
    gzipped=$(gzip -9 <"$folder/${1}_bg.wasm" | bytes)
    printf '%-10s %12d %12d %12d %12d\n' "$1" \
        "$(bytes <"$folder/${1}_bg.wasm")" "$gzipped" \
        "$(bytes <"$folder/$1.js")" "$(gzip -9 <"$folder/$1.js" | bytes)"
    rm -r "$folder"
}

bytes() {
    wc -c
}

fail() {
    printf '\nfailed: %s\n' "$1" >&2
    exit 1
}

main "$@"
