#!/usr/bin/env bash
# Prints the path of a Chromium. As root on Debian it installs one where there is none.
# Prints nothing, and fails, where it cannot be had.
set -uo pipefail

find_one() {
  local name
  for name in ${MAJLIS_TESTS_CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" && return
  done
  return 1
}

find_one && exit 0
if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
  echo "Installing Chromium for the browser tests …" >&2
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update && apt-get install -y --no-install-recommends chromium; } >/dev/null 2>&1
  find_one && exit 0
fi
exit 1
