"""The door to a photo that is not on a post yet. Others' photos and unknown ones are the same answer."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import Conflict, NotThere
from majlis.media import queries


class OwnPhoto(queries.Photo, frozen=True):
    """A photo of the one who asked."""


def own(*, photo_id: int, by: int) -> OwnPhoto:
    """A photo of ``by``, posted or not.

    Raises:
        NotThere: unknown, or somebody else's.
    """
    found = queries.photo(photo_id=photo_id, owner=by)
    if found is None:
        raise not_there()
    return OwnPhoto(*msgspec.structs.astuple(found))


def own_unposted(*, photo_id: int, by: int) -> OwnPhoto:
    """A photo of ``by`` that hangs on no post.

    Raises:
        NotThere: unknown, or somebody else's.
        Conflict: it hangs on a post; change the post.
    """
    photo = own(photo_id=photo_id, by=by)
    if photo.posted:
        raise Conflict(_("This picture is part of a post. Edit the post instead."), code="media_posted")
    return photo


def held() -> Conflict:
    """A picture that a draft or a scheduled post waits for."""
    return Conflict(_("This picture belongs to a draft or a scheduled post."), code="media_held")


def not_there() -> NotThere:
    """The one answer for pictures that are not there or not the asker's."""
    return NotThere(_("There is no such picture."), code="media_not_there")
