"""Work for an engine that is not to stay: done in a bounded Python process of its own that is gone afterwards.

What is drawn or set is the house's own, never a file that somebody sent: those go through ``bounded``.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import majlis

CPU_SECONDS: Final = 30
DATA_BYTES: Final = 2_000_000_000  # an engine reserves 0.6 GB of it, and fills 100 MB
LARGEST: Final = 20_000_000
"""Bytes of an answer."""
_ROOT: Final = str(Path(majlis.__file__).parent.parent)
_START: Final = (
    "import sys; sys.path.append(sys.argv[1]); from importlib import import_module;"
    "import_module(sys.argv[2]).main(*sys.argv[5:], cpu_seconds=int(sys.argv[3]), data_bytes=int(sys.argv[4]))"
)
_FONTS: Final = "fontpkg_noto_sans_arabic"


class Undone(Exception):
    """It was not done: no place was free, or it took too long or too much. Its text says which."""


class Alone:
    """A module whose ``main(*words, cpu_seconds=…, data_bytes=…)`` reads its input and writes its answer. One at a
    time in each server process, however many ask; each may take ``seconds``."""

    def __init__(self, module: str, *, seconds: int) -> None:
        self._module, self._seconds = module, seconds
        self._place = threading.BoundedSemaphore(1)

    def run(self, *words: str, given: bytes) -> bytes:
        """What the process answers, at least one byte.

        Raises:
            Undone: it did not, or not in time.
        """
        if not self._place.acquire(timeout=self._seconds):
            raise Undone("no free place")
        bounds = [str(CPU_SECONDS), str(DATA_BYTES)]
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", _START, _ROOT, self._module, *bounds, *words],
                input=given,
                capture_output=True,
                timeout=self._seconds,
                check=True,
                env={"LANG": "C.UTF-8", "HOME": "/nonexistent"},
                cwd="/",
                start_new_session=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            said = getattr(error, "stderr", None) or b""
            raise Undone(f"{error}: {said[-600:].decode('utf-8', 'replace')}") from error
        finally:
            self._place.release()
        if not 0 < len(done.stdout) <= LARGEST:
            raise Undone(f"{len(done.stdout)} bytes came")
        return done.stdout


@cache
def fonts() -> str:
    """The folder of the font that came along; empty where it did not, and the machine's own are taken."""
    found = find_spec(_FONTS)
    folder = Path(found.origin).parent / "files" if found and found.origin else None
    return str(folder) if folder and folder.is_dir() else ""
