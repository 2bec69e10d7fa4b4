#!/usr/bin/env bash
# How large a page's client is: a minimal chat, and for comparison what is in it anyway, in bytes, raw and gzipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/web/setup.sh

main() {
    require_wasm_target
    require_wasm_bindgen
    cargo build --locked -p simplenet-web-tests --examples --target "$web_target" --profile web
    printf '%-10s %12s %12s %12s %12s\n' program wasm gzipped script gzipped
    local program
    for program in chat socket url; do
        measure "$program"
    done
}

measure() {
    local built=${CARGO_TARGET_DIR:-target}/$web_target/web/examples/$1.wasm folder
    folder=$(mktemp -d)
    wasm-bindgen --target web --no-typescript --remove-name-section --remove-producers-section \
        --out-dir "$folder" "$built"
    printf '%-10s %12d %12d %12d %12d\n' "$1" \
        "$(bytes <"$folder/${1}_bg.wasm")" "$(gzip -9 <"$folder/${1}_bg.wasm" | bytes)" \
        "$(bytes <"$folder/$1.js")" "$(gzip -9 <"$folder/$1.js" | bytes)"
    rm -r "$folder"
}

bytes() {
    wc -c
}

main "$@"
