"""The page of a post, and what hangs on it: history, who boosted, who reacted, who quoted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from majlis.core.clock import now
from majlis.core.paging import Page
from majlis.core.text.html import stored_html
from majlis.feeds import lists as feeds
from majlis.feeds.threads import thread_page
from majlis.people import queries as people
from majlis.people.queries import ProfileView
from majlis.posts import access
from majlis.posts import queries as posts
from majlis.web import cards, faces, paging, seo
from majlis.web.context import REACTION_KINDS
from majlis.web.doors import anyone

_PEOPLE = 40


def _canonical(post_id: int, viewer: int | None) -> tuple[access.SeenPost, ProfileView]:
    """The post itself (never a boost) and its author.

    Raises:
        NotThere: not there, or not for her.
    """
    post = access.see_itself(post_id=post_id, viewer=viewer)
    author = people.profile(post.author_id)
    if author is None:
        raise access.not_there()
    return post, author


@anyone("GET")
def by_id(request: HttpRequest, viewer: int | None, post_id: int, part: str = "") -> HttpResponse:
    """``/posts/<id>``: to where the post stands, with the part that was asked for."""
    post, author = _canonical(post_id, viewer)
    return redirect(cards.post_path(author, post.id) + part)


@anyone("GET")
def thread(request: HttpRequest, viewer: int | None, acct: str, post_id: int) -> HttpResponse:
    """A post with what it answers above it and its answers below."""
    at = now()
    post, author = _canonical(post_id, viewer)
    if author.acct.lower() != acct.lower() or post.id != post_id:
        return redirect(cards.post_path(author, post.id))
    around = thread_page(post_id=post_id, viewer=viewer, at=at)
    batch = feeds.by_ids(ids=[post_id], viewer=viewer, at=at)
    if post_id not in batch.posts:  # deleted between two queries
        raise access.not_there()
    item = cards.Reading(batch, at=at).item(batch.posts[post_id])
    others = cards.Reading(around.batch, at=at)
    context = {
        "item": item,
        "ancestors": others.items(around.ancestors),
        "descendants": others.items(around.descendants),
        "here": "",
        "back_url": faces.profile_path(author.acct),
        "gone_above": bool(post.reply_to_id and not around.ancestors),
        "heading": item.post.article.title
        if item.post.article
        else _("Post by %(name)s") % {"name": author.name},
        **seo.of_post(batch.posts[post_id], author, item.post),
    }
    template = "web/thread/article.html" if item.post.article else "web/thread/thread.html"
    return render(request, template, context)


def _part(
    title: Callable[[], str], template: str
) -> Callable[[Callable[..., dict[str, Any]]], Callable[..., HttpResponse]]:
    """A page about a post: the view gives what is particular, this gives the frame."""

    def wrap(view: Callable[..., dict[str, Any]]) -> Callable[..., HttpResponse]:
        @anyone("GET")
        def page(request: HttpRequest, viewer: int | None, acct: str, post_id: int) -> HttpResponse:
            post, author = _canonical(post_id, viewer)
            context = view(request, viewer, post)
            frame = {"page_title": title(), "back_url": cards.post_path(author, post.id), "robots": "noindex"}
            return render(request, template, {**frame, **context})

        return page

    return wrap


@_part(lambda: _("Earlier versions"), "web/thread/history.html")
def history(request: HttpRequest, viewer: int | None, post: access.SeenPost) -> dict[str, Any]:
    """What it said, the newest first."""
    versions = posts.history(post_id=post.id, viewer=viewer)
    shown = [
        {
            "title": version.title,
            "html": stored_html(faces.at_home(version.html)),
            "warning": version.warning,
            "options": version.poll_options or [],
            "alts": [photo["alt"] for photo in version.media if photo["alt"]],
            "photos": len(version.media),
            "made_at": version.made_at,
            "present": place == len(versions),
        }
        for place, version in enumerate(versions, start=1)
    ]
    return {"versions": shown[::-1], "language": post.language}


@_part(lambda: _("Boosts"), "web/thread/people.html")
def boosts(request: HttpRequest, viewer: int | None, post: access.SeenPost) -> dict[str, Any]:
    """Who boosted it, as far as their boosts are for the reader."""
    page = paging.asked(request, default=_PEOPLE)
    found = posts.boosted_by(post_id=post.id, viewer=viewer, page=page)
    return _people(request, viewer, page, [(cursor, id_, "") for cursor, id_ in found])


@_part(lambda: _("Reactions"), "web/thread/people.html")
def reactions(request: HttpRequest, viewer: int | None, post: access.SeenPost) -> dict[str, Any]:
    """Who reacted, and how."""
    page = paging.asked(request, default=_PEOPLE)
    found = posts.reacted_by(post_id=post.id, viewer=viewer, page=page)
    names = dict(REACTION_KINDS)
    given = posts.hydrate([post.id])[post.id].reactions
    counts = [{"kind": kind, "label": names[kind], "count": count} for kind, count in given.items()]
    return {"reaction_counts": counts, **_people(request, viewer, page, found)}


def _people(
    request: HttpRequest, viewer: int | None, page: Page, found: list[tuple[int, int, str]]
) -> dict[str, Any]:
    ids = [id_ for _cursor, id_, _kind in found]
    profiles = people.profiles(ids)
    relations = people.relationships(viewer_id=viewer, ids=ids, at=now()) if viewer else {}
    kinds, names = {id_: kind for _cursor, id_, kind in found}, dict(REACTION_KINDS)
    cursors = [cursor for cursor, _id, _kind in found]
    return {
        "people": [
            {"row": row, "label": names.get(kinds[int(row.person.id)], "")}
            for row in faces.rows(profiles.values(), relations, viewer=viewer)
        ],
        **paging.neighbours(
            request,
            page,
            newest=max(cursors, default=None),
            oldest=min(cursors, default=None),
            more=len(found) >= page.limit,
        ),
    }


@_part(lambda: _("Quotes"), "web/thread/quotes.html")
def quotes(request: HttpRequest, viewer: int | None, post: access.SeenPost) -> dict[str, Any]:
    """The posts that quote it, as far as they are for the reader."""
    page = paging.asked(request)
    ids = posts.quotes_of(post_id=post.id, viewer=viewer, page=page)
    batch = feeds.by_ids(ids=ids, viewer=viewer, at=now())
    return {
        "items": cards.Reading(batch, at=now()).items(ids),
        **paging.neighbours(
            request,
            page,
            newest=max(ids, default=None),
            oldest=min(ids, default=None),
            more=len(ids) >= page.limit,
        ),
    }
