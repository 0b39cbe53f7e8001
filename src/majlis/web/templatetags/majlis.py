"""``{% load majlis %}``: icons, avatars, numbers and moments in the reader's language, data for robots."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.template.defaulttags import IfNode
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from majlis.accounts import zones
from majlis.core.clock import now
from majlis.web import devices, formats, icons
from majlis.web import scopes as scope_words
from majlis.web.context import REACTION_KINDS

register = template.Library()


class Face(Protocol):
    """What an avatar needs to know of a person or a business."""

    display_name: str
    avatar_url: str
    kind: str


class FixedNode(template.Node):
    """A piece that depends on nothing but the language, rendered once for each."""

    def __init__(self, body: template.NodeList) -> None:
        self.body = body
        self.rendered: dict[str, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        language = get_language() or "en"
        if language not in self.rendered:
            self.rendered[language] = self.body.render(context)
        return self.rendered[language]


@register.tag
def fixed(parser: template.base.Parser, token: template.base.Token) -> FixedNode:
    """``{% fixed %}{% icon "boost" %}{% translate "Boost" %}{% endfixed %}``: no variables inside."""
    body = parser.parse(("endfixed",))
    parser.delete_first_token()
    if body.get_nodes_by_type(template.base.VariableNode) or body.get_nodes_by_type(IfNode):
        raise template.TemplateSyntaxError("Between fixed and endfixed stands nothing that changes.")
    return FixedNode(body)


@register.simple_tag(name="icon")
def icon_tag(name: str, classes: str = "") -> SafeString:
    """``{% icon "bell" %}``: the picture alone; say its meaning in words beside it."""
    return icons.icon(name, classes)


@register.simple_tag
def avatar(who: Face, size: str = "") -> SafeString:
    """Round for a person, a rounded square for a business; the first letter when there is no picture.

    ``size`` is "", "s", "l" or "xl". The picture says nothing that the name beside it does not: alt="".
    """
    classes = f"avatar{' business' if who.kind == 'business' else ''}{f' size-{size}' if size else ''}"
    picture = getattr(who, "avatar_url", "")
    if not picture:
        letter = (who.display_name.strip() or "·")[0].upper()
        return format_html('<span class="{} letter" aria-hidden="true">{}</span>', classes, letter)
    return format_html(
        '<img class="{}" src="{}" alt="" width="96" height="96" loading="lazy" decoding="async">',
        classes,
        picture,
    )


@register.simple_tag
def verified() -> SafeString:
    """The mark beside somebody whose page elsewhere links back. It says what was checked, and no more."""
    words = gettext("Verified link")
    return format_html(
        '<span class="verified" title="{}">{}<span class="visually-hidden">{}</span></span>',
        words,
        icons.icon("verified"),
        words,
    )


_AUDIENCE_ICONS = {
    "public": "globe",
    "unlisted": "unlisted",
    "followers": "lock",
    "friends": "people",
    "circle": "circle",
    "mentioned": "at",
}


@register.simple_tag
def audience_icon(audience: str, label: str) -> SafeString:
    """The picture of an audience with its name for those who cannot see it, and as a tooltip."""
    return format_html(
        '<span class="audience" title="{}">{}<span class="visually-hidden">{}</span></span>',
        label,
        icons.icon(_AUDIENCE_ICONS.get(audience, "lock"), "icon-small"),
        label,
    )


@register.filter
def number(value: float | None) -> str:
    """1234567 → 1,234,567."""
    return "" if value is None else formats.number(value)


@register.filter
def compact(value: int | None) -> str:
    """12345 → 12.3K; nothing for nought: a button does not boast of having no clicks."""
    return formats.compact(value) if value else ""


@register.filter
def percent(value: float | None) -> str:
    """A share of a hundred → 43%."""
    return "" if value is None else formats.percent(value)


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, short."""
    return formats.ago(moment, at=now()) if moment else ""


@register.filter
def ahead(moment: datetime | None) -> str:
    """How long until then."""
    return formats.ahead(moment, at=now()) if moment else ""


