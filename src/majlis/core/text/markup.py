"""HTML made from plain text: paragraphs, links, mentions and hashtags in the shape Mastodon's apps expect.

Returns plain strings. Everything that is not written here is escaped here; ``html.py`` is the door
through which the result reaches a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from majlis.core.text.entities import Entity, Hashtag, Mention, find_entities
from majlis.core.text.links import Link, absolute_link

LINK_REL: Final = "nofollow noopener noreferrer ugc"
_SHOWN_OF_LINK: Final = 30
_PREFIX: Final = re.compile(r"(?:https?://)?(?:www\.)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MentionLink:
    """Where a mention leads: ``url`` of the profile, ``name`` to show after the sign (without host)."""

    url: str
    name: str


Mentions = Mapping[str, MentionLink]
TagUrl = Callable[[str], str]


def paragraphs(escaped: str) -> str:
    """Escaped text in ``<p>``: an empty line parts paragraphs, a line end is ``<br>``."""
    if not escaped:
        return ""
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in escaped.split("\n\n"))


def inline(source: str, mentions: Mentions, tag_url: TagUrl) -> str:
    """Escaped text with its entities linked, each in its own direction (``dir``).

    So a name in the other script does not turn the sentence around; and browsers skip elements with
    ``dir`` when they look for the direction of the paragraph.
    """
    pieces: list[str] = []
    at = 0
    for entity in find_entities(source):
        pieces += (escape(source[at : entity.start]), _linked(entity, mentions, tag_url))
        at = entity.end
    return "".join([*pieces, escape(source[at:])])


def _linked(entity: Entity, mentions: Mentions, tag_url: TagUrl) -> str:
    match entity:
        case Link():
            return link(entity.url, shown=entity.text)
        case Hashtag():
            return _hashtag(entity, tag_url(entity.key))
        case Mention():
            found = mentions.get(entity.key)
            return _mention(entity, found) if found else escape(entity.text)


def _mention(mention: Mention, target: MentionLink) -> str:
    url = absolute_link(target.url)
    if url is None:
        return escape(mention.text)
    return (
        '<span class="h-card" translate="no" dir="auto">'
        f'<a href="{escape(url)}" class="u-url mention">'
        f"{mention.text[0]}<span>{escape(target.name)}</span></a></span>"
    )


def _hashtag(tag: Hashtag, url: str) -> str:
    return (
        f'<a href="{escape(url)}" class="mention hashtag" rel="tag" dir="auto">'
        f"{tag.text[0]}<span>{escape(tag.name)}</span></a>"
    )


def link(url: str, *, shown: str) -> str:
    """A link whose scheme is hidden and of whose rest 30 characters show; text when it may not be one.

    The hidden parts stay in the text (class ``invisible``), so that copying gives the whole address.
    """
    address = absolute_link(url)
    if address is None:
        return escape(shown)
    prefix = _PREFIX.match(shown)
    start = prefix.end() if prefix else 0
    end = start + _SHOWN_OF_LINK
    cut = "ellipsis" if len(shown) > end else ""
    return (
        f'<a href="{escape(address)}" target="_blank" rel="{LINK_REL}" translate="no" dir="ltr">'
        f'<span class="invisible">{escape(shown[:start])}</span>'
        f'<span class="{cut}">{escape(shown[start:end])}</span>'
        f'<span class="invisible">{escape(shown[end:])}</span></a>'
    )
