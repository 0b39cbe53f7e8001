"""Requests are counted once for all server processes of a machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from majlis.mastodon_api.counts import Counts

_COUNT = """
import sys
from pathlib import Path
from majlis.mastodon_api.counts import Counts
counts = Counts(Path(sys.argv[1]))
for _time in range(500):
    counts.take("token 1", window=5)
"""


def test_processes_count_together_and_none_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "counts"
    started = [subprocess.Popen([sys.executable, "-c", _COUNT, path]) for _each in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert Counts(path).take("token 1", window=5) == 1501
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_blocks * 512 >= path.stat().st_size  # no hole that a full disk could not fill


def test_keys_and_windows_are_counted_apart(tmp_path: Path) -> None:
    counts = Counts(tmp_path / "counts")
    assert [counts.take("token 1", window=5) for _ in range(3)] == [1, 2, 3]
    assert counts.take("token 2", window=5) == 1
    assert counts.take("token 1", window=6) == 1
    assert counts.take("token 1", window=6) == 2


def test_whoever_used_least_is_forgotten_when_there_is_no_room() -> None:
    counts = Counts(None, slots=8)
    for _time in range(3):
        counts.take("often", window=1)
    for number in range(50):
        assert counts.take(f"once {number}", window=1) == 1
    assert counts.take("often", window=1) == 4


def test_where_nothing_can_be_written_each_process_counts_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    one, other = Counts(tmp_path / "counts"), Counts(tmp_path / "counts")
    assert (one.take("a", window=1), one.take("a", window=1), other.take("a", window=1)) == (1, 2, 1)
