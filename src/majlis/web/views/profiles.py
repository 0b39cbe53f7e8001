"""The page of a profile: what it says of itself, its posts, its network."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands import queries as brands
from majlis.brands.views import PageView
from majlis.core.clock import now
from majlis.feeds import lists as feeds
from majlis.people import access as people_access
from majlis.people import queries as people
from majlis.people.access import SeenProfile
from majlis.posts import queries as posts
from majlis.web import answers, cards, faces, formats, measured, paging, reviews, seo, shops
from majlis.web.doors import anyone

_PARTS: Final = ("", "with_replies", "media", "articles")


@anyone("GET")
def profile(request: HttpRequest, viewer: int | None, acct: str, part: str = "") -> HttpResponse:
    """A profile with its posts: all, with answers, photos, or articles."""
    at, page = now(), paging.asked(request)
    seen = people_access.see_acct(acct=acct, viewer_id=viewer)
    if seen.acct != acct:
        return redirect(faces.profile_path(seen.acct) + (f"/{part}" if part else ""))
    measured.visited(request, profile_id=seen.id, kind=seen.kind)
    feed = feeds.profile_page(query=_query(seen.id, part), viewer=viewer, page=page, at=at)
    context = paging.feed_context(request, feed, page, at=at)
    if part == "" and context["first_page"]:
        context["items"] = [*_pinned(seen.id, viewer, at=at), *context["items"]]
    context |= head(seen, viewer, at=at) | tabs(seen, part)
    if context["page"] and part == "":
        context |= _business(context["page"], at=at)
    described = seo.of_profile(seen, part=part, business=context.get("business"))
    return render(request, "web/profile/profile.html", {**context, **described})


def _business(page: PageView, *, at: datetime) -> dict[str, Any]:
    """What the first page of a business adds: what reviews come to, the offer that stands first."""
    rating = brands.rating(page_id=page.id)
    offered = brands.offerings(page_id=page.id, at=at)
    pinned = next((shops.offer(each, at=at) for each in offered if each.pinned), None)
    return {
        "summary": reviews.summary(rating),
        "answering": answers.answering(page.id),
        "pinned_offer": pinned,
        "offers_count": len(offered),
        "business": shops.structured(page, rating, offered, at=at),
    }


def _query(author: int, part: str) -> feeds.ProfileQuery:
    return feeds.ProfileQuery(
        author=author,
        without_replies=part == "",
        without_boosts=part in ("media", "articles"),
        only_media=part == "media",
        only_articles=part == "articles",
    )


def _pinned(author: int, viewer: int | None, *, at: datetime) -> list[cards.Item]:
    ids = posts.pinned(author=author, viewer=viewer)
    if not ids:
        return []
    feed = feeds.pinned_page(author=author, ids=ids, viewer=viewer, at=at)
    return cards.Reading(feed.batch, at=at).items(ids, pinned=ids)


def tabs(seen: SeenProfile, part: str) -> dict[str, Any]:
    """The tabs of a profile, for ``parts/tabs.html``."""
    path = faces.profile_path(seen.acct)
    found = list(zip(_PARTS, (_("Posts"), _("Replies"), _("Photos"), _("Articles")), strict=True))
    if seen.kind == "business" and seen.local:
        found[1:1] = [("offers", _("Offers")), ("reviews", _("Reviews"))]
    return {
        "tabs": [
            {"url": f"{path}/{name}" if name else path, "label": label, "current": name == part}
            for name, label in found
        ],
        "tabs_label": _("Posts"),
        "part": part,
    }


def head(seen: SeenProfile, viewer: int | None, *, at: datetime) -> dict[str, Any]:
    """What ``profile_header.html`` reads: the person, and how the viewer stands to her."""
    is_me = seen.id == viewer
    relation = None
    familiar: list[faces.Face] = []
    if viewer is not None and not is_me:
        relation = people.relationships(viewer_id=viewer, ids=[seen.id], at=at).get(seen.id)
        familiar = _familiar(viewer, seen.id)
    moved_to = people.profile(seen.moved_to) if seen.moved_to else None
    person = faces.profile_head(seen, viewer=viewer, moved_to=moved_to)
    page = brands.page(page_id=seen.id) if seen.kind == "business" and seen.local else None
    shop = shops.shop(page, at=at) if page else None
    if shop:
        person.category, person.opening = shop.category, shop.opening
    return {
        "person": person,
        "page": page,
        "shop": shop,
        "relation": faces.relation(relation),
        "is_me": is_me,
        "here": "me" if is_me else "",
        "familiar": familiar[:3],
        "familiar_sentence": _familiar_sentence(familiar),
    }


def _familiar(viewer: int, profile_id: int) -> list[faces.Face]:
    known = people.familiar_followers(viewer_id=viewer, ids=[profile_id])[profile_id][:20]
    return [faces.face(profile) for profile in people.profiles(known).values()]


def _familiar_sentence(familiar: list[faces.Face]) -> str:
    if not familiar:
        return ""
    return ngettext(
        "%(n)s person you follow follows this profile.",
        "%(n)s people you follow follow this profile.",
        len(familiar),
    ) % {"n": formats.number(len(familiar))}


@anyone("GET")
def network(request: HttpRequest, viewer: int | None, acct: str, which: str) -> HttpResponse:
    """Followers, or whom it follows; nobody where the profile hides them."""
    at, page = now(), paging.asked(request, default=40)
    seen = people_access.see_acct(acct=acct, viewer_id=viewer)
    read = people.followers_of if which == "followers" else people.following_of
    found = read(profile_id=seen.id, viewer_id=viewer, page=page)
    path = faces.profile_path(seen.acct)
    return render(request, "web/profile/network.html", {
        "rows": person_rows(found.items, viewer, at=at),
        **paging.slice_context(request, found, page),
        "hidden": seen.hide_network and seen.id != viewer,
        "which": which,
        "tabs": [
            {"url": f"{path}/followers", "label": _("Followers"), "current": which == "followers"},
            {"url": f"{path}/following", "label": _("Following"), "current": which == "following"},
        ],
        "tabs_label": _("Network"),
        "page_title": seen.name,
        "back_url": path,
        "robots": "noindex",
    })  # fmt: skip


def person_rows(ids: Any, viewer: int | None, *, at: datetime) -> list[faces.PersonRow]:
    """People by id as rows. Two queries, whatever their number."""
    relations = people.relationships(viewer_id=viewer, ids=ids, at=at) if viewer is not None else {}
    return faces.rows(people.profiles(ids).values(), relations, viewer=viewer)


@anyone("GET")
def by_id(request: HttpRequest, viewer: int | None, profile_id: int) -> HttpResponse:
    """``/users/<id>``: to the page of the profile."""
    seen = people_access.see_profile(profile_id=profile_id, viewer_id=viewer)
    return redirect(faces.profile_path(seen.acct))
