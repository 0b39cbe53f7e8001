"""For machines that read: Atom, sitemaps, robots.txt. Each asks as a stranger, whoever is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from xml.etree import ElementTree as ET

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from majlis.core import addresses
from majlis.core.clock import now
from majlis.core.paging import Page
from majlis.feeds import lists as feeds
from majlis.feeds.home import FeedPage
from majlis.people import access as people_access
from majlis.people.queries import ProfileView
from majlis.posts import queries as posts
from majlis.posts.queries import PostView
from majlis.web import atom, sitemaps

_ENTRIES: Final = 20
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MINUTES: Final = "public, max-age=300"


# Atom ---------------------------------------------------------------------------------------------


@require_safe
def profile_feed(request: HttpRequest, acct: str) -> HttpResponse:
    """The public posts of a profile, without boosts and answers to others."""
    at = now()
    seen = people_access.see_acct(acct=acct, viewer_id=None)
    query = feeds.ProfileQuery(author=seen.id, without_boosts=True, without_replies=True)
    page = Page.parse(request.GET.dict(), default=_ENTRIES)
    feed = feeds.profile_page(query=query, viewer=None, page=page, at=at)
    url = addresses.profile_url(seen.acct)
    title = _("%(name)s (@%(acct)s)") % {"name": seen.name, "acct": seen.acct}
    return _answer(feed, title=title, page_url=url, at=at, subtitle=seen.bio[:300])


@require_safe
def tag_feed(request: HttpRequest, name: str) -> HttpResponse:
    """The public posts with a hashtag."""
    at = now()
    tag = posts.tag(name=name, viewer=None, at=at)
    page = Page.parse(request.GET.dict(), default=_ENTRIES)
    feed = feeds.tag_page(tags=feeds.TagQuery(name=name), viewer=None, page=page, at=at)
    return _answer(feed, title=f"#{tag.shown}", page_url=addresses.tag_url(tag.name), at=at)


def _answer(feed: FeedPage, *, title: str, page_url: str, at: datetime, subtitle: str = "") -> HttpResponse:
    entries: list[tuple[PostView, ProfileView]] = [
        (post, feed.batch.author(post))
        for id_ in feed.ids
        if (post := feed.batch.posts[id_]).audience == "public"
    ]
    feed_url = f"{page_url}/feed.atom"
    older = f"{feed_url}?max_id={feed.oldest}" if feed.more and feed.oldest else ""
    body = atom.feed(
        title=title,
        page_url=page_url,
        feed_url=feed_url,
        entries=entries,
        at=at,
        subtitle=subtitle,
        older_url=older,
    )
    return HttpResponse(body, content_type=atom.CONTENT_TYPE, headers={"Cache-Control": _MINUTES})


# sitemaps -----------------------------------------------------------------------------------------


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Which sitemaps there are."""
    root = ET.Element(f"{{{_SITEMAP}}}sitemapindex")
    for name in sitemaps.names():
        _child(
            ET.SubElement(root, f"{{{_SITEMAP}}}sitemap"), "loc", addresses.absolute(f"/sitemap-{name}.xml")
        )
    return _xml(root)


@require_safe
def sitemap(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """One sitemap: the pages of the house, of profiles, or of posts."""
    entries = sitemaps.entries(kind, int(number))
    if not entries and int(number) > 1:
        raise Http404
    root = ET.Element(f"{{{_SITEMAP}}}urlset")
    for url, changed in entries:
        element = ET.SubElement(root, f"{{{_SITEMAP}}}url")
        _child(element, "loc", url)
        if changed:
            _child(element, "lastmod", changed.isoformat(timespec="seconds"))
    return _xml(root)


def _child(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_SITEMAP}}}{name}").text = text


def _xml(root: ET.Element) -> HttpResponse:
    ET.register_namespace("", _SITEMAP)
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(
        body, content_type="application/xml; charset=utf-8", headers={"Cache-Control": _MINUTES}
    )


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """What machines may read. Pages of members who do not want it say so themselves (noindex)."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in _CLOSED),
        "",
        f"Sitemap: {addresses.absolute('/sitemap.xml')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


_CLOSED: Final = (
    "/api/", "/oauth/", "/accounts/", "/settings", "/home", "/compose", "/drafts", "/notifications",
    "/bookmarks", "/favourites", "/lists", "/circles", "/search", "/follow_requests", "/people/", "/preferences/",
)  # fmt: skip
