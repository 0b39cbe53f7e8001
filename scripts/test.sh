#!/usr/bin/env bash
# The whole suite with coverage. Says loudly what could not be run.
set -uo pipefail
cd "$(dirname "$0")/.."

if chromium=$(scripts/chromium.sh); then
  export MAJLIS_TESTS_CHROMIUM=$chromium
else
  echo "NOT RUN: browser tests. There is no Chromium here; on Debian: apt install chromium" >&2
fi
workers=$(nproc 2>/dev/null || echo 2)
exec .venv/bin/pytest -n "$((workers > 4 ? 4 : workers))" --dist loadfile --maxschedchunk 1 \
  --cov --cov-report=xml --cov-report=term:skip-covered "$@"
