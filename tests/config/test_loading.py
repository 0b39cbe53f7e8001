"""What a process loads before it is of use: a start is mostly loading, so what it does not need must wait."""

from __future__ import annotations

import os
import subprocess
import sys

UNNEEDED = {
    "babel.messages", "confusable_homoglyphs", "dns", "duckdb", "httpx2", "markdown_it", "PIL", "pydantic", "qrcode", "rich",
    "scipy", "vl_convert", "xlsxwriter",
}  # fmt: skip


def loaded(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "majlis.config.django_settings"},
    )
    return set(done.stdout.split())


def test_the_process_that_starts_the_others_loads_neither_django_nor_the_driver() -> None:
    found = loaded("import majlis.config.cli, majlis.config.commands.up")
    assert "majlis.config.commands.up" in found
    assert found & {"django.db", "psycopg", "numpy", "granian", *UNNEEDED} == set()


def test_the_server_loads_nothing_that_only_some_requests_need() -> None:
    found = loaded("import majlis.config.server")
    assert "majlis.fastlane.app" in found
    assert found & UNNEEDED == set()


def test_before_the_fork_no_thread_is_made() -> None:
    """Python 3.13.0 silently does not run a thread that was made before a fork."""
    code = (
        "import gc, threading, majlis.config.server as server\n"
        "made = [t for t in gc.get_objects() if isinstance(t, threading.Thread)]\n"
        "assert made == [threading.main_thread()], made\n"
        "assert threading.active_count() == 1"
    )
    assert "majlis.config.server" in loaded(code)
