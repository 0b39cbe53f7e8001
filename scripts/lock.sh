#!/usr/bin/env bash
# Works the locks out anew from pyproject.toml: every version with its hashes, for Python 3.11 and later.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v uv >/dev/null || { echo "This needs uv:  pipx install uv" >&2; exit 1; }
# extras are kept: without them pip before 23.3 takes the newest of a package that another asks for with an extra,
# and refuses it, for it has no hash
compile() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras \
  --no-emit-index-url --no-emit-find-links "$@"; }
compile pyproject.toml -o requirements/runtime.lock
compile pyproject.toml --group dev -c requirements/runtime.lock -o requirements/dev.lock
compile --group build -c requirements/dev.lock -o requirements/build.lock
if grep -nE '://|--(extra-)?index|--find-links' requirements/*.lock; then
  echo "The locks name a place on the network; they must not." >&2
  exit 1
fi
