#!/usr/bin/env bash
# Runs a server and two clients under a virtual display, and takes the pictures of the docs: both
# clients before and after the second one presses the button.
#
#     examples/bevy-counter/pictures.sh DIRECTORY
#
# It needs the Debian packages xvfb and mesa-vulkan-drivers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
directory=$(realpath "${1:?names no directory}")

cargo build --ignore-rust-version
programs=${CARGO_TARGET_DIR:-target}/debug
coproc server { exec "$programs/server" --addr 127.0.0.1:0; }
trap 'kill "$server_PID"' EXIT
read -r _ _ url <&"${server[0]}"

export programs directory url
xvfb-run --auto-servernum bash -euo pipefail -c '
    rm -f "$directory"/counter-*.png
    "$programs/client" --url "$url" --pictures "$directory/counter-first" &
    until [ -e "$directory/counter-first-before.png" ]; do sleep 0.1; done
    "$programs/client" --url "$url" --pictures "$directory/counter-second" --press &
    wait -n
    wait -n
'
