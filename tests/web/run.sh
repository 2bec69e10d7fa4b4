#!/usr/bin/env bash
# Tests the client in a headless Chromium: its rules as such, and a page against servers outside of it; then the page of
# examples/web-chat, as people see it. It leaves pictures of that in target/web-chat, and says at its end which: those of
# tests that failed are named failed-TEST.png.
#
# Where there is no browser and none can be installed, says so and skips; with CI=true, fails instead. Arguments go to the
# tests: `tests/web/run.sh flood` runs those with that in their name.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/web/setup.sh

readonly pictures=${CARGO_TARGET_DIR:-target}/web-chat

main() {
    # The browser first: without it, there is nothing to build the others for.
    require_browser || skip "there is no Chromium with its driver"
    require_wasm_target || skip "there is no standard library for $web_target"
    require_wasm_bindgen || skip "wasm-bindgen cannot be built"
    # A page runs one test at a time, and has so many seconds for all of them.
    export WASM_BINDGEN_TEST_TIMEOUT=300
    # The tests of simplenet itself know nothing of browsers.
    WASM_BINDGEN_USE_BROWSER=1 \
        cargo test --locked -p simplenet --target "$web_target" --lib -- "$@"
    start_servers
    cargo test --locked -p simplenet-web-tests --target "$web_target" --features hosted --test browser -- "$@"
    rm -f "$pictures"/*.png
    trap list_pictures EXIT
    cargo test --locked -p web-chat --test browser -- "$@"
}

# For people to look at, and for a CI to keep.
list_pictures() {
    compgen -G "$pictures/*.png" || true
}

skip() {
    if [[ "${CI:-}" == true ]]; then
        printf '\nfailed: %s\n' "$1" >&2
        exit 1
    fi
    printf '\n!!! SKIPPED: %s; the client was NOT tested in a browser\n' "$1" >&2
    exit 0
}

# They end when this script does, because their input does.
start_servers() {
    cargo build --locked -p simplenet-tests --bin web_server
    local built=${CARGO_TARGET_DIR:-target}/debug/web_server
    coproc SERVERS { "$built"; }
    # The URLs are compiled into the tests: a page has no environment.
    read -r -t 20 SIMPLENET_TEST_SERVERS <&"${SERVERS[0]}"
    export SIMPLENET_TEST_SERVERS
    echo "servers: $SIMPLENET_TEST_SERVERS"
}

main "$@"
