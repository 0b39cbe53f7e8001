#!/usr/bin/env bash
# Makes .venv with everything locked. Does nothing, quickly, when nothing changed.
# Works as root or not, and without a home directory.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
stop() { say "" "$@"; exit 1; }

# settings of the caller's that would send packages elsewhere
unset PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV VIRTUAL_ENV
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1
if [[ ! -d "${HOME:-}" || ! -w "${HOME:-}" ]]; then
  export PIP_NO_CACHE_DIR=1
fi

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

find_python() {
  local name
  for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if command -v "$name" >/dev/null && "$name" -c "$new_enough" 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  stop "Majlis needs Python 3.11 or newer, and found: $(python3 --version 2>&1 || true)" \
    "On Debian 12 or newer this line adds it:  apt install python3 python3-venv"
}

fingerprint() {
  {
    "$1" -c 'import sys; print(sys.version, sys.prefix)'
    pwd -P
    cat requirements/*.lock pyproject.toml scripts/setup.sh
  } | "$1" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'
}

make_environment() { # $1: the Python to make it with
  rm -rf .venv
  if "$1" -c 'import venv, ensurepip' 2>/dev/null; then
    "$1" -m venv .venv
  elif "$1" -m pip --version >/dev/null 2>&1; then
    "$1" -m venv --without-pip .venv # another pip can install into it
  else
    stop "This Python cannot make a virtual environment. On Debian this line adds what is missing:" \
      "  apt install $("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" \
      "(with sudo when you are not root; where that name is unknown: apt install python3-venv)"
  fi
}

install() { # $1: the Python .venv was made with
  local pip=(.venv/bin/python -m pip)
  .venv/bin/python -c 'import pip' 2>/dev/null || pip=("$1" -m pip --python .venv/bin/python)
  pip+=(install --quiet --quiet --progress-bar off)
  # what builds is locked too: with build isolation pip would fetch the newest, unchecked
  "${pip[@]}" --require-hashes -r requirements/build.lock
  "${pip[@]}" --require-hashes --no-build-isolation -r requirements/dev.lock
  "${pip[@]}" --no-build-isolation --no-deps --editable .
  # so that no start has to, nor a program that may not write here
  .venv/bin/python -m compileall -q src/majlis
  .venv/bin/python -m majlis.config.catalogues compile
  .venv/bin/python -m majlis.config.plotting
}

mkdir -p .build
if command -v flock >/dev/null; then # two at once: the second waits and then finds it done
  exec 9>.build/setup.lock
  flock 9
fi
python=$(find_python) || exit 1
stamp=$(fingerprint "$python")
if [[ -x .venv/bin/majlis && "$(cat .venv/majlis-setup 2>/dev/null)" == "$stamp" ]]; then
  exit 0
fi
say "Setting up .venv with $("$python" --version) (once; a minute or so) …"
wanted=$("$python" -c 'import sys; print(sys.version)')
[[ "$(.venv/bin/python -c 'import sys; print(sys.version)' 2>/dev/null)" == "$wanted" ]] || make_environment "$python"
install "$python" || stop "The packages could not be installed. What went wrong stands above; 'make setup' tries again."
printf '%s\n' "$stamp" >.venv/majlis-setup
say "Ready."
