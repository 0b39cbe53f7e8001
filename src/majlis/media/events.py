"""What happens to photos."""

from __future__ import annotations

from majlis.core.events import Event


class PhotosDiscarded(Event, frozen=True, kw_only=True):
    """The rows are gone; the files below these stored names are to follow."""

    keys: tuple[str, ...]
