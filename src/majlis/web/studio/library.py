"""The media library: the page's pictures, found by what stands in them, used again and again."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.paging import HIGHEST
from majlis.media import actions as media_actions
from majlis.media import queries as media
from majlis.media.actions import Description
from majlis.studio import actions
from majlis.web import formats, photos
from majlis.web.composer import number
from majlis.web.doors import goto
from majlis.web.studio import entry_form
from majlis.web.studio.calendar import framed
from majlis.web.studio.doors import team
from majlis.web.studio.frame import path

_ON_A_PAGE: Final = 48
_AT_ONCE: Final = 16


@team(Permission.READ, "GET", "POST", changing=Permission.WRITE)
def library(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The pictures, the newest first; sent, more are taken in."""
    here = path(page.handle, "calendar/library")
    if request.method == "POST":
        made = entry_form.taken(request, page, "photos", room=_AT_ONCE)
        said = ngettext("%(n)s picture is on the shelf.", "%(n)s pictures are on the shelf.", len(made))
        messages.success(request, said % {"n": formats.number(len(made))})
        return goto(request, here)
    words = request.GET.get("q", "")[:200]
    for_entry = number(request.GET.get("for"))
    found = media.shelf(
        owner=page.page_id, words=words, below=number(request.GET.get("below")) or HIGHEST, limit=_ON_A_PAGE
    )
    kept = {"q": words, "for": for_entry or ""}
    context = framed(
        page,
        "library",
        _("Library"),
        pictures=[photos.shown(photo) for photo in found],
        posted={str(photo.id) for photo in found if photo.posted},
        words=words,
        for_entry=for_entry or "",
        older_url=f"?{urlencode({**kept, 'below': found[-1].id})}" if len(found) == _ON_A_PAGE else "",
        answer=_answer(len(found), words),
        back_url=path(page.handle, f"entries/{for_entry}") if for_entry else "",
        here_url=here,
        entry_url=path(page.handle, f"entries/{for_entry}") if for_entry else "",
    )
    return render(request, "web/studio/library.html", context)


def _answer(found: int, words: str) -> str:
    if words and not found:
        return _("No picture says that of itself.")
    if not found:
        return _("Pictures that the page uploads are here, to be used again.")
    return _("Each picture can be used in as many posts as you like.")


@team(Permission.WRITE, "POST")
def describe(request: HttpRequest, page: OnTeam, photo_id: int) -> HttpResponse:
    """What is in a picture, for those who cannot see it and for finding it again."""
    media_actions.describe(
        by=page.page_id, description=Description(photo_id, alt=request.POST.get("alt", ""))
    )
    messages.success(request, _("Described."))
    return goto(request, path(page.handle, "calendar/library"))


@team(Permission.WRITE, "POST")
def discard(request: HttpRequest, page: OnTeam, photo_id: int) -> HttpResponse:
    """Throw a picture of the shelf away; posts that show it keep theirs."""
    actions.discard_photo(team=page, photo_id=photo_id, at=now())
    messages.success(request, _("The picture is off the shelf. Posts that show it keep theirs."))
    return goto(request, path(page.handle, "calendar/library"))


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/calendar/library", library),
    at_path("studio/<str:handle>/calendar/library/<id:photo_id>/describe", describe),
    at_path("studio/<str:handle>/calendar/library/<id:photo_id>/discard", discard),
]
