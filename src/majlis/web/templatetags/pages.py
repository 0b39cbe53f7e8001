"""``{% load pages %}``: post cards, rendered once for as long as nothing on them changes.

A card is a function of its item, of whether somebody is signed in, of language and time zone and of how
long ago things were: these are the key, compared by value, so a card made for one reader is shown to another only
when it would be the same to the letter. The token that protects its forms is each reader's own, and the ticket
of a post of a business: they are put in afterwards.
A card costs about a millisecond to render and twenty microseconds to find.
"""

from __future__ import annotations

import secrets
from collections.abc import Hashable
from typing import Any, Final

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from majlis.accounts import zones
from majlis.core.clock import now
from majlis.core.text.html import stored_html
from majlis.web import formats, measured
from majlis.web.cards import Item

register = template.Library()

CAPACITY: Final = 4_000
TEMPLATE: Final = "web/posts/post_card.html"
#: Stands for the reader's token while a card is kept. Random, so that nothing a member writes can be it.
_TOKEN: Final = secrets.token_hex(24)
#: Stands for the ticket of a post of a business, which is of one page load.
_TICKET: Final = secrets.token_hex(24)
_kept: dict[Hashable, str] = {}


@register.simple_tag(takes_context=True)
def card(context: Context, item: Item, detail: bool = False) -> SafeString:
    """``{% card item %}``: a post in a list; ``detail=True`` on its own page."""
    key = _key(context, item, detail)
    html = _kept.get(key)
    if html is None:
        html = _rendered(context, item, detail)
        _make_room()
        _kept[key] = html
    token = str(context.get("csrf_token") or "")
    return stored_html(_with_ticket(context, item, html.replace(_TOKEN, token)))


def _with_ticket(context: Context, item: Item, html: str) -> str:
    """The card with this load's ticket, if it is one of a business."""
    request = context.get("request")
    if item.post.author.kind != measured.BUSINESS or request is None:
        return html.replace(_TICKET, "")
    return html.replace(_TICKET, measured.load(request).ticket(int(item.post.id), offer=item.offer))


def _key(context: Context, item: Item, detail: bool) -> Hashable:
    at, post = now(), item.post
    return (
        get_language(),
        zones.name(),
        bool(context.get("me")),
        detail,
        item,
        formats.ago(post.created_at, at=at),
        formats.ago(post.quote.created_at, at=at) if post.quote and post.quote.created_at else "",
        formats.ahead(post.poll.expires_at, at=at) if post.poll and post.poll.expires_at else "",
    )


def _rendered(context: Context, item: Item, detail: bool) -> str:
    values: dict[str, Any] = {
        "item": item,
        "detail": detail,
        "me": context.get("me"),
        "reaction_kinds": context.get("reaction_kinds"),
        "csrf_token": _TOKEN,
        "ticket": _TICKET,
    }
    return str(get_template(TEMPLATE).render(values))


def _make_room() -> None:
    """The older half goes when all is full: dictionaries keep their order."""
    if len(_kept) >= CAPACITY:
        for key in list(_kept)[: CAPACITY // 2]:
            _kept.pop(key, None)
