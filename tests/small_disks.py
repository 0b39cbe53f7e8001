"""File systems of a few megabytes, for what must hold when the disk is full. Only root can mount them."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """``folder`` as a file system of its own."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0711", "tmpfs", str(folder)]
    done = None
    if os.geteuid() == 0 and shutil.which("mount"):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done is None or done.returncode:
        reason = "NOT RUN: a full disk needs a small file system, and none can be mounted here"
        sys.stderr.write(f"\n{reason}\n")
        pytest.skip(reason)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def free(folder: Path) -> int:
    """How many bytes it has left."""
    return shutil.disk_usage(folder).free


def fill(folder: Path, *, leave: int) -> None:
    """Fill the disk up to ``leave`` bytes."""
    size = free(folder) - leave
    with (folder / "filler").open("ab") as file, contextlib.suppress(OSError):
        os.posix_fallocate(file.fileno(), file.tell(), size)
