"""Lists and circles: made, named, filled, read."""

from __future__ import annotations

from typing import Any, Final, Literal, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict
from majlis.core.paging import Page
from majlis.feeds import lists as feeds
from majlis.people import access as people_access
from majlis.people import actions
from majlis.people import queries as people
from majlis.people.queries import Viewer
from majlis.web import paging
from majlis.web.composer import number
from majlis.web.doors import came_from, goto, member, sentence_of
from majlis.web.views import profiles

Replies = Literal["followed", "list", "none"]
_MEMBERS: Final = Page(limit=200)
REPLIES: Final[dict[str, str | Promise]] = {
    "list": gettext_lazy("Replies to members of the list"),
    "followed": gettext_lazy("Replies to people I follow"),
    "none": gettext_lazy("No replies"),
}


@member("GET")
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Her lists and circles, and the forms for new ones."""
    return _index(request, viewer)


def _index(request: HttpRequest, viewer: Viewer, *, status: int = 200, **typed: Any) -> HttpResponse:
    context = {
        "circles": people.circles(owner_id=viewer.id),
        "lists": people.lists(owner_id=viewer.id),
        "here": "lists",
        "page_title": _("Lists and circles"),
        "robots": "noindex",
        **typed,
    }
    return render(request, "web/lists/index.html", context, status=status)


# circles ------------------------------------------------------------------------------------------


@member("POST")
def create_circle(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A new circle, and to its page."""
    name = request.POST.get("name", "")
    try:
        circle_id = actions.create_circle(by=viewer.id, name=name, at=now())
    except (BadInput, Conflict) as error:
        return _index(request, viewer, status=error.status, circle_name=name, circle_error=sentence_of(error))
    return goto(request, f"/circles/{circle_id}")


@member("GET")
def circle(request: HttpRequest, viewer: Viewer, circle_id: int) -> HttpResponse:
    """A circle: who is in it, and what they write."""
    own = people_access.own_circle(circle_id=circle_id, by=viewer.id)
    at, page = now(), paging.asked(request)
    feed = feeds.circle_page(circle_id=circle_id, viewer=viewer.id, page=page, at=at)
    members = people.circle_members(owner_id=viewer.id, circle_id=circle_id, page=_MEMBERS)
    return render(request, "web/circles/circle.html", {
        **paging.feed_context(request, feed, page, at=at),
        "circle": own,
        "members": profiles.person_rows(members.items, viewer.id, at=at),
        "action": f"/circles/{circle_id}",
        "here": "lists",
        "page_title": own.name,
        "back_url": "/lists",
        "robots": "noindex",
    })  # fmt: skip


@member("POST")
def rename_circle(request: HttpRequest, viewer: Viewer, circle_id: int) -> HttpResponse:
    """Another name."""
    own = people_access.own_circle(circle_id=circle_id, by=viewer.id)
    actions.rename_circle(circle=own, by=viewer.id, name=request.POST.get("name", ""), at=now())
    return _done(request, _("Saved."), f"/circles/{circle_id}")


@member("POST")
def delete_circle(request: HttpRequest, viewer: Viewer, circle_id: int) -> HttpResponse:
    """End a circle; nobody in it learns of it."""
    own = people_access.own_circle(circle_id=circle_id, by=viewer.id)
    actions.delete_circle(circle=own, by=viewer.id, at=now())
    return _done(request, _("The circle is gone. What was written for it now only you can see."), "/lists")


@member("POST")
def add_to_circle(request: HttpRequest, viewer: Viewer, circle_id: int) -> HttpResponse:
    """Put somebody in, by address or from a row."""
    own = people_access.own_circle(circle_id=circle_id, by=viewer.id)
    actions.add_to_circle(circle=own, by=viewer.id, member=_meant(request, viewer), at=now())
    return _done(request, _("Added."), f"/circles/{circle_id}")


@member("POST")
def remove_from_circle(request: HttpRequest, viewer: Viewer, circle_id: int) -> HttpResponse:
    """Take somebody out."""
    own = people_access.own_circle(circle_id=circle_id, by=viewer.id)
    member_id = number(request.POST.get("profile")) or 0
    actions.remove_from_circle(circle=own, by=viewer.id, member_id=member_id, at=now())
    return _done(request, _("Removed."), f"/circles/{circle_id}")


