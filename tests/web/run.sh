#!/usr/bin/env bash
# Tests the client in a headless Chromium: the unit tests of the runtime, the client against native
# servers, and the page of examples/web-chat. The screenshots of the page are in target/web-chat.
# Screenshots of failed tests are named failed-TEST.png.
#
# If a tool is missing and cannot be installed, the script prints a notice and skips the tests. With
# CI=true it fails instead. Arguments select tests by their names: `tests/web/run.sh flood`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/web/setup.sh

readonly screenshots=${CARGO_TARGET_DIR:-target}/web-chat

main() {
    # The browser comes first, because the other tools are useless without it and take minutes.
    require_browser || skip "Chromium or its driver is missing"
    require_wasm_target || skip "the standard library for $web_target is missing"
    require_wasm_bindgen || skip "wasm-bindgen cannot be built"
    # The time limit of all tests in a page, in seconds.
    export WASM_BINDGEN_TEST_TIMEOUT=300
    # The unit tests of the runtime do not select a browser themselves.
    WASM_BINDGEN_USE_BROWSER=1 \
        cargo test --locked -p simplenet --target "$web_target" --lib -- "$@"
    start_servers debug
    cargo test --locked -p simplenet-web-tests --target "$web_target" --features page-server --test browser -- "$@"
    rm -f "$screenshots"/*.png
    trap list_screenshots EXIT
    cargo test --locked -p web-chat --test browser -- "$@"
}

# Lists the screenshots, which a CI may store as artifacts.
list_screenshots() {
    compgen -G "$screenshots/*.png" || true
}

skip() {
    if [[ "${CI:-}" == true ]]; then
        printf '\nfailed: %s\n' "$1" >&2
        exit 1
    fi
    printf '\n!!! SKIPPED: %s; the client was NOT tested in a browser\n' "$1" >&2
    exit 0
}

main "$@"
