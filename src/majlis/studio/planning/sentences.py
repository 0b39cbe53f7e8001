"""The plan in sentences: the answer first, what it stands on, what it costs, what following it would have been worth."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from majlis.insights.methods.plan_value import Verdict
from majlis.insights.plots import saying, writing
from majlis.studio.planning import reasons
from majlis.studio.planning.ground import Ground, Money
from majlis.studio.planning.interview import Interview
from majlis.studio.planning.reasons import PARTS, Reason, sentence
from majlis.studio.planning.testing import PUBLISHED, Test
from majlis.studio.planning.words import KINDS

_MISSING: Final[dict[str, str | Promise]] = {
    "hour": gettext_lazy("what an hour of work costs (under Money)"),
    "price": gettext_lazy("what a usual order costs (in the interview)"),
    "margin": gettext_lazy("which share of it is left (in the interview)"),
    "clicks": gettext_lazy(
        "how many of those reached follow a link: too few posts with links in the last 28 days"
    ),
    "orders": gettext_lazy("how many visits end in an order: too few visits in the last 28 days"),
    "followers": gettext_lazy("followers"),
    "currency": gettext_lazy("a price in the currency you count in (under Money)"),
}


def hours(value: float) -> str:
    """1.5 hours."""
    return ngettext("%(n)s hour", "%(n)s hours", int(value) if value == int(value) else 5) % {
        "n": writing.number(value)
    }


def ends(low: int, high: int) -> str:
    """A range as words; under ten it is only said to be that."""
    if high < 10:
        return _("fewer than ten")
    if low == 0:
        return _("up to %(high)s") % {"high": writing.number(high)}
    return _("%(low)s to %(high)s") % {"low": writing.number(low), "high": writing.number(high)}


def none_yet(asked: Interview) -> str:
    """What to do before there is a plan."""
    if asked.answers.hours_week is not None:
        return _("The questions are answered as far as a plan needs them. It can be made.")
    if asked.step:
        return _("You have begun to tell about your business. Go on where you left, and a plan can be made.")
    return _("A plan for your business and no other begins with a few questions. They take three minutes.")


def plan(found: Ground) -> str:
    """The plan in a sentence or two."""
    if not found.total:
        return _(
            "%(week)s a week are not enough for one post in four weeks, at %(post)s a post. A plan needs more time, or "
            "shorter posts."
        ) % {"week": hours(found.hours_week), "post": hours(found.hours_post)}  # fmt: skip
    often = ngettext(
        "%(n)s post in the next four weeks, mostly %(kind)s %(part)s.",
        "%(n)s posts in the next four weeks, mostly %(kind)s %(part)s.",
        found.total,
    ) % {"n": writing.number(found.total), "kind": KINDS.get(found.kind, ""), "part": PARTS[found.part]}
    if found.high < 10:
        reach = _("A usual one reaches fewer than ten people, four times of five.")
    else:
        reach = _("A usual one reaches %(range)s people, four times of five; all together cost %(hours)s.") % {
            "range": ends(found.low, found.high), "hours": hours(found.total * found.hours_post),
        }  # fmt: skip
    return f"{often} {reach}"


def facts(found: Ground) -> list[str]:
    """What it stands on."""
    said = [
        sentence(Reason("often", {
            "total": found.total, "bound": found.bound, "hours_week": found.hours_week, "hours_post": found.hours_post,
            "names": list(found.names),
        })),
        sentence(Reason("cost", {
            "hours": found.hours_post, "measured": found.hours_measured > 0, "posts": found.hours_measured,
        })),
    ]  # fmt: skip
    if found.posts:
        said.append(
            ngettext(
                "Reach is told from %(n)s post of yours that had its week.",
                "Reach is told from %(n)s posts of yours that had their week.",
                found.posts,
            )
            % {"n": writing.number(found.posts)}
        )
    if found.lender:
        said.append(sentence(Reason("lent", {"lender": found.lender, "pages": found.lenders})))
    return [*said, *filter(None, map(sentence, found.said))]


def money(found: Money) -> list[str]:
    """What it costs and when it pays, or what is missing to say so."""
    if found.missing:
        joint = _("; ")
        said = [
            _("When it pays cannot be said yet. Missing: %(things)s.")
            % {"things": joint.join(str(_MISSING[each]) for each in found.missing)}
        ]
    elif found.followers is None:
        said = [_("With these numbers no number of followers pays for a month of it.")]
    else:
        said = [
            ngettext(
                "A month of it pays for itself from %(n)s follower on.",
                "A month of it pays for itself from %(n)s followers on.",
                found.followers,
            )
            % {"n": writing.number(found.followers)}
        ]
    if found.result is not None:
        said.append(
            _("With those you have, a month brings %(amount)s.") % {"amount": _amount(found.result, found.currency)}
            if found.result >= 0
            else _("With those you have, a month loses %(amount)s.") % {"amount": _amount(-found.result, found.currency)}
        )  # fmt: skip
    if found.cost is not None:
        said.append(
            _("A month of it costs %(amount)s of work (%(hours)s).")
            % {"amount": _amount(found.cost, found.currency), "hours": hours(round(found.hours, 1))}
        )
    return said


def _amount(value: float, currency: str) -> str:
    return saying.money(value, currency)


def tests(own: Test | None) -> list[str]:
    """What following such plans would have been worth: on the page's own posts, and on published ones."""
    if own is None:
        said = _("The test on your own posts is being made.")
    elif own.ratio is None:
        said = ngettext(
            "On your own posts: not enough yet, about %(n)s post more.",
            "On your own posts: not enough yet, about %(n)s posts more.",
            own.more or 0,
        ) % {"n": writing.number(own.more or 0)}
    else:
        said = _("On your own posts: %(found)s") % {"found": _told(own)}
    brand = _("On 500 published posts of a cosmetics company (Moro, Rita and Vala 2016): %(found)s") % {
        "found": _told(PUBLISHED)
    }
    caveat = _(
        "Nobody drew lots for hours and kinds, so a better picture kept for the evening looks like the evening's doing. "
        "Only an experiment settles that."
    )
    return [said, brand, caveat]


def _told(found: Test) -> str:
    numbers = {
        "ratio": reasons.times(found.ratio), "low": reasons.times(found.low), "high": reasons.times(found.high),
        "agreed": writing.number(found.agreed), "posts": writing.number(found.posts),
    }  # fmt: skip
    if found.verdict == Verdict.BETTER:
        words = _(
            "%(agreed)s of %(posts)s posts were as the plan of their day would have had them; they reached %(ratio)s times "
            "as many as the others (95 %% interval %(low)s to %(high)s)."
        )
    elif found.verdict == Verdict.WORSE:
        words = _(
            "%(agreed)s of %(posts)s posts were as the plan of their day would have had them; they reached fewer than the "
            "others: %(ratio)s times as many (95 %% interval %(low)s to %(high)s). Do not follow it blindly."
        )
    else:
        words = _(
            "%(agreed)s of %(posts)s posts were as the plan of their day would have had them; whether they reached more "
            "than the others is open: %(ratio)s times as many, and the 95 %% interval, %(low)s to %(high)s, holds “no "
            "difference”."
        )
    return words % numbers
