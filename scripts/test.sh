#!/usr/bin/env bash
# scripts/test.sh          the whole suite, the fast part with coverage; says loudly what could not be run
# scripts/test.sh --fast   without coverage, and without what takes long or needs a browser
set -uo pipefail
cd "$(dirname "$0")/.."

# what pytest makes of the tests is kept: every worker would rewrite them all again
unset PYTHONDONTWRITEBYTECODE

workers=$(nproc 2>/dev/null || echo 2)
workers=$((workers > 4 ? 4 : workers))

if [[ ${1:-} == --fast ]]; then
  shift
  # a worker that has nothing left takes tests from another, so both end at the same time
  exec .venv/bin/pytest -q -n "$workers" --dist worksteal -m "not slow and not browser" "$@"
fi

if chromium=$(scripts/chromium.sh); then
  export MAJLIS_TESTS_CHROMIUM=$chromium
else
  echo "NOT RUN: browser tests. There is no Chromium here; on Debian: apt install chromium" >&2
fi
status=0
# Coverage is of the fast suite: it makes whatever runs in this process two thirds dearer, and what takes long runs in
# processes of its own.
.venv/bin/pytest -n "$workers" --dist worksteal -m "not slow and not browser" \
  --cov --cov-report=xml --cov-report=term:skip-covered "$@" || status=$?
# a file's tests stay together, as they share a running house; files with slow tests are first (tests/conftest.py)
.venv/bin/pytest -n "$workers" --dist loadfile --no-loadscope-reorder -m "slow or browser" "$@" || status=$?
exit "$status"
