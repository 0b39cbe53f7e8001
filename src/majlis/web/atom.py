"""Atom (RFC 4287) of public posts: written by a real XML writer, never glued together.

Titles and texts are text nodes, so that nothing in them ends an element; characters that XML 1.0 cannot
hold (section 2.2) are left out, and the marks of direction that a title opens are closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from django.utils.html import escape

from majlis.core import addresses
from majlis.core.text.bidi import balanced
from majlis.core.text.html import plain
from majlis.media.addresses import photo_url
from majlis.people.queries import ProfileView
from majlis.posts.queries import PostView
from majlis.web import cards

_ATOM: Final = "http://www.w3.org/2005/Atom"
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CONTENT_TYPE: Final = "application/atom+xml; charset=utf-8"


def feed(
    *,
    title: str,
    page_url: str,
    feed_url: str,
    entries: Iterable[tuple[PostView, ProfileView]],
    at: datetime,
    subtitle: str = "",
    older_url: str = "",
) -> bytes:
    """A feed. The entries must be public, each with its author; a content warning stands for its text."""
    ET.register_namespace("", _ATOM)
    shown = list(entries)
    root = ET.Element(f"{{{_ATOM}}}feed")
    _text(root, "id", page_url)
    _text(root, "title", title)
    if subtitle:
        _text(root, "subtitle", subtitle)
    _text(
        root, "updated", _moment(max((post.edited_at or post.made_at for post, _author in shown), default=at))
    )
    _link(root, "self", feed_url, "application/atom+xml")
    _link(root, "alternate", page_url, "text/html")
    if older_url:
        _link(root, "next", older_url, "application/atom+xml")
    for post, author in shown:
        _entry(root, post, author)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _entry(root: ET.Element, post: PostView, author: ProfileView) -> None:
    entry = ET.SubElement(root, f"{{{_ATOM}}}entry")
    url = addresses.post_url(author.acct, post.id)
    if post.language:
        entry.set("{http://www.w3.org/XML/1998/namespace}lang", post.language)
    _text(entry, "id", addresses.absolute(f"/posts/{post.id}"))
    _text(entry, "title", title_of(post))
    _text(entry, "published", _moment(post.made_at))
    _text(entry, "updated", _moment(post.edited_at or post.made_at))
    _link(entry, "alternate", url, "text/html")
    writer = ET.SubElement(entry, f"{{{_ATOM}}}author")
    _text(writer, "name", author.name)
    _text(writer, "uri", addresses.profile_url(author.acct))
    for tag in post.tags:
        ET.SubElement(entry, f"{{{_ATOM}}}category", {"term": _clean(tag.shown)})
    content = _text(entry, "content", f"<p>{escape(post.warning)}</p>" if post.warning else post.html)
    content.set("type", "html")
    if not post.warning and not post.sensitive:
        for photo in post.photos:
            _enclosure(entry, photo.key, photo.variants)


def title_of(post: PostView) -> str:
    """The title of an article, the warning, or the beginning of the text."""
    return post.title or post.warning or cards.excerpt(plain(post.html), 80) or "…"


def _enclosure(entry: ET.Element, key: str, variants: dict) -> None:  # type: ignore[type-arg]  # of a PhotoView
    size = variants.get("large") or variants.get("original")
    if size:
        link = _link(entry, "enclosure", photo_url(key, size.file), size.mime or "image/webp")
        link.set("length", str(size.bytes))


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{_ATOM}}}{name}")
    made.text = _clean(balanced(text))
    return made


def _link(parent: ET.Element, relation: str, url: str, kind: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_ATOM}}}link", {"rel": relation, "href": _clean(url), "type": kind})


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
