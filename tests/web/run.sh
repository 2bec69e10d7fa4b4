#!/usr/bin/env bash
# Tests the client in a headless Chromium: the unit tests of the runtime, the client against native servers, and the page
# of examples/web-chat. The screenshots of the page are in target/web-chat; those of failed tests are named
# failed-TEST.png.
#
# If there is no browser and none can be installed, the script prints a notice and skips the tests; with CI=true it fails
# instead. Arguments select tests by their names: `tests/web/run.sh flood`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/web/setup.sh

readonly pictures=${CARGO_TARGET_DIR:-target}/web-chat

main() {
    # The browser is checked first: the others are of no use without it.
    require_browser || skip "there is no Chromium with its driver"
    require_wasm_target || skip "there is no standard library for $web_target"
    require_wasm_bindgen || skip "wasm-bindgen cannot be built"
    # The time limit in seconds of a page, which runs its tests one by one.
    export WASM_BINDGEN_TEST_TIMEOUT=300
    # The unit tests of the runtime do not select a browser themselves.
    WASM_BINDGEN_USE_BROWSER=1 \
        cargo test --locked -p simplenet --target "$web_target" --lib -- "$@"
    start_servers
    cargo test --locked -p simplenet-web-tests --target "$web_target" --features hosted --test browser -- "$@"
    rm -f "$pictures"/*.png
    trap list_pictures EXIT
    cargo test --locked -p web-chat --test browser -- "$@"
}

# Lists the screenshots, for a look at them and as artifacts of a CI.
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

# Starts the native servers. They end with this script, which closes their input.
start_servers() {
    cargo build --locked -p simplenet-tests --bin web_server
    local built=${CARGO_TARGET_DIR:-target}/debug/web_server
    coproc SERVERS { "$built"; }
    # The URLs are compiled into the tests, because a page has no environment variables.
    read -r -t 20 SIMPLENET_TEST_SERVERS <&"${SERVERS[0]}"
    export SIMPLENET_TEST_SERVERS
    echo "servers: $SIMPLENET_TEST_SERVERS"
}

main "$@"
