"""The made-up posts of the gallery: every state a post card can be in."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from majlis.web.gallery.people import picture

_HUES = (28, 95, 210, 340, 60, 180, 12, 260, 130, 300, 45, 80, 200, 15, 320, 150)


def photo(
    index: int, *, alt: str = "", width: int = 1200, height: int = 900, focus: tuple[float, float] = (0, 0)
) -> Thing:
    """One made-up photo."""
    address = picture(_HUES[index % 16], width, height)
    return Thing(
        url=address,
        small_url=address,
        width=width,
        height=height,
        alt=alt,
        blurhash="LEHV6nWB2yk8pyo0adR*.7kCMdnj",
        focus_x=focus[0],
        focus_y=focus[1],
        kind="image",
    )


def poll(at: datetime, **changes: Any) -> Thing:
    """One made-up poll."""
    options = [("خبز الزعتر", 64, 53.3), ("Olive loaf", 41, 34.2), ("كلاهما معًا، من فضلكم", 15, 12.5)]
    base = {
        "options": [Thing(title=t, votes=v, percent=p, chosen=False) for t, v, p in options],
        "multiple": False,
        "expires_at": at + timedelta(hours=5),
        "closed": False,
        "voted": False,
        "total_voters": 120,
        "hide_totals": False,
    }
    return Thing(**{**base, **changes})


def post(at: datetime, author: Thing, html: str, language: str = "en", **changes: Any) -> Thing:
    """One made-up post, with whatever the example changes."""
    number = str(114000000000000000 + hash((author.acct, html)) % 10**9)
    base: dict[str, Any] = {
        "id": number,
        "url": f"{author.url}/{number}",
        "author": author,
        "html": mark_safe(html),  # noqa: S308 — written here
        "language": language,
        "dir": "rtl" if language == "ar" else "ltr",
        "content_warning": "",
        "sensitive": False,
        "audience": "public",
        "audience_label": _("Public"),
        "created_at": at - timedelta(minutes=12),
        "edited_at": None,
        "media": [],
        "poll": None,
        "card": None,
        "quote": None,
        "article": None,
        "counts": Thing(replies=0, boosts=0, reactions=0, quotes=0),
        "reactions": {},
        "mine": Thing(reaction=None, boosted=False, bookmarked=False, pinned=False, muted=False),
        "may": Thing(reply=True, boost=True, edit=False, delete=False, pin=False),
        "reply_to": None,
    }
    return Thing(**{**base, **changes})


def item(shown: Thing, **changes: Any) -> Thing:
    """A post as it stands in a list."""
    return Thing(
        **{"post": shown, "boosted_by": None, "why": "", "filtered": None, "pinned": False, **changes}
    )


ENGLISH = (
    "<p>Back from the market with more quinces than is reasonable. Jam on Saturday — bring jars and a story, "
    'and ask <a class="mention" href="/@basim">@basim</a> about the year the stove won.</p><p>'
    '<a class="hashtag" href="/tags/quince">#quince</a> <a class="hashtag" href="/tags/x">#سفرجل</a></p>'
)
ARABIC = (
    "<p>صباح الخير يا أهل الحيّ. خرج أول خبز بالزعتر من الفرن قبل قليل، والباب مفتوح حتى الساعة 6 مساءً.</p>"
    '<p>من يصل قبل العاشرة فله فنجان قهوة علينا ☕ <a class="hashtag" href="/tags/bread">#خبز_الصباح</a></p>'
)
MIXED = (
    '<p dir="auto">قرأت اليوم مقالة بعنوان “The Slow Table” عن 12 عائلة تطبخ معًا كل خميس.</p>'
    '<p dir="auto">Worth an hour: it made me call my aunt in عمّان.</p>'
)
