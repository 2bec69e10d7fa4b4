#!/usr/bin/env bash
# Prints the sizes of browser clients in bytes, raw and gzipped. Measures a minimal chat, the page
# of examples/web-chat and, for comparison, programs with only parts of a client. Fails if the
# minimal chat exceeds its limit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/web/setup.sh

# The maximum gzipped size of the chat client in bytes, without the script of wasm-bindgen.
readonly max_chat_size=110000

main() {
    require_wasm_target || fail "the standard library for $web_target is missing"
    require_wasm_bindgen || fail "wasm-bindgen cannot be built"
    command -v gzip >/dev/null || fail "gzip is missing"
    cargo build --locked -p simplenet-web-tests --examples --target "$web_target" --profile web
    cargo build --locked -p web-chat-page --target "$web_target" --profile web
    local output=${CARGO_TARGET_DIR:-target}/$web_target/web
    printf '%-10s %12s %12s %12s %12s\n' program wasm gzipped script gzipped
    measure chat "$output/examples/chat.wasm"
    local chat=$gzipped
    measure page "$output/web_chat_page.wasm"
    measure socket "$output/examples/socket.wasm"
    measure url "$output/examples/url.wasm"
    ((chat <= max_chat_size)) || fail "the chat client has $chat bytes gzipped, which exceeds the limit of $max_chat_size"
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
