"""From what an app sends about a status to the parameters of a post, and back to words of Mastodon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput
from majlis.mastodon_api.params import NO_ID, Params
from majlis.media.actions import Description
from majlis.people.queries import Viewer
from majlis.posts.access import SeenPost
from majlis.posts.composing import MOST_OPTIONS, MOST_PHOTOS, PollParams, PostParams

AUDIENCES: Final[Mapping[str, str]] = {
    "public": "public",
    "unlisted": "unlisted",
    "private": "followers",
    "direct": "mentioned",
}
QUOTERS: Final[Mapping[str, str]] = {"public": "everyone", "followers": "followers", "nobody": "nobody"}
_OPEN: Final = frozenset({"public", "unlisted"})
_ENOUGH: Final = 4 * MOST_PHOTOS
"""Entries of a list that are read at all; the domain says which number is too many for a post."""


def new_post(sent: Params, *, writer: Viewer) -> PostParams:
    """A post as it was sent; what was left out is as its writer prefers."""
    beyond = sent.nested("majlis") or Params({})
    preferred = writer.preferences
    visibility = sent.choice("visibility", AUDIENCES, "")
    audience = beyond.text("audience") or AUDIENCES.get(visibility, preferred.audience)
    return PostParams(
        text=sent.text("status"),
        audience=audience,
        circle_id=beyond.id("circle_id"),
        title=beyond.text("title"),
        warning=sent.text("spoiler_text"),
        sensitive=sent.flag("sensitive", preferred.sensitive),
        language=sent.text("language") or preferred.language,
        reply_to_id=sent.id("in_reply_to_id"),
        quote_of_id=_quoted(sent),
        photo_ids=_photos(sent),
        cover_id=beyond.id("cover_id"),
        poll=_poll(sent),
        may_reply=beyond.text("may_reply", preferred.may_reply),
        may_quote=_quoters(sent, audience, preferred.may_quote),
    )


def changed_post(sent: Params, *, post: SeenPost) -> PostParams:
    """A post as an edit leaves it. Text, warning and photos that are left out are taken away, as Mastodon
    does; a poll, the language, the audience and what else older apps cannot know stay as they are."""
    beyond = sent.nested("majlis") or Params({})
    audience = beyond.text("audience", post.audience)
    moved = audience != post.audience
    return PostParams(
        text=sent.text("status"),
        audience=audience,
        circle_id=beyond.id("circle_id") if moved or beyond.has("circle_id") else post.circle_id,
        title=beyond.text("title", post.title),
        warning=sent.text("spoiler_text"),
        sensitive=sent.flag("sensitive"),
        language=sent.text("language") or post.language,
        photo_ids=_photos(sent),
        cover_id=beyond.id("cover_id") if beyond.has("cover_id") else post.cover_id,
        poll=_poll(sent),
        may_reply=beyond.text("may_reply", post.may_reply),
        may_quote=_quoters(sent, audience, post.may_quote),
    )


def descriptions(sent: Params) -> list[Description]:
    """``media_attributes[]``: other alt texts and focal points of photos."""
    return [
        Description(
            photo_id=item.id("id") or NO_ID,
            alt=item.maybe_text("description"),
            focus=focus(item),
        )
        for item in sent.items("media_attributes", most=_ENOUGH)
    ]


def focus(sent: Params) -> tuple[float, float] | None:
    """A focal point, written ``x,y``; None when it was not sent."""
    text = sent.text("focus").strip()
    if not text:
        return None
    found = [Params({"focus": part}).number("focus") for part in text.split(",")[:3]]
    if len(found) != 2 or found[0] is None or found[1] is None:
        raise BadInput(_("A focal point is written as two numbers, such as -0.5,0.25."), field="focus")
    return found[0], found[1]


def _quoted(sent: Params) -> int | None:
    # quote_id: what other servers' apps have sent before Mastodon quoted
    return sent.id("quoted_status_id") or sent.id("quote_id")


def _photos(sent: Params) -> tuple[int, ...]:
    return tuple(sent.ids("media_ids", most=_ENOUGH))


def _quoters(sent: Params, audience: str, otherwise: str) -> str:
    """Who may quote: for posts that are not for everybody it is not asked (nobody else can)."""
    word = sent.choice("quote_approval_policy", QUOTERS, "")
    return QUOTERS.get(word, otherwise) if audience in _OPEN else otherwise


def _poll(sent: Params) -> PollParams | None:
    asked = sent.nested("poll")
    if asked is None or not asked.has("options"):
        return None
    return PollParams(
        options=tuple(asked.texts("options", most=4 * MOST_OPTIONS)),
        lasts=timedelta(seconds=asked.whole("expires_in", 0, most=10**9) or 0),
        multiple=asked.flag("multiple"),
        hide_totals=asked.flag("hide_totals"),
    )
