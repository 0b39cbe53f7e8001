"""Drawing a plot for a file, in a bounded process of its own that is gone afterwards."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from django.utils.translation import gettext_lazy as _

import majlis
from majlis.core.errors import NotNow

Form = Literal["png", "svg"]
_ROOT: Final = str(Path(majlis.__file__).parent.parent)
_START: Final = (
    "import sys; sys.path.append(sys.argv[1]); from majlis.media.drawing_child import main;"
    "main(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))"
)
_CPU_SECONDS: Final = 30
_WALL_SECONDS: Final = 45
_DATA_BYTES: Final = 2_000_000_000  # it reserves 0.6 GB of it, and fills 90 MB
_LARGEST: Final = 20_000_000
_FONTS: Final = "fontpkg_noto_sans_arabic"
# one at a time in each server process, however many ask
_place = threading.BoundedSemaphore(1)


def draw(*, spec: bytes, form: Form) -> bytes:
    """The picture of a Vega-Lite specification.

    Raises:
        NotNow: others are being drawn, or this one took too long or too much.
    """
    if not _place.acquire(timeout=_WALL_SECONDS):
        raise _not_now("no free place")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _START, _ROOT, form, _fonts(), str(_CPU_SECONDS), str(_DATA_BYTES)],
            input=spec,
            capture_output=True,
            timeout=_WALL_SECONDS,
            check=True,
            env={"LANG": "C.UTF-8", "HOME": "/nonexistent"},
            cwd="/",
            start_new_session=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", None) or b""
        raise _not_now(f"{error}: {said[-300:].decode('utf-8', 'replace')}") from error
    finally:
        _place.release()
    if not done.stdout or len(done.stdout) > _LARGEST:
        raise _not_now(f"{len(done.stdout)} bytes came")
    return done.stdout


@cache
def _fonts() -> str:
    """The folder of the font that came along; empty where it did not, and the machine's own are taken."""
    found = find_spec(_FONTS)
    folder = Path(found.origin).parent / "files" if found and found.origin else None
    return str(folder) if folder and folder.is_dir() else ""


def _not_now(cause: str) -> NotNow:
    sentence = _("The picture cannot be drawn just now. Please try again in a minute; the table is there.")
    return NotNow(sentence, code="not_drawn", cause=cause)
