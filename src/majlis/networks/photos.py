"""Photos of an archive taken in: on posts, on covers, and inside articles by their new addresses.

Invariant: whatever was taken in stands in ``uploads``, so that an import that fails leaves none behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from majlis.core.errors import NotNow, Refused
from majlis.core.text.length import first_graphemes, post_length
from majlis.media import actions as media
from majlis.media.queries import photos as photos_of
from majlis.networks import pictures
from majlis.networks.archives.container import BrokenMemberError, Container
from majlis.networks.archives.records import ArchiveMedia, ArchivePicture, Skipped
from majlis.networks.archives.report import Report, note


class Photos:
    """Those of one run. A photo that an article shows and another post carries is taken in once."""

    def __init__(
        self, container: Container, *, by: int, uploads: list[int], report: Report, at: datetime
    ) -> None:
        self._container = container
        self._by = by
        self._uploads = uploads
        self._report = report
        self._at = at
        self._shown: dict[str, int | None] = {}  # names that articles show, and what became of them
        self._loose: dict[str, tuple[int, int]] = {}  # photo and article of those that hang on nothing yet

    def expect(self, shown: Iterable[ArchivePicture]) -> None:
        """An article will show these: asked of all before the first is taken, as a post may come before it."""
        for each in shown:
            self._shown.setdefault(each.media.name, None)

    def taken(self, found: Sequence[ArchiveMedia], *, of: str) -> list[int]:
        """Photos to hang on a post, as far as they can be taken."""
        each = (self.one(photo, of=of) for photo in found)
        return [photo_id for photo_id in each if photo_id is not None]

    def one(self, photo: ArchiveMedia, *, of: str) -> int | None:
        """A photo to hang on a post, or why not in the report."""
        if photo.name in self._loose:
            return self._loose.pop(photo.name)[0]
        return self._upload(photo, of=of)

    def with_pictures(self, text: str, shown: Sequence[ArchivePicture], *, post_id: int, of: str) -> str:
        """An article's text with its pictures at their new addresses."""
        new = {}
        for each in shown:
            photo_id = self._picture(each.media, post_id=post_id, of=of)
            if photo_id and (address := self._address(photo_id, like=each.address)):
                new[each.address] = address
        return pictures.exchanged(text, new)

    def left_on(self, post_id: int) -> list[int]:
        """Pictures that an article shows and no other post carries: they hang on it, and go when it goes."""
        names = [name for name, (_photo, article) in self._loose.items() if article == post_id]
        return [self._loose.pop(name)[0] for name in names]

    def _picture(self, photo: ArchiveMedia, *, post_id: int, of: str) -> int | None:
        known = self._shown.get(photo.name)
        if known is None:
            known = self._upload(photo, of=of)
            if known is not None:
                media.prepare(photo_id=known)  # its address is needed now; a long animation has none before
                self._loose[photo.name] = (known, post_id)
        return known

    def _address(self, photo_id: int, *, like: str) -> str | None:
        photo = photos_of(photo_ids=[photo_id], owner=self._by).get(photo_id)
        return pictures.address_of(photo, like=like) if photo else None

    def _upload(self, photo: ArchiveMedia, *, of: str) -> int | None:
        alt = photo.description.strip()
        if post_length(alt) > media.LONGEST_ALT:
            alt = first_graphemes(alt, media.LONGEST_ALT - 1) + "…"
            note(self._report, "alt_shortened", of)
        try:
            data = self._container.read(photo.name, up_to=media.most_bytes())
            photo_id = media.upload(
                owner=self._by, data=data, alt=alt, focus=photo.focal_point or (0.0, 0.0), at=self._at
            )
        except BrokenMemberError as broken:
            self._report.skip(Skipped(what=photo.name, code=broken.code, params=broken.params))
            return None
        except NotNow:  # the disk, or the machine: not this photo's fault, so the whole import waits
            raise
        except Refused:
            self._report.skip(Skipped(what=photo.name, code="photo_refused"))
            return None
        self._uploads.append(photo_id)
        if photo.name in self._shown:
            self._shown[photo.name] = photo_id
        return photo_id
