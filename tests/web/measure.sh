#!/usr/bin/env bash
# Measures what 1,000 small messages cost a page in a headless Chromium, against a native server on
# the same machine. Prints one line per case: the median, the fastest and the slowest repetition in
# milliseconds, and the median numbers of WebSocket messages that the page receives and sends.
#
# This is a benchmark without limits, so no check runs it. Run it on a machine without other work.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/web/setup.sh

main() {
    require_browser || fail "Chromium or its driver is missing"
    require_wasm_target || fail "the standard library for $web_target is missing"
    require_wasm_bindgen || fail "wasm-bindgen cannot be built"
    start_servers release
    # The time limit of the whole measurement, in seconds.
    export WASM_BINDGEN_TEST_TIMEOUT=300
    # The profile of pages, so that the measured client is the one that pages use.
    cargo test --locked -p simplenet-web-tests --target "$web_target" --profile web --bench measure -- --nocapture
}

fail() {
    printf '\nfailed: %s\n' "$1" >&2
    exit 1
}

main "$@"
