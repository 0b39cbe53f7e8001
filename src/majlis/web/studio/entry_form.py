"""The form of an entry: what was typed, what the page shows of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.accounts import limits
from majlis.brands.access import OnTeam
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.media import queries as media
from majlis.people.preferences import Preferences
from majlis.people.queries import Viewer
from majlis.posts.composing import MOST_PHOTOS, PostParams
from majlis.studio import actions, queries
from majlis.studio.actions import Draft
from majlis.studio.content import Content, Part
from majlis.studio.customers import addressing
from majlis.studio.entries import Entry
from majlis.web import composer, photos
from majlis.web.composer import Composer, Sent, number
from majlis.web.studio.customer_words import group_reaches
from majlis.web.studio.frame import path

_EMPTY_PARTS: Final = 2
_RECENT: Final = 24


def as_page(request: HttpRequest, page: OnTeam) -> Viewer:
    """The page as who writes, with its own circles and numbers; nothing of who sits in front of it."""
    me: Viewer = request.profile  # type: ignore[attr-defined]
    return Viewer(
        id=page.page_id,
        user_id=me.user_id,
        handle=page.handle,
        display_name=page.name,
        avatar_key="",
        kind="business",
        languages=(),
        preferences=Preferences(),
        is_operator=False,
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """A sent form."""

    sent: Sent
    content: Content
    title: str
    campaign_id: int | None
    read_version: int

    @property
    def draft(self) -> Draft:
        return Draft(content=self.content, title=self.title, campaign_id=self.campaign_id)


def typed(request: HttpRequest, page: OnTeam) -> Typed:
    """What a sent form says, with the photos that came along on the shelf.

    Raises:
        BadInput, TooLarge, NotNow, TooMany: a photo cannot be taken.
    """
    form = request.POST
    sent = composer.sent(request, as_page(request, page))
    thread = tuple(_part(request, page, place) for place in range(len(form.getlist("part"))))
    of_parts = composer.descriptions(form, [id_ for part in thread for id_ in part.photo_ids])
    photos.describe(as_page(request, page), [*sent.descriptions, *of_parts])
    sent = composer.with_photos(
        sent, taken(request, page, "photos", room=MOST_PHOTOS - len(sent.params.photo_ids))
    )
    if cover := taken(request, page, "cover_file", room=1):
        sent = replace(sent, params=replace(sent.params, cover_id=cover[0]))
    content = Content(params=sent.params, thread=thread, first_comment=form.get("first_comment", ""))
    return Typed(
        sent=sent,
        content=content,
        title=form.get("team_title", ""),
        campaign_id=number(form.get("campaign")),
        read_version=number(form.get("version")) or 0,
    )


def _part(request: HttpRequest, page: OnTeam, place: int) -> Part:
    """A further part of the thread: its fields are numbered, for of photos and boxes an empty one sends nothing."""
    form = request.POST
    before = composer.chosen_photos(form, f"part_media_{place}")
    fresh = taken(request, page, f"part_photos_{place}", room=MOST_PHOTOS - len(before))
    return Part(
        text=form.getlist("part")[place],
        photo_ids=tuple(dict.fromkeys([*before, *fresh])),
        warning=form.get(f"part_warning_{place}", ""),
        sensitive=f"part_sensitive_{place}" in form,
        language=form.get(f"part_language_{place}", "")[:16],
    )


def taken(request: HttpRequest, page: OnTeam, name: str, *, room: int) -> list[int]:
    """Photos that came with a form, on the shelf of the page now; their ids."""
    files = request.FILES.getlist(name)
    if len(files) > room:
        raise BadInput(gettext_lazy("A post takes 16 photos at the most."), field="photos")
    ids = []
    for file in files:
        limits.take("upload", f"profile {page.page_id}")
        ids.append(actions.put_on_shelf(team=page, data=photos.read(file), at=now()))
    return ids


def form_context(
    request: HttpRequest,
    page: OnTeam,
    content: Content,
    *,
    entry: Entry | None = None,
    title: str = "",
    campaign_id: int | None = None,
    version: int = 0,
    sent: Sent | None = None,
    error: str = "",
) -> dict[str, Any]:
    """What the form shows: the composer's parts, and what only an entry has."""
    viewer = as_page(request, page)
    made = composer.composer(
        viewer,
        content.params,
        draft_key=f"entry-{entry.id if entry else 'new'}-{page.page_id}",
        action=path(page.handle, f"entries/{entry.id}" if entry else "entries/new"),
        poll_draft=sent.poll_draft if sent else None,
        media=photos.own(viewer, content.params.photo_ids),
        error=error,
    )
    _name_groups(made, page)
    chosen = set(content.photo_ids)
    cover = content.params.cover_id
    return {
        "composer": made,
        "parts": _parts(viewer, content),
        "first_comment": content.first_comment,
        "team_title": title,
        "campaigns": queries.campaign_names(team=page),
        "campaign_id": campaign_id,
        "version": version,
        "photos_url": path(page.handle, "entries/photos"),
        "library_url": path(page.handle, "calendar/library") + (f"?for={entry.id}" if entry else ""),
        "cover": next(iter(photos.own(viewer, [cover])), None) if cover else None,
        "recent": recent(page, without=chosen),
    }


def _name_groups(made: Composer, page: OnTeam) -> None:
    """Whom the circles of the page's groups of customers reach. Two queries where it has circles."""
    circles = [each for each in made.audiences if each.value.startswith("circle:")]
    reaches = addressing.reaches(page.page_id) if circles else {}
    for choice in circles:
        members = reaches.get(number(choice.value.removeprefix("circle:")) or 0)
        if members is not None:
            choice.sentence = group_reaches(members)
            if choice.chosen:
                made.audience_sentence = choice.sentence


def _parts(viewer: Viewer, content: Content) -> list[dict[str, Any]]:
    """The parts of the thread for the form, with room for more. One query where they show photos."""
    ids = [id_ for part in content.thread for id_ in part.photo_ids]
    found = {each.id: each for each in photos.own(viewer, ids)}
    parts = [*content.thread, *[Part()] * _EMPTY_PARTS]
    return [
        {
            "place": place,
            "number": place + 2,
            "photos_name": f"part_media_{place}",
            "part": part,
            "photos": [found[str(id_)] for id_ in part.photo_ids if str(id_) in found],
            "more": bool(part.warning or part.sensitive or part.language),
        }
        for place, part in enumerate(parts)
    ]


def recent(page: OnTeam, *, without: Collection[int] = ()) -> Sequence[Any]:
    """The newest photos of the library, to choose from."""
    found = media.shelf(owner=page.page_id, limit=_RECENT)
    return [photos.shown(photo) for photo in found if photo.id not in without]


def blank() -> Content:
    """An entry that says nothing yet."""
    return Content(params=PostParams())


def heading(entry: Entry | None) -> str:
    """What the page of an entry is called."""
    return (entry.title or _("An entry of the plan")) if entry else _("A new entry")
