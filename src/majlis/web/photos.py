"""Photos while a post is being written: taken in, described, shown in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from majlis.accounts import limits
from majlis.core.clock import now
from majlis.core.errors import TooLarge
from majlis.media import actions, queries
from majlis.media.actions import Description
from majlis.media.store import url_for
from majlis.people.queries import Viewer
from majlis.web.cards import Media

#: What stays visible when a photo is cropped, in words: x, y from -1 (left, bottom) to 1.
FOCUS: Final[Mapping[str, tuple[float, float]]] = {
    "centre": (0.0, 0.0),
    "top": (0.0, 1.0),
    "bottom": (0.0, -1.0),
    "left": (-1.0, 0.0),
    "right": (1.0, 0.0),
}


def read(file: UploadedFile[bytes]) -> bytes:
    """The bytes of an upload, no more than are taken.

    Raises:
        TooLarge: there are more.
    """
    if (file.size or 0) > actions.most_bytes():
        raise TooLarge(_("This photo is too large."), field="photos")
    return bytes(file.read())


def take_in(viewer: Viewer, file: UploadedFile[bytes]) -> int:
    """Take a photo in; its id.

    Raises:
        BadInput, TooLarge, NotNow: it cannot be taken. TooMany: too many of hers within half an hour.
    """
    limits.take("upload", f"profile {viewer.id}")
    return actions.upload(owner=viewer.id, data=read(file), at=now())


def describe(viewer: Viewer, descriptions: Iterable[Description]) -> None:
    """Note what was said about photos that are not posted yet; of those on a post ``edit`` takes care.

    Raises:
        BadInput: a description is too long.
    """
    told = {each.photo_id: each for each in descriptions}
    unposted = [
        photo.id for photo in queries.photos(photo_ids=told, owner=viewer.id).values() if not photo.posted
    ]
    actions.redescribe(owner=viewer.id, descriptions=[told[id_] for id_ in unposted])


def own(viewer: Viewer, ids: Iterable[int]) -> list[Media]:
    """Her photos as the composer shows them, in the order given; those of others are not there."""
    return [shown(photo) for photo in queries.photos(photo_ids=ids, owner=viewer.id).values()]


def shown(photo: queries.Photo) -> Media:
    """A photo as the composer shows it."""
    size = photo.variants.get("small") or photo.variants.get("large") or photo.variants.get("original")
    address = url_for(photo.key, size.file) if size else ""
    return Media(
        id=str(photo.id),
        url=address,
        small_url=address,
        width=size.width if size else 0,
        height=size.height if size else 0,
        alt=photo.alt,
        blurhash=photo.blurhash,
        focus_x=photo.focus_x,
        focus_y=photo.focus_y,
    )


def focus_name(media: Media) -> str:
    """The word for a focal point; the middle for one that was set by hand elsewhere."""
    point = (media.focus_x, media.focus_y)
    return next((name for name, known in FOCUS.items() if known == point), "")
