"""Reviews as templates read them: stars in words, who wrote, what the page answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands.views import Rating, ReviewView
from majlis.core.text.bidi import direction
from majlis.core.text.html import stored_html
from majlis.people import queries as people
from majlis.web import formats
from majlis.web.faces import Face, Shown, at_home, face


@dataclass(slots=True)
class Review(Shown):
    """One review, all of ``web/profile/review.html``."""

    id: str
    author: Face
    stars: int
    stars_label: str
    recommends: bool | None
    html: SafeString
    dir: str
    language: str
    reply_html: SafeString
    reply: str
    reply_dir: str
    replied_at: datetime | None
    replied_by: Face | None
    made_at: datetime
    edited_at: datetime | None
    is_mine: bool


@dataclass(slots=True)
class Bar(Shown):
    """How many gave so many stars; ``tenths`` of the most that any number of them was given."""

    stars: int
    label: str
    count: int
    tenths: int


@dataclass(slots=True)
class Summary(Shown):
    """What the reviews come to, as a sentence and five bars."""

    count: int
    average: str
    sentence: str
    recommend: str
    bars: list[Bar]


def stars_label(stars: int) -> str:
    """4 of 5 stars."""
    return _("%(n)s of 5 stars") % {"n": formats.number(stars)}


def reviews(found: Sequence[ReviewView], *, viewer: int | None, team: bool = False) -> list[Review]:
    """Reviews with their authors; for the team also who answered. One query."""
    wanted = {each.author_id for each in found} | {each.replied_by or 0 for each in found if team}
    who = {id_: face(profile) for id_, profile in people.profiles(wanted).items()}
    return [_review(each, who, viewer=viewer, team=team) for each in found if each.author_id in who]


def _review(each: ReviewView, who: dict[int, Face], *, viewer: int | None, team: bool) -> Review:
    return Review(
        id=str(each.id),
        author=who[each.author_id],
        stars=each.stars,
        stars_label=stars_label(each.stars),
        recommends=each.recommends,
        html=stored_html(at_home(each.html)),
        dir=direction(each.text[:400]) or "auto",
        language=each.language,
        reply_html=stored_html(at_home(each.reply_html)),
        reply=each.reply,
        reply_dir=direction(each.reply[:400]) or "auto",
        replied_at=each.replied_at,
        replied_by=who.get(each.replied_by or 0) if team else None,
        made_at=each.made_at,
        edited_at=each.edited_at,
        is_mine=each.author_id == viewer,
    )


def summary(rating: Rating) -> Summary:
    """The answer first: 4.6 of 5, from 38 reviews."""
    most = max(rating.by_stars) or 1
    average = formats.number(round(rating.average, 1)) if rating.average is not None else ""
    numbers = {"average": average, "n": formats.number(rating.count)}
    sentence = (
        ngettext(
            "%(average)s of 5, from %(n)s review.", "%(average)s of 5, from %(n)s reviews.", rating.count
        )
        % numbers
        if rating.count
        else _("Nobody has reviewed this page yet.")
    )
    recommend = (
        _("%(share)s of those who say so recommend it.")
        % {"share": formats.percent(100 * rating.recommend / rating.recommend_of)}
        if rating.recommend_of
        else ""
    )
    bars = [
        Bar(stars, stars_label(stars), count, round(10 * count / most))
        for stars, count in sorted(enumerate(rating.by_stars, start=1), reverse=True)
    ]
    return Summary(rating.count, average, sentence, recommend, bars)