def _meant(request: HttpRequest, viewer: Viewer) -> people_access.SeenProfile:
    """Whom a form means: an address that was typed, or the id of a row."""
    if profile_id := number(request.POST.get("profile")):
        return people_access.see_profile(profile_id=profile_id, viewer_id=viewer.id)
    return people_access.see_acct(acct=request.POST.get("acct", "").strip(), viewer_id=viewer.id)


# lists --------------------------------------------------------------------------------------------


@member("POST")
def create_list(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A new list, and to its page."""
    title = request.POST.get("title", "")
    try:
        list_id = actions.create_list(by=viewer.id, title=title, at=now())
    except (BadInput, Conflict) as error:
        return _index(request, viewer, status=error.status, list_title=title, list_error=sentence_of(error))
    return goto(request, f"/lists/{list_id}")


@member("GET")
def one_list(request: HttpRequest, viewer: Viewer, list_id: int) -> HttpResponse:
    """A list: who is on it, and what they write."""
    own = people_access.own_list(list_id=list_id, by=viewer.id)
    at, page = now(), paging.asked(request)
    feed = feeds.list_page(list_id=list_id, viewer=viewer.id, page=page, at=at)
    members = people.list_members(owner_id=viewer.id, list_id=list_id, page=_MEMBERS)
    return render(request, "web/lists/list.html", {
        **paging.feed_context(request, feed, page, at=at),
        "list": own,
        "replies": _policies(own),
        "members": profiles.person_rows(members.items, viewer.id, at=at),
        "action": f"/lists/{list_id}",
        "here": "lists",
        "page_title": own.title,
        "back_url": "/lists",
        "robots": "noindex",
    })  # fmt: skip


def _policies(own: people_access.OwnList) -> list[dict[str, Any]]:
    return [{"value": name, "label": label, "chosen": name == own.replies} for name, label in REPLIES.items()]


@member("POST")
def change_list(request: HttpRequest, viewer: Viewer, list_id: int) -> HttpResponse:
    """Title, replies, and whether its members are read only here."""
    own = people_access.own_list(list_id=list_id, by=viewer.id)
    replies = request.POST.get("replies", own.replies)
    if replies not in REPLIES:
        raise BadInput(_("There is no such choice."), field="replies")
    actions.change_list(
        list=own,
        by=viewer.id,
        at=now(),
        title=request.POST.get("title", own.title),
        replies=cast("Replies", replies),
        exclusive="exclusive" in request.POST,
    )
    return _done(request, _("Saved."), f"/lists/{list_id}")


@member("POST")
def delete_list(request: HttpRequest, viewer: Viewer, list_id: int) -> HttpResponse:
    """End a list."""
    own = people_access.own_list(list_id=list_id, by=viewer.id)
    actions.delete_list(list=own, by=viewer.id, at=now())
    return _done(request, _("The list is gone."), "/lists")


@member("POST")
def add_to_list(request: HttpRequest, viewer: Viewer, list_id: int) -> HttpResponse:
    """Put somebody on it."""
    own = people_access.own_list(list_id=list_id, by=viewer.id)
    actions.add_to_list(list=own, by=viewer.id, member=_meant(request, viewer), at=now())
    return _done(request, _("Added."), f"/lists/{list_id}")


@member("POST")
def remove_from_list(request: HttpRequest, viewer: Viewer, list_id: int) -> HttpResponse:
    """Take somebody off it."""
    own = people_access.own_list(list_id=list_id, by=viewer.id)
    member_id = number(request.POST.get("profile")) or 0
    actions.remove_from_list(list=own, by=viewer.id, member_id=member_id, at=now())
    return _done(request, _("Removed."), f"/lists/{list_id}")


def _done(request: HttpRequest, sentence: str, address: str) -> HttpResponse:
    messages.success(request, sentence)
    return goto(request, came_from(request, address) if "next" in request.POST else address)
