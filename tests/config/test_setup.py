"""``make setup``: once is enough, and where something is missing it says the line that adds it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
STUB = """#!/bin/sh
echo "$*" >> "{log}"
case "$*" in
  *"import venv, ensurepip"*) {ensurepip} ;;
  *"-m pip --version"*) {pip} ;;
  "-m venv .venv")
    mkdir -p .venv/bin && cp "$0" .venv/bin/python && : > .venv/bin/majlis && chmod +x .venv/bin/majlis ;;
  *"-m pip"*|*"import pip"*|*compileall*|*catalogues*) exit 0 ;;
  *) exec "{python}" "$@" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what setup reads."""
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / "checkout" / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "checkout")
    return tmp_path / "checkout"


def stub(tmp_path: Path, *, ensurepip: str = "exit 0", pip: str = "exit 0") -> Path:
    program = tmp_path / "python"
    log = tmp_path / "log"
    program.write_text(STUB.format(log=log, ensurepip=ensurepip, pip=pip, python=sys.executable))
    program.chmod(0o755)
    log.touch()
    return program


def setup(checkout: Path, python: Path | str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHON": str(python), "HOME": "/nonexistent", **more}
    command = ["bash", "scripts/setup.sh"]
    return subprocess.run(command, check=False, cwd=checkout, env=environment, capture_output=True, text=True)


def test_a_second_run_does_nothing_until_a_lock_changes(checkout: Path, tmp_path: Path) -> None:
    python = stub(tmp_path)
    log = tmp_path / "log"
    first = setup(checkout, python)
    assert first.returncode == 0, first.stderr
    installed = [line.split("off ", 1)[1] for line in log.read_text().splitlines() if " install " in line]
    # nothing comes unlocked: not even what builds a package that has no wheel
    assert installed == [
        "--require-hashes -r requirements/build.lock",
        "--require-hashes --no-build-isolation -r requirements/dev.lock",
        "--no-build-isolation --no-deps --editable .",
    ]
    log.write_text("")
    second = setup(checkout, python)
    assert (second.returncode, second.stderr) == (0, "")
    assert "install" not in log.read_text()
    with (checkout / "requirements" / "dev.lock").open("a") as lock:
        lock.write("# changed\n")
    assert setup(checkout, python).returncode == 0
    assert "--require-hashes" in log.read_text()


def test_without_python3_venv_it_says_the_line_that_adds_it(checkout: Path, tmp_path: Path) -> None:
    done = setup(checkout, stub(tmp_path, ensurepip="exit 1", pip="exit 1"))
    assert done.returncode == 1
    assert f"apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in done.stderr


def test_an_old_python_is_named_with_what_is_needed(checkout: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = setup(checkout, old)
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr
    assert "apt install python3 python3-venv" in done.stderr


def test_the_locks_name_no_place_on_the_network() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text
        assert "--hash=sha256:" in text
