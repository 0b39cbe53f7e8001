"""Drawn plots, kept by what they show: the same numbers in the same language are drawn once."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Final

import msgspec
from django.conf import settings

from majlis.insights.plots.look import Spec, for_file
from majlis.media import drawing
from majlis.media.drawing import Form

_KEPT: Final = 200
_ENGINE: Final = b"vega-lite 6, 1"  # another number when the same specification is drawn differently


def drawn(spec: Spec, *, form: Form) -> bytes:
    """The picture, drawn now or before. Raises as :func:`majlis.media.drawing.draw`."""
    content = msgspec.json.encode(for_file(spec), order="sorted")
    name = hashlib.sha256(_ENGINE + content).hexdigest()[:40]
    path = _folder() / f"{name}.{form}"
    with contextlib.suppress(OSError):
        return path.read_bytes()
    picture = drawing.draw(spec=content, form=form)
    with contextlib.suppress(OSError):  # a full disk: then it is drawn again
        _keep(path, picture)
    return picture


def _folder() -> Path:
    return Path(settings.MAJLIS.data_dir) / "plots"


def _keep(path: Path, picture: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_bytes(picture)
    fresh.replace(path)
    kept = sorted(path.parent.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in kept[_KEPT:]:
        old.unlink(missing_ok=True)
