"""Reading photos."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

import msgspec

from majlis.core import sql
from majlis.core.paging import HIGHEST
from majlis.core.sql import Row
from majlis.core.text.arabic import fold

SQL: Final = sql.load("majlis.media")


class Variant(msgspec.Struct, frozen=True):
    """One size of a photo: the name of its file below the key, pixels, MIME type, bytes."""

    file: str
    width: int = 0
    height: int = 0
    mime: str = ""
    bytes: int = 0


class Photo(msgspec.Struct, frozen=True):
    """A photo as its owner sees it. ``state`` is waiting, ready or failed (``failure`` says why, as a code).

    ``post_id``: the post it hangs on; 0 while it is held for a draft; None before.
    """

    id: int
    owner_id: int
    key: str
    state: str
    failure: str
    alt: str
    focus_x: float
    focus_y: float
    blurhash: str
    colour: str
    animated: bool
    variants: dict[str, Variant]
    post_id: int | None

    @property
    def posted(self) -> bool:
        """Whether it hangs on a post."""
        return bool(self.post_id)


_variants: Final = msgspec.json.Decoder(dict[str, Variant])


def photo(*, photo_id: int, owner: int) -> Photo | None:
    """One photo of ``owner``; None when it is not hers."""
    row = sql.one(SQL["photo"], id=photo_id, owner=owner)
    return _as_photo(row) if row else None


def photos(*, photo_ids: Iterable[int], owner: int) -> dict[int, Photo]:
    """Those of the photos that are ``owner``'s, in the order given. One query, none for no ids."""
    wanted = list(photo_ids)
    if not wanted:
        return {}
    found = {row[0]: _as_photo(row) for row in sql.rows(SQL["photos"], ids=wanted, owner=owner)}
    return {id_: found[id_] for id_ in wanted if id_ in found}


def photos_by_key(*, keys: Iterable[str], owner: int) -> dict[str, Photo]:
    """Those of ``owner``'s photos that lie under these names, by name. One query, none for no names."""
    wanted = list(keys)
    if not wanted:
        return {}
    found = map(_as_photo, sql.rows(SQL["photos_by_key"], keys=wanted, owner=owner))
    return {photo.key: photo for photo in found}


SEARCHED: Final = 20_000
"""So many of the newest uploads are searched; more than a business takes in years."""


def shelf(*, owner: int, words: str = "", below: int = HIGHEST, limit: int = 60) -> list[Photo]:
    """What a profile uploaded and kept, newest first, each picture once. ``words`` are looked for in the
    descriptions, all of them, whatever the spelling of hamza, vowels or case. One query; two with words."""
    wanted = fold(words).split()
    if not wanted:
        return [_as_photo(row) for row in sql.rows(SQL["shelf"], owner=owner, below=below, limit=limit)]
    told = sql.rows(SQL["shelf_words"], owner=owner, below=below, limit=SEARCHED)
    found = (id_ for id_, alt in told if all(word in fold(alt) for word in wanted))
    return list(photos(photo_ids=islice(found, limit), owner=owner).values())


def _as_photo(row: Row) -> Photo:
    values = [*row]
    values[11] = _variants.decode(row[11])
    return Photo(*values)
