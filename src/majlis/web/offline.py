"""The worker that shows a page of ours when there is no network, at the address from which it sees all pages."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_SCRIPT: Final = _HERE / "static/majlis/js/offline-worker.js"
_DRAWN_WITH: Final = ("static/majlis/*.svg", "static/majlis/css/*.css", "templates/web/pages/offline.html")


@lru_cache(maxsize=1)
def worker() -> str:
    """The script, in which the version stands for all that it keeps: browsers fetch that again when it changes."""
    return _SCRIPT.read_text("utf-8").replace('VERSION = "0"', f'VERSION = "{_version()}"', 1)


def _version() -> str:
    digest = sha256(version("majlis").encode())
    for path in sorted(found for pattern in _DRAWN_WITH for found in _HERE.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
