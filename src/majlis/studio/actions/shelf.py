"""The media library: what the page uploaded, kept to be used again and again.

An entry names photos of the shelf. What is published gets a copy of its own, which shares the stored files:
a post that is deleted takes its copies along and leaves the shelf as it was.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.errors import Conflict, NotThere
from majlis.media import actions as media
from majlis.media import queries as photos
from majlis.studio import access
from majlis.studio.changing import did
from majlis.studio.content import Content
from majlis.studio.statements import SQL


def put_on_shelf(*, team: OnTeam, data: bytes, alt: str = "", at: datetime) -> int:
    """Take a photo in for the page; its id.

    Raises:
        BadInput, TooLarge, NotNow: as ``media.actions.upload``.
    """
    access.again(team, Permission.WRITE)
    with transaction.atomic():
        photo_id = media.upload(owner=team.page_id, data=data, alt=alt, at=at)
        media.hold(photo_ids=[photo_id], owner=team.page_id)
        did(team, "photo.uploaded", at=at, subject=photo_id)
    return photo_id


def kept_on_shelf(content: Content, *, page_id: int, at: datetime) -> Content:
    """The content with photos that stay while it is planned: one that hangs on a post is copied first.

    Raises:
        NotThere: a photo is not the page's.
    """
    if not content.photo_ids:
        return content
    found = photos.photos(photo_ids=content.photo_ids, owner=page_id)
    if len(found) < len(set(content.photo_ids)):
        raise NotThere(_("One of the photos is not there any more."), field="photos")
    media.hold(photo_ids=list(found), owner=page_id)
    posted = [id_ for id_, photo in found.items() if photo.posted]
    copies = media.copy(photo_ids=posted, owner=page_id, held=True, at=at)
    return content.with_photos(dict(zip(posted, copies, strict=True)))


def discard_photo(*, team: OnTeam, photo_id: int, at: datetime) -> None:
    """Throw a photo of the shelf away. Posts that show it keep theirs.

    Raises:
        Conflict: something that is planned needs it. NotThere: it is not on the shelf.
    """
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        if sql.one(SQL["used_photo"], page=team.page_id, photo=str(photo_id)):
            raise Conflict(
                _("Something that is planned or offered shows this photo. Take it out there first.")
            )
        media.discard_held(by=team.page_id, photo_id=photo_id)
        did(team, "photo.discarded", at=at, subject=photo_id)