@register.filter
def datetime_full(moment: datetime | None) -> str:
    """Day, date and time in words."""
    return formats.datetime_full(moment) if moment else ""


@register.filter
def date_long(moment: datetime | None) -> str:
    """The date in words."""
    return formats.date(moment) if moment else ""


@register.simple_tag
def zone_name() -> str:
    """For a hidden field ``time_zone`` beside a ``datetime-local``: the zone in which it was shown."""
    return zones.name()


@register.simple_tag
def zone_label() -> str:
    """The zone of this page in words, beside the label of such a field."""
    return zones.label()


@register.filter
def iso(moment: datetime | None) -> str:
    """For ``<time datetime="…">``."""
    return moment.isoformat(timespec="seconds") if moment else ""


@register.filter
def focus_classes(media: Any) -> str:
    """The focal point (−1 … 1, y upwards) as classes: a strict policy allows no style attribute."""
    across = round(((getattr(media, "focus_x", 0) or 0) + 1) * 5)
    down = round((1 - (getattr(media, "focus_y", 0) or 0)) * 5)
    return f"fx-{min(max(across, 0), 10)} fy-{min(max(down, 0), 10)}"


@register.filter
def device(user_agent: str | None) -> str:
    """Firefox on Linux."""
    return devices.device_name(user_agent or "")


@register.filter
def top_reactions(reactions: dict[str, int]) -> list[str]:
    """The three kinds most given, for the little faces beside the count."""
    given = [kind for kind in icons.REACTIONS if reactions.get(kind)]
    return sorted(given, key=lambda kind: -reactions[kind])[:3]


@lru_cache(maxsize=64)
def _picker(language: str, chosen: str) -> str:
    """Six buttons in one language; "POST-ID" stands for the post. As a loop in the template this was
    nearly half of a card's time."""
    return "".join(
        format_html(
            '<button name="kind" value="{}" title="{}" aria-pressed="{}" formaction="{}">{}'
            '<span class="visually-hidden">{}</span></button>',
            kind,
            label,
            "true" if kind == chosen else "false",
            f"/posts/POST-ID/{'unreact' if kind == chosen else 'react'}",
            icons.icon(kind),
            label,
        )
        for kind, label in REACTION_KINDS
    )


@register.simple_tag
def reaction_buttons(post: Any) -> SafeString:
    """The six reactions to a post; pressing the chosen one takes it back."""
    buttons = _picker(get_language() or "en", post.mine.reaction or "")
    return mark_safe(buttons.replace("POST-ID", escape(post.id)))  # noqa: S308 — the id is escaped


@register.simple_tag
def scope_sentences(scopes: list[str] | None) -> list[scope_words.ScopeSentence]:
    """``{% scope_sentences scopes as sentences %}``: what an app may do, in plain words."""
    return scope_words.sentences(scopes or [])


@register.simple_tag
def json_ld(data: dict[str, Any] | None) -> SafeString:
    """Structured data for search engines; data, not script, and nothing in it can close the element."""
    if not data:
        return mark_safe("")
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character, spelt in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(character, spelt)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 — escaped above


@register.simple_tag(takes_context=True)
def in_asked_language(context: Mapping[str, Any], canonical: str) -> str:
    """The address with the language that was asked for in it: each of the ``alternates`` is canonical itself."""
    request = context.get("request")
    asked = request.GET.get("lang", "") if request is not None else ""
    if asked not in dict(settings.LANGUAGES):
        return canonical
    return f"{canonical}{'&' if '?' in canonical else '?'}lang={asked}"


@register.simple_tag
def alternates(canonical: str) -> SafeString:
    """``hreflang`` links: the same page in each language, and the one that asks the browser."""
    links = [format_html('<link rel="alternate" hreflang="x-default" href="{}">', canonical)]
    for code, _name in settings.LANGUAGES:
        joint = "&" if "?" in canonical else "?"
        address = f"{canonical}{joint}{urlencode({'lang': code})}"
        links.append(format_html('<link rel="alternate" hreflang="{}" href="{}">', code, address))
    return mark_safe("".join(links))  # noqa: S308 — each part was escaped by format_html
