"""What people write about themselves, as HTML: the bio and the four fields."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from majlis.core.addresses import profile_url, tag_url
from majlis.core.errors import BadInput
from majlis.core.text.entities import find_mentions
from majlis.core.text.html import MentionLink, absolute_link, post_html, sanitise
from majlis.core.text.links import find_links
from majlis.people import queries
from majlis.people.words import one_line

MOST_FIELDS: Final = 4
LONGEST_FIELD: Final = 255


def bio_html(source: str) -> str:
    """The bio as HTML: mentions of people who are here, hashtags and links are links."""
    return str(post_html(source, mentions=_mentions(source), tag_url=tag_url))


def _mentions(source: str) -> dict[str, MentionLink]:
    ids = queries.ids_of({mention.key for mention in find_mentions(source)})
    found = queries.profiles(ids.values())
    return {
        key: MentionLink(url=profile_url(found[id_].acct), name=found[id_].handle) for key, id_ in ids.items()
    }


def fields_json(
    pairs: Sequence[tuple[str, str]], *, before: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The fields as they are stored. ``before`` are the stored ones: a link that stays keeps its check.

    Raises:
        BadInput: more than four, or one longer than 255 characters, or a value without a name.
    """
    if len(pairs) > 100:  # refused before any text is read
        raise _too_many()
    verified = {field["value"]: field["verified_at"] for field in before if field["url"]}
    fields = [_field(name, value, verified) for name, value in pairs if name.strip() or value.strip()]
    if len(fields) > MOST_FIELDS:
        raise _too_many()
    return fields


def _too_many() -> BadInput:
    return BadInput(_("A profile has four fields at the most."), field="fields_attributes", code="limit")


def _field(name: str, value: str, verified: Mapping[str, str | None]) -> dict[str, Any]:
    name = one_line(name, field="fields_attributes", longest=LONGEST_FIELD, required=True)
    value = one_line(value, field="fields_attributes", longest=LONGEST_FIELD)
    url = _only_link(value)
    return {
        "name": name,
        "value": value,
        "url": url,
        "html": _field_html(value, url),
        "verified_at": verified.get(value) if url else None,
    }


def _only_link(value: str) -> str:
    """The address, when the value is one and nothing else; the empty string otherwise."""
    links = find_links(value)
    if len(links) == 1 and links[0].text == value:
        return absolute_link(links[0].url) or ""
    return ""


def _field_html(value: str, url: str) -> str:
    """A lone link is shown in full: what is shown of an address that is vouched for hides nothing."""
    if url:
        return str(
            sanitise(f'<a href="{html.escape(url)}" translate="no" dir="ltr">{html.escape(value)}</a>')
        )
    inline = post_html(value, mentions=_mentions(value), tag_url=tag_url)
    return str(inline).removeprefix("<p>").removesuffix("</p>")
