"""What one does about people: follow, block, mute, note, lists and circles, requests. Each a form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.core.text.bidi import isolate
from majlis.people import access as people_access
from majlis.people import actions
from majlis.people import queries as people
from majlis.people.access import SeenProfile
from majlis.people.queries import Viewer
from majlis.web import faces, paging
from majlis.web.composer import number
from majlis.web.doors import came_from, goto, member
from majlis.web.toasts import toast
from majlis.web.views import profiles

Action = Callable[[HttpRequest, Viewer, SeenProfile, datetime], str | Promise]

#: How long a mute may last, by the value of the form. None is for good.
MUTES: Final[dict[str, tuple[timedelta | None, str | Promise]]] = {
    "0": (None, gettext_lazy("Until I unmute")),
    "3600": (timedelta(hours=1), gettext_lazy("1 hour")),
    "86400": (timedelta(days=1), gettext_lazy("1 day")),
    "604800": (timedelta(days=7), gettext_lazy("7 days")),
    "2592000": (timedelta(days=30), gettext_lazy("30 days")),
}


def _relating(act: Action) -> Callable[..., HttpResponse]:
    """A view that acts on somebody; the action gives the sentence that says what was done."""

    @member("POST")
    def view(request: HttpRequest, viewer: Viewer, profile_id: int) -> HttpResponse:
        seen = people_access.see_profile(profile_id=profile_id, viewer_id=viewer.id)
        done = str(act(request, viewer, seen, now()))
        done = done % {"name": isolate(seen.name)} if "%(name)s" in done else done
        return _shown_again(request, viewer, profile_id, done)

    return view


def _shown_again(request: HttpRequest, viewer: Viewer, profile_id: int, done: str) -> HttpResponse:
    """By htmx the row or the head of the profile again (``as=row``), else the page she came from."""
    if not request.headers.get("HX-Request"):
        messages.success(request, done)
        return goto(request, came_from(request))
    seen = people_access.see_profile(profile_id=profile_id, viewer_id=viewer.id)
    if request.GET.get("as") == "row":
        row = profiles.person_rows([profile_id], viewer.id, at=now())[0]
        context: dict[str, Any] = {"person": row.person, "relation": row.relation, "is_me": row.is_me}
        return toast(render(request, "web/people/person_row.html", context), done)
    return toast(
        render(request, "web/people/profile_header.html", profiles.head(seen, viewer.id, at=now())), done
    )


@_relating
def follow(request: HttpRequest, viewer: Viewer, seen: SeenProfile, at: datetime) -> str | Promise:
    """Follow, or ask to."""
    standing = actions.follow(by=viewer.id, whom=seen, at=at)
    if standing == "following":
        return gettext_lazy("You follow %(name)s.")
    return gettext_lazy("%(name)s is asked whether you may follow.")


@_relating
def follow_settings(request: HttpRequest, viewer: Viewer, seen: SeenProfile, at: datetime) -> str | Promise:
    """Whether boosts come too, and whether each post is told."""
    actions.follow(
        by=viewer.id,
        whom=seen,
        at=at,
        show_boosts="boosts" in request.POST,
        notify="notify" in request.POST,
    )
    return gettext_lazy("Saved.")


@_relating
def unfollow(request: HttpRequest, viewer: Viewer, seen: SeenProfile, at: datetime) -> str | Promise:
    """Follow no longer, or take the request back."""
    actions.unfollow(by=viewer.id, profile_id=seen.id, at=at)
    return gettext_lazy("You no longer follow %(name)s.")


@_relating
def remove_follower(request: HttpRequest, viewer: Viewer, seen: SeenProfile, at: datetime) -> str | Promise:
    """Be followed no longer."""
    actions.remove_follower(by=viewer.id, follower_id=seen.id, at=at)
    return gettext_lazy("%(name)s no longer follows you.")


@_relating
def block(request: HttpRequest, viewer: Viewer, seen: SeenProfile, at: datetime) -> str | Promise:
    """Neither sees the other any more."""
    actions.block(by=viewer.id, whom=seen, at=at)
    return gettext_lazy("You blocked %(name)s. Neither of you sees what the other writes.")


@_relating
def unblock(request: HttpRequest, viewer: Viewer, seen: SeenProfile, at: datetime) -> str | Promise:
    """Lift a block."""
    actions.unblock(by=viewer.id, profile_id=seen.id, at=at)
    return gettext_lazy("%(name)s is no longer blocked.")


@_relating
def unmute(request: HttpRequest, viewer: Viewer, seen: SeenProfile, at: datetime) -> str | Promise:
    """Read her again."""
    actions.unmute(by=viewer.id, profile_id=seen.id, at=at)
    return gettext_lazy("You read %(name)s again.")


@_relating
def note(request: HttpRequest, viewer: Viewer, seen: SeenProfile, at: datetime) -> str | Promise:
    """A note for herself alone."""
    actions.write_note(by=viewer.id, about=seen, text=request.POST.get("note", ""))
    return gettext_lazy("Your note is kept. Only you can read it.")


@_relating
def dismiss(request: HttpRequest, viewer: Viewer, seen: SeenProfile, at: datetime) -> str | Promise:
    """Suggest no longer."""
    actions.dismiss_suggestion(by=viewer.id, whom=seen)
    return gettext_lazy("%(name)s is no longer suggested to you.")


# pages of their own -------------------------------------------------------------------------------


@member("GET", "POST")
def mute(request: HttpRequest, viewer: Viewer, profile_id: int) -> HttpResponse:
    """Read somebody no longer: until when, and whether notifications too."""
    seen = people_access.see_profile(profile_id=profile_id, viewer_id=viewer.id)
    if request.method == "GET" or "lasts" not in request.POST:
        return render(request, "web/people/mute.html", {
            "person": faces.face(seen),
            "lasts": [{"value": value, "label": label} for value, (_time, label) in MUTES.items()],
            "next": came_from(request, faces.profile_path(seen.acct)),
            "page_title": _("Mute %(name)s") % {"name": isolate(seen.name)},
            "back_url": faces.profile_path(seen.acct),
            "robots": "noindex",
        })  # fmt: skip
    lasts = request.POST["lasts"]
    if lasts not in MUTES:
        raise BadInput(_("There is no such choice."), field="lasts")
    time, at = MUTES[lasts][0], now()
    actions.mute(
        by=viewer.id,
        whom=seen,
        at=at,
        expires_at=at + time if time else None,
        notifications="notifications" in request.POST,
    )
    messages.success(
        request, _("You no longer read %(name)s, who does not learn of it.") % {"name": isolate(seen.name)}
    )
    return goto(request, came_from(request, faces.profile_path(seen.acct)))


@member("GET", "POST")
def memberships(request: HttpRequest, viewer: Viewer, profile_id: int) -> HttpResponse:
    """In which of her lists and circles somebody is, and her note about him."""
    seen = people_access.see_profile(profile_id=profile_id, viewer_id=viewer.id)
    circles, lists = people.circles(owner_id=viewer.id), people.lists(owner_id=viewer.id)
    in_circles = set(people.circles_containing(owner_id=viewer.id, member_id=seen.id))
    in_lists = set(people.lists_containing(owner_id=viewer.id, member_id=seen.id))
    if request.method == "POST":
        _place_in_circles(viewer, seen, chosen=_ids(request, "circles"), before=in_circles)
        _place_in_lists(viewer, seen, chosen=_ids(request, "lists"), before=in_lists)
        messages.success(request, _("Saved."))
        return goto(request, faces.profile_path(seen.acct))
    relation = people.relationships(viewer_id=viewer.id, ids=[seen.id], at=now()).get(seen.id)
    return render(request, "web/people/memberships.html", {
        "person": faces.face(seen),
        "relation": faces.relation(relation),
        "circles": [{"id": c.id, "name": c.name, "chosen": c.id in in_circles} for c in circles],
        "lists": [{"id": one.id, "name": one.title, "chosen": one.id in in_lists} for one in lists],
        "page_title": _("Lists and circles"),
        "back_url": faces.profile_path(seen.acct),
        "robots": "noindex",
    })  # fmt: skip


def _ids(request: HttpRequest, name: str) -> set[int]:
    return {id_ for text in request.POST.getlist(name) if (id_ := number(text))}


def _place_in_circles(viewer: Viewer, seen: SeenProfile, *, chosen: set[int], before: set[int]) -> None:
    at = now()
    for circle_id in chosen ^ before:
        circle = people_access.own_circle(circle_id=circle_id, by=viewer.id)
        if circle_id in chosen:
            actions.add_to_circle(circle=circle, by=viewer.id, member=seen, at=at)
        else:
            actions.remove_from_circle(circle=circle, by=viewer.id, member_id=seen.id, at=at)


def _place_in_lists(viewer: Viewer, seen: SeenProfile, *, chosen: set[int], before: set[int]) -> None:
    at = now()
    for list_id in chosen ^ before:
        own = people_access.own_list(list_id=list_id, by=viewer.id)
        if list_id in chosen:
            actions.add_to_list(list=own, by=viewer.id, member=seen, at=at)
        else:
            actions.remove_from_list(list=own, by=viewer.id, member_id=seen.id, at=at)


# requests -----------------------------------------------------------------------------------------


@member("GET")
def requests(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Who asks to follow her."""
    page = paging.asked(request, default=40)
    found = people.follow_requests(profile_id=viewer.id, page=page)
    return render(request, "web/people/requests.html", {
        "rows": profiles.person_rows(found.items, viewer.id, at=now()),
        **paging.slice_context(request, found, page),
        "here": "notifications",
        "page_title": _("Follow requests"),
        "back_url": "/notifications",
        "robots": "noindex",
    })  # fmt: skip


def _answering(answer: Callable[..., None], done: str | Promise) -> Callable[..., HttpResponse]:
    @member("POST")
    def view(request: HttpRequest, viewer: Viewer, profile_id: int) -> HttpResponse:
        answer(by=viewer.id, follower_id=profile_id, at=now())
        if request.headers.get("HX-Request"):
            return toast(HttpResponse(""), str(done))
        messages.success(request, str(done))
        return goto(request, came_from(request, "/follow_requests"))

    return view


accept = _answering(actions.accept, gettext_lazy("The request is accepted."))
refuse = _answering(actions.refuse, gettext_lazy("The request is refused."))
