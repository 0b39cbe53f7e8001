"""Taking photos in, hanging them on posts, throwing them away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from majlis.core import events, sql
from majlis.core.errors import BadInput, NotThere
from majlis.media.events import PhotosDiscarded

_ATTACH: Final = """
    UPDATE media_photo m SET post_id = %(post)s, position = w.place
    FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS w(id, place)
    WHERE m.id = w.id AND m.owner_id = %(owner)s AND (m.post_id IS NULL OR m.post_id IN (0, %(post)s))
      AND m.state = 'ready'
    RETURNING m.id
"""
_DETACH: Final = "UPDATE media_photo SET post_id = NULL WHERE post_id = %(post)s AND id <> ALL(%(ids)s)"
# post 0: kept for a draft, not to be swept
_HOLD: Final = """
    UPDATE media_photo SET post_id = 0 WHERE id = ANY(%(ids)s) AND owner_id = %(owner)s AND post_id IS NULL
"""
_OF_POST: Final = "DELETE FROM media_photo WHERE post_id = %(post)s RETURNING key"


def attach(*, photo_ids: Sequence[int], owner: int, post_id: int) -> None:
    """Hang exactly these photos on a post, in this order; others that hung there come off.

    Raises:
        NotThere: one of them is not hers, not there, or hangs elsewhere.
        BadInput: the same photo twice.
    """
    wanted = list(photo_ids)
    if len(set(wanted)) < len(wanted):
        raise BadInput(_("The same photo is there twice."), field="photos")
    sql.execute(_DETACH, post=post_id, ids=wanted)
    if wanted and len(sql.column(_ATTACH, post=post_id, ids=wanted, owner=owner)) < len(wanted):
        raise NotThere(_("One of the photos is not there any more, or not ready yet."), field="photos")


def hold(*, photo_ids: Sequence[int], owner: int) -> None:
    """Keep uploads for a draft, so that they are not swept as forgotten."""
    if photo_ids:
        sql.execute(_HOLD, ids=list(photo_ids), owner=owner)


def discard_of_post(*, post_id: int) -> None:
    """Throw away the photos of a post that was purged; their files go by a job."""
    keys = sql.column(_OF_POST, post=post_id)
    if keys:
        events.emit(PhotosDiscarded(keys=tuple(keys)))
