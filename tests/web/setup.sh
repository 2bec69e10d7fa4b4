# Functions that provide the tools to build for a browser and to test in one. Scripts source this
# file. The functions need cargo. They install missing tools into target/tools, and Chromium from
# the packages of the distribution.
#
#     source tests/web/setup.sh
#     require_wasm_target      the standard library for wasm32-unknown-unknown
#     require_wasm_bindgen     wasm-bindgen and its test runner, of the version in Cargo.lock
#     require_browser          Chromium and its driver
#     start_servers BUILD      the native servers of the tests, as a debug or release build
#
# Each function returns 1 if it fails.
# shellcheck shell=bash

web_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly web_root
readonly web_tools="$web_root/target/tools"
readonly web_target=wasm32-unknown-unknown

require_wasm_target() {
    has_wasm_target && return
    if command -v rustup >/dev/null; then
        echo "adding the target $web_target"
        (cd "$web_root" && rustup target add "$web_target") || true
    fi
    has_wasm_target || build_wasm_target
}

# Searches for the library itself, because rustc also lists targets whose library is missing.
has_wasm_target() {
    compgen -G "$(cd "$web_root" && rustc --print target-libdir --target "$web_target" 2>/dev/null)/libstd-*.rlib" >/dev/null
}

# Builds the standard library once from the sources of this compiler, if it cannot be downloaded.
build_wasm_target() {
    local compiler version host sources sysroot
    compiler=$(cd "$web_root" && rustc --print sysroot)
    version=$(cd "$web_root" && rustc -vV | sed -n 's/^release: //p')
    host=$(cd "$web_root" && rustc -vV | sed -n 's/^host: //p')
    sources="$compiler/lib/rustlib/src/rust/library"
    sysroot="$web_tools/wasm-sysroot-$version"
    if [[ ! -e "$sysroot/complete" ]]; then
        [[ -d "$sources" ]] || (cd "$web_root" && rustup component add rust-src) || install_packages rust-src || true
        [[ -d "$sources" ]] || return 1
        echo "building the standard library for $web_target, which takes some minutes"
        local stub="$web_tools/wasm-stub" library="$sysroot/lib/rustlib/$web_target/lib"
        rm -rf "$sysroot" "$stub"
        mkdir -p "$stub/src" "$library"
        printf '[package]\nname = "stub"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n' >"$stub/Cargo.toml"
        echo '#![no_std]' >"$stub/src/lib.rs"
        (cd "$stub" && env -u RUSTFLAGS RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$stub/target" \
            cargo build --release --target "$web_target" -Z build-std=std,panic_abort,proc_macro,test) || return 1
        find "$stub/target/$web_target/release/deps" -name 'lib*.r*' ! -name 'libstub-*' -exec cp {} "$library" \;
        ln -s "$compiler/lib/rustlib/$host" "$sysroot/lib/rustlib/$host"
        rm -rf "$stub"
        touch "$sysroot/complete"
    fi
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--sysroot $sysroot"
}

require_wasm_bindgen() {
    local version folder
    version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p}' "$web_root/Cargo.lock")
    if [[ "$(wasm-bindgen-test-runner --version 2>/dev/null)" != "wasm-bindgen-test-runner $version" ]]; then
        folder="$web_tools/wasm-bindgen-$version"
        [[ -x "$folder/bin/wasm-bindgen-test-runner" ]] || build_wasm_bindgen "$version" "$folder" || return 1
        export PATH="$folder/bin:$PATH"
    fi
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
}

build_wasm_bindgen() {
    echo "building wasm-bindgen $1, which takes some minutes"
    # wasm-bindgen runs for seconds, so a fast build saves more time than a fast program.
    local -x CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_DEBUG=none
    local install=(env -u RUSTFLAGS cargo install wasm-bindgen-cli --version "=$1" --no-default-features
        --bin wasm-bindgen --bin wasm-bindgen-test-runner --root "$2" --target-dir "$web_tools/build")
    (cd / && { "${install[@]}" --locked || "${install[@]}"; }) || return 1
    rm -rf "$web_tools/build"
}

require_browser() {
    local driver
    if ! find_browser; then
        install_packages chromium chromium-driver || return 1
        find_browser
    fi
    driver=$(command -v chromedriver) && export CHROMEDRIVER="$driver"
}

find_browser() {
    command -v chromedriver >/dev/null && { command -v chromium || command -v google-chrome; } >/dev/null
}

# Starts the native servers. They end with the script, which closes their input.
start_servers() {
    local options=()
    [[ "$1" == debug ]] || options=("--$1")
    cargo build --locked -p simplenet-tests --bin web_server "${options[@]}" || return 1
    local binary=${CARGO_TARGET_DIR:-target}/$1/web_server
    coproc SERVERS { "$binary"; }
    # The URLs are compiled into the tests, because a page has no environment variables.
    read -r -t 20 SIMPLENET_TEST_SERVERS <&"${SERVERS[0]}" || return 1
    export SIMPLENET_TEST_SERVERS
    echo "servers: $SIMPLENET_TEST_SERVERS"
}

install_packages() {
    command -v apt-get >/dev/null || return 1
    local as_root=()
    [[ "$(id -u)" == 0 ]] || as_root=(sudo -n)
    "${as_root[@]}" apt-get install --yes --no-install-recommends "$@" >/dev/null ||
        { "${as_root[@]}" apt-get update >/dev/null &&
            "${as_root[@]}" apt-get install --yes --no-install-recommends "$@" >/dev/null; }
}
