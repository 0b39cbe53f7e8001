"""The media library: pictures that are kept to be used again and again."""

from __future__ import annotations

from typing import Annotated

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from majlis.accounts import limits
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.errors import BadInput
from majlis.core.paging import HIGHEST
from majlis.mastodon_api.described import NOTHING, Id, Key
from majlis.mastodon_api.entities.status import media
from majlis.mastodon_api.media import body_limit
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.media import access as photos
from majlis.media import actions as media_actions
from majlis.media import queries
from majlis.media.actions import Description
from majlis.media.inspect import check_size
from majlis.studio import actions


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of the library."""

    id: Key
    url: str | None
    preview_url: str | None
    description: str
    ready: bool


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Words of the descriptions; pictures older than ``max_id``."""

    q: str = ""
    max_id: Id | None = None
    limit: Annotated[int, Meta(ge=1, le=60)] = 40


class Described(msgspec.Struct, frozen=True):
    """What is in a picture, for those who cannot see it."""

    description: str = ""


def picture(photo: queries.Photo) -> Picture:
    """A photo of the shelf."""
    shown = media(photo)
    return Picture(
        id=str(photo.id), url=shown.url, preview_url=shown.preview_url, description=photo.alt,
        ready=photo.state == "ready",
    )  # fmt: skip


@team(Permission.READ, says=_("Pictures of the library"), takes=Search, gives=list[Picture])
def index(call: Call, team: OnTeam, sent: Search) -> list[Picture]:
    below = HIGHEST if sent.max_id is None else int(sent.max_id)
    found = queries.shelf(owner=team.page_id, words=sent.q[:200], below=below, limit=sent.limit)
    return [picture(each) for each in found]


@team(
    Permission.WRITE,
    writes=True,
    says=_("Put a picture into the library"),
    takes=Described,
    gives=Picture,
    file="file",
    largest=body_limit,
)
def create(call: Call, team: OnTeam, sent: Described) -> Picture:
    file = call.params.file("file")
    if file is None:
        raise BadInput(_("Send a picture in the field “file”."), field="file")
    limits.take("upload", f"profile {call.me}")
    check_size(file.size or 0, max_bytes=media_actions.most_bytes())
    made = actions.put_on_shelf(team=team, data=bytes(file.read()), alt=sent.description, at=call.at)
    return picture(photos.own(photo_id=made, by=team.page_id))


@team(Permission.WRITE, writes=True, says=_("Say what is in a picture"), takes=Described, gives=Picture)
def describe(call: Call, team: OnTeam, sent: Described, photo_id: int) -> Picture:
    description = Description(photo_id=photo_id, alt=sent.description)
    media_actions.describe(by=team.page_id, description=description)
    return picture(photos.own(photo_id=photo_id, by=team.page_id))


@team(Permission.WRITE, writes=True, says=_("Throw a picture of the library away"))
def discard(call: Call, team: OnTeam, photo_id: int) -> object:
    actions.discard_photo(team=team, photo_id=photo_id, at=call.at)
    return NOTHING


urls = [
    route("api/v1/studio/<page_id>/library", GET=index, POST=create),
    route("api/v1/studio/<page_id>/library/<photo_id>", PUT=describe, DELETE=discard),
]
