"""What happens to photos."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotosDiscarded:
    """The rows are gone; the files below these stored names are to follow."""

    keys: tuple[str, ...]
