"""Expectations as sentences, put together from parts that each language has its own order for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from majlis.insights.kinds import FEWEST_SHOWN
from majlis.insights.methods.expectation import Outcome
from majlis.insights.plots import writing
from majlis.studio.planning.forecasts import Calibration, Expected, Kept
from majlis.studio.planning.history import HOUSE

OUTCOMES: Final[dict[Outcome, str | Promise]] = {
    Outcome.REACH: pgettext_lazy("what is expected of a post", "Reach"),
    Outcome.CLICKS: pgettext_lazy("what is expected of a post", "Clicks"),
}
KINDS: Final[dict[str, str | Promise]] = {
    "text": pgettext_lazy("kind of post", "text"),
    "photo": pgettext_lazy("kind of post", "photos"),
    "poll": pgettext_lazy("kind of post", "a poll"),
    "article": pgettext_lazy("kind of post", "an article"),
}
FORMULA: Final = gettext_lazy(
    "Kind, part of the day, weekend, length and time since the last post, learnt from the page's own posts, newer ones "
    "counting more; the range is the shortest that held four of five of its own earlier errors, stretched for ranges "
    "that missed."
)
POPULATION: Final = gettext_lazy(
    "Distinct members who view the post within seven days; times its tracked links are followed in them"
)


def range_words(said: Expected) -> str:
    """120 to 180; up to 30; fewer than ten."""
    if said.few:
        return _("fewer than ten")
    if said.low == 0:
        return _("up to %(high)s") % {"high": writing.number(said.high)}
    return _("%(low)s to %(high)s") % {
        "low": writing.number(said.low),
        "high": writing.number(said.high),
    }


def expected(said: Sequence[Expected]) -> str:
    """What a post is expected to come to, as a sentence or two."""
    told = {each.outcome: each for each in said}
    reach, clicks = told.get(Outcome.REACH), told.get(Outcome.CLICKS)
    if reach is None:
        return ""
    if reach.few:
        first = _("Four times of five such a post is seen by fewer than ten people in its first week.")
    else:
        first = _("Four times of five such a post is seen by %(range)s people in its first week.") % {
            "range": range_words(reach)
        }
    if clicks is None:
        return first
    second = _("Its links are followed %(range)s times.") % {"range": range_words(clicks)}
    return f"{first} {second}"


def made_of(said: Expected) -> str:
    """What an expectation stands on."""
    parts = []
    if said.posts:
        parts.append(
            ngettext(
                "It is told from %(n)s post of this page that had its week.",
                "It is told from %(n)s posts of this page that had their week.",
                said.posts,
            )
            % {"n": writing.number(said.posts)}
        )
    else:
        parts.append(_("No post of this page has had its week yet."))
    if lent := borrowed(said):
        parts.append(lent)
    if said.widened > 1.02:
        parts.append(
            _("Because ranges of this page missed more often than one time of five, it is %(share)s wider.")
            % {"share": writing.percent(said.widened - 1)}
        )
    elif said.widened < 0.98:
        parts.append(
            _(
                "Because ranges of this page missed less often than one time of five, it is %(share)s narrower."
            )
            % {"share": writing.percent(1 - said.widened)}
        )
    return " ".join(parts)


def borrowed(said: Expected) -> str:
    """From whom the rest is borrowed; empty when nothing is."""
    if not said.lender:
        return ""
    if said.lender == HOUSE:
        return ngettext(
            "The rest is borrowed from %(n)s other page of this house that is about as large, taken together.",
            "The rest is borrowed from %(n)s other pages of this house that are about as large, taken together.",
            said.lenders,
        ) % {"n": writing.number(said.lenders)}
    return _(
        "The rest is borrowed from one published brand: 500 posts of a cosmetics company on Facebook (Moro, Rita and "
        "Vala 2016, CC BY 4.0). How far you are from it nobody knows, so the range is wide."
    )


def score(kept: Kept) -> str:
    """What was expected of a post, and whether it held."""
    said = kept.expected
    name = OUTCOMES[said.outcome]
    if kept.came is None:
        return _("%(name)s: %(range)s was expected. After seven days it is held against what came.") % {
            "name": name, "range": range_words(said),
        }  # fmt: skip
    came = _("fewer than ten") if kept.hidden else writing.number(kept.came)
    held = _("%(name)s: %(range)s was expected, %(came)s came. The range held.")
    missed = _("%(name)s: %(range)s was expected, %(came)s came. The range did not hold.")
    return (held if kept.held else missed) % {"name": name, "range": range_words(said), "came": came}


def calibration(found: Sequence[Calibration]) -> str:
    """How well ranges held: those for reach, and where there are none scored, all."""
    reach = [each for each in found if each.outcome is Outcome.REACH and each.scored]
    found = reach or found
    held, scored = sum(each.held for each in found), sum(each.scored for each in found)
    if not found:
        return _(
            "Nothing was expected yet. Of every post that leaves, what it is expected to come to is written down, and "
            "held against what came seven days later."
        )
    if not scored:
        waiting = sum(each.waiting for each in found)
        return ngettext(
            "%(n)s range waits for its seven days.",
            "%(n)s ranges wait for their seven days.",
            waiting,
        ) % {"n": writing.number(waiting)}
    said = ngettext(
        "%(held)s of %(n)s range for reach held.", "%(held)s of %(n)s ranges for reach held.", scored
    ) % {
        "held": writing.number(held),
        "n": writing.number(scored),
    }
    return f"{said} {_judged(found, scored)}"


def _judged(found: Sequence[Calibration], scored: int) -> str:
    """Whether that is as wanted, so far as so few can say."""
    if scored < FEWEST_SHOWN:
        return _("Four of five should; of so few nothing can be said.")
    off = [each for each in found if each.interval and not each.interval[0] <= 0.8 <= each.interval[1]]
    if not off:
        return _("Four of five should, and that fits.")
    narrow = any(each.interval and each.interval[1] < 0.8 for each in off)
    if narrow:
        return _("Four of five should: they are too narrow, and the next ones are made wider.")
    return _("Four of five should: they are too wide, and the next ones are made narrower.")
