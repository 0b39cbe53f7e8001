"""What is done to posts: each a form of one button. By htmx the card comes back, without it the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.core.clock import now
from majlis.core.errors import BadInput, NotThere, Refused
from majlis.feeds import lists as feeds
from majlis.feeds.rules import Why
from majlis.people.queries import Viewer
from majlis.posts import access, actions
from majlis.studio.promotion import queries as promotions
from majlis.web import cards, measured
from majlis.web.composer import number
from majlis.web.context import REACTION_KINDS
from majlis.web.doors import came_from, goto, member
from majlis.web.toasts import toast

Action = Callable[[HttpRequest, Viewer, int, datetime], object]


def _acting(done: str | Promise = "", *, undo: str = "") -> Callable[[Action], Callable[..., HttpResponse]]:
    """A view that acts and shows the post again; ``done`` is said in a toast, with a way back to ``undo``."""

    def wrap(act: Action) -> Callable[..., HttpResponse]:
        @member("POST")
        def view(request: HttpRequest, viewer: Viewer, post_id: int) -> HttpResponse:
            act(request, viewer, post_id, now())
            return _shown_again(request, viewer, post_id, str(done), undo=undo and f"/posts/{post_id}/{undo}")

        return view

    return wrap


def _shown_again(request: HttpRequest, viewer: Viewer, post_id: int, done: str, *, undo: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        if done:
            messages.success(request, done)
        return goto(request, _place(request, post_id))
    response = render(request, "web/posts/post_card.html", _card(request, viewer, post_id))
    return toast(response, done, undo=undo) if done else response


def _place(request: HttpRequest, post_id: int) -> str:
    """The page she came from, at the post."""
    return f"{came_from(request).split('#')[0]}#post-{post_id}"


def _card(request: HttpRequest, viewer: Viewer, post_id: int) -> dict[str, Any]:
    """The card as it stood: with who boosted it and why it was there (``vals`` of the item)."""
    at = now()
    entry_id = number(request.POST.get("via")) or post_id
    batch = feeds.by_ids(ids={entry_id, post_id}, viewer=viewer.id, at=at)
    entry = batch.posts.get(entry_id)
    if entry is None or post_id not in (entry.id, entry.boost_of_id):
        entry = batch.posts.get(post_id)
    if entry is None:
        raise access.not_there()
    why = request.POST.get("why", "")
    item = cards.Reading(batch, at=at).item(
        entry,
        why=Why(why) if why in set(Why) else None,
        pinned="pinned" in request.POST,
        promotion=_promotion(request, viewer, entry.id),
    )
    return {"item": item, "detail": "detail" in request.POST, "ticket": measured.again(request)}


def _promotion(request: HttpRequest, viewer: Viewer, post_id: int) -> int:
    """The promotion that pays for the card, if it was given to her for this post: the label stays on it."""
    asked = number(request.POST.get("promotion"))
    if not asked:
        return 0
    try:
        found = promotions.for_member(promotion_id=asked, viewer=viewer.id)
    except NotThere:
        return 0
    return found.id if found.post_id == post_id else 0


@_acting()
def react(request: HttpRequest, viewer: Viewer, post_id: int, at: datetime) -> None:
    """One of the six."""
    kind = request.POST.get("kind", "like")
    if kind not in dict(REACTION_KINDS):
        raise BadInput(_("There is no such reaction."), field="kind")
    actions.react(by=viewer.id, post_id=post_id, kind=kind, at=at)


@_acting()
def unreact(request: HttpRequest, viewer: Viewer, post_id: int, at: datetime) -> None:
    """Take the reaction back."""
    actions.unreact(by=viewer.id, post_id=post_id)


@_acting(gettext_lazy("Boosted: your followers see it too."), undo="unboost")
def boost(request: HttpRequest, viewer: Viewer, post_id: int, at: datetime) -> None:
    """Show it to her followers."""
    actions.boost(by=viewer.id, post_id=post_id, at=at)


@_acting()
def unboost(request: HttpRequest, viewer: Viewer, post_id: int, at: datetime) -> None:
    """Show it to them no longer."""
    actions.unboost(by=viewer.id, post_id=post_id, at=at)


@_acting(gettext_lazy("Kept among your bookmarks."), undo="unbookmark")
def bookmark(request: HttpRequest, viewer: Viewer, post_id: int, at: datetime) -> None:
    """Keep it."""
    actions.bookmark(by=viewer.id, post_id=post_id, at=at)


@_acting()
def unbookmark(request: HttpRequest, viewer: Viewer, post_id: int, at: datetime) -> None:
    """Keep it no longer."""
    actions.unbookmark(by=viewer.id, post_id=post_id)


@_acting(gettext_lazy("It now stands on top of your profile."), undo="unpin")
def pin(request: HttpRequest, viewer: Viewer, post_id: int, at: datetime) -> None:
    """Put her own post on top of her profile."""
    actions.pin(by=viewer.id, post_id=post_id, at=at)


@_acting(gettext_lazy("It no longer stands on top of your profile."))
def unpin(request: HttpRequest, viewer: Viewer, post_id: int, at: datetime) -> None:
    """Take it down from there."""
    actions.unpin(by=viewer.id, post_id=post_id)


@_acting(gettext_lazy("You hear no more of this conversation."), undo="unmute")
def mute(request: HttpRequest, viewer: Viewer, post_id: int, at: datetime) -> None:
    """No notifications from this conversation."""
    actions.mute_thread(by=viewer.id, post_id=post_id, at=at)


@_acting(gettext_lazy("You hear of this conversation again."))
def unmute(request: HttpRequest, viewer: Viewer, post_id: int, at: datetime) -> None:
    """Notifications again."""
    actions.unmute_thread(by=viewer.id, post_id=post_id)


@_acting()
def vote(request: HttpRequest, viewer: Viewer, post_id: int, at: datetime) -> None:
    """Vote in its poll."""
    post = feeds.by_ids(ids=[post_id], viewer=viewer.id, at=at).posts.get(post_id)
    if post is None or post.poll is None:
        raise access.not_there()
    choices = [int(text) for text in request.POST.getlist("choices") if text.isascii() and text.isdecimal()][
        :20
    ]
    actions.vote(by=viewer.id, poll_id=post.poll.id, choices=choices, at=at)


@member("POST")
def delete(request: HttpRequest, viewer: Viewer, post_id: int) -> HttpResponse:
    """Delete her own post; for some minutes it can come back."""
    actions.delete(by=viewer.id, post_id=post_id, at=now())
    undo = f"/posts/{post_id}/restore"
    if request.headers.get("HX-Request") and "detail" not in request.POST:
        return render(request, "web/parts/deleted.html", {"undo_url": undo, "post_id": post_id})
    return goto(request, f"/posts/{post_id}/deleted")


@member("GET")
def deleted(request: HttpRequest, viewer: Viewer, post_id: int) -> HttpResponse:
    """What a post just deleted leaves, where there is no script: the way back."""
    context = {
        "undo_url": f"/posts/{post_id}/restore",
        "page_title": _("Deleted"),
        "back_url": "/home",
        "robots": "noindex",
    }
    return render(request, "web/thread/deleted.html", context)


@member("POST")
def restore(request: HttpRequest, viewer: Viewer, post_id: int) -> HttpResponse:
    """Undo a deletion."""
    try:
        actions.restore(by=viewer.id, post_id=post_id, at=now())
    except Refused as error:
        raise type(error)(_("The time for undoing is over.")) from error
    return (
        _shown_again(request, viewer, post_id, _("It is back."), undo="")
        if request.headers.get("HX-Request")
        else goto(request, f"/posts/{post_id}")
    )
