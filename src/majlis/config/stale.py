"""Which catalogues of words must be compiled anew. Apart from ``catalogues``, whose library no start needs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).parent.parent / "locale"


def stale_catalogues(folder: Path = LOCALE) -> list[Path]:
    """Each ``.po`` whose ``.mo`` is missing or older."""
    sources = sorted(folder.glob("*/LC_MESSAGES/django.po"))
    return [source for source in sources if not _is_compiled(source)]


def _is_compiled(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return target.exists() and target.stat().st_mtime >= source.stat().st_mtime
