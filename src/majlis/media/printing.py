"""Setting a document as a PDF, in a bounded process of its own that is gone afterwards."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import msgspec
from django.utils.translation import gettext_lazy as _

import majlis
from majlis.core.errors import NotNow

_ROOT: Final = str(Path(majlis.__file__).parent.parent)
_START: Final = (
    "import sys; sys.path.append(sys.argv[1]); from majlis.media.printing_child import main;"
    "main(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))"
)
_CPU_SECONDS: Final = 30
_WALL_SECONDS: Final = 60
_DATA_BYTES: Final = 2_000_000_000
_LARGEST: Final = 20_000_000
_FONTS: Final = "fontpkg_noto_sans_arabic"
# one at a time in each server process, however many ask
_place = threading.BoundedSemaphore(1)


def printed(*, template: Path, document: dict[str, Any]) -> bytes:
    """The PDF (PDF/UA-1: tagged, for screen readers) of a document: ``template`` is typst, a file of the house, and reads
    the document as data (``sys.inputs.data``, JSON); nothing in that is markup.

    Raises:
        NotNow: others are being set, or this one took too long or too much.
    """
    if not _place.acquire(timeout=_WALL_SECONDS):
        raise _not_now("no free place")
    try:
        done = subprocess.run(
            [
                sys.executable,
                "-I",
                "-c",
                _START,
                _ROOT,
                str(template),
                _fonts(),
                str(_CPU_SECONDS),
                str(_DATA_BYTES),
            ],
            input=msgspec.json.encode(document),
            capture_output=True,
            timeout=_WALL_SECONDS,
            check=True,
            env={"LANG": "C.UTF-8", "HOME": "/nonexistent"},
            cwd="/",
            start_new_session=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", None) or b""
        raise _not_now(f"{error}: {said[-600:].decode('utf-8', 'replace')}") from error
    finally:
        _place.release()
    if not done.stdout.startswith(b"%PDF-") or len(done.stdout) > _LARGEST:
        raise _not_now(f"{len(done.stdout)} bytes came")
    return done.stdout


@cache
def _fonts() -> str:
    found = find_spec(_FONTS)
    folder = Path(found.origin).parent / "files" if found and found.origin else None
    return str(folder) if folder and folder.is_dir() else ""


def _not_now(cause: str) -> NotNow:
    return NotNow(
        _("The report cannot be printed just now. Please try again in a minute; the page of it is there."),
        code="not_printed", cause=cause,
    )  # fmt: skip
