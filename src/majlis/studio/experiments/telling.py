"""What an experiment says: the answer as a sentence, the numbers with where they come from, and a table.

Nothing is called an effect before there is power to see one; until then it says about how much is missing. Lifts are
estimates, with their intervals; a group of one to nine followers is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from majlis.insights import figures
from majlis.insights.exports.sheet import Column, Note, Sheet
from majlis.insights.figures import Figure, Grade, Part, Unit, Why
from majlis.insights.methods.lift import Comparison, Lift
from majlis.insights.plots import writing
from majlis.insights.windows import Window
from majlis.studio.experiments.results import Experiment, HoldoutResult, OfGoal, VersionsResult

Words = str | Promise

GOALS: Final[Mapping[str, Words]] = {
    "ordered": pgettext_lazy("what followers do", "Orders"),
    "visited": pgettext_lazy("what followers do", "Visits and clicks on links"),
    "engaged": pgettext_lazy("what followers do", "Reactions, comments, shares and clicks"),
    "clicked": pgettext_lazy("what followers do", "Clicks on links"),
}
_LIFT: Final = gettext_lazy(
    "(share of those who got it at once − share of those who got it later) ÷ the latter; clustered by follower"
)
_POPULATION: Final = gettext_lazy(
    "Followers on this server when each post appeared who are measured and take part, whether they opened a feed or not"
)
_RATE: Final = gettext_lazy("followers of this half who did ÷ followers of this half")
DIFFERENCE: Final = gettext_lazy("share of B − share of A; interval: Newcombe's, wider before the end")
BROKEN: Final = gettext_lazy(
    "Something is wrong: the two groups do not have the sizes that lots would give them. Do not read this result; "
    "tell who looks after this server."
)


def name_of(found: Experiment) -> str:
    """What it is called."""
    if found.name:
        return found.name
    return str(_("What your posts do") if found.kind == "holdout" else _("Two versions of a post"))


def window_of(found: Experiment, *, at: datetime) -> Window:
    """From its beginning until its end or now."""
    return Window(found.began_at or found.made_at, found.ended_at or at)


# a holdout ----------------------------------------------------------------------------------------


def holdout_answer(result: HoldoutResult) -> str:
    """The answer first: what posts do, or how much is missing until that can be said."""
    if result.ratio.alarm:
        return str(BROKEN)
    if not result.posts:
        return _("No post has had its 48 hours yet. The first answer comes when some have.")
    for goal in ("ordered", "visited", "engaged"):
        each = result.of(goal)
        if each.enough is not None and each.enough.enough and each.lift is not None:
            return _sentence(goal, each.lift)
    missing = [each.enough.more for each in result.goals if each.enough is not None]
    if not missing:
        return _("Not enough yet: nobody was in one of the two groups.")
    more = min(missing)
    return ngettext(
        "Not enough yet, about %(n)s more post.", "Not enough yet, about %(n)s more posts.", more
    ) % {"n": writing.number(more)}


def _sentence(goal: str, lift: Lift) -> str:
    ends = lift.lift_interval or lift.interval
    values = {
        "goal": GOALS[goal],
        "lift": _signed(lift.lift if lift.lift is not None else lift.difference),
        "low": _signed(ends[0]),
        "high": _signed(ends[1]),
    }
    if ends[0] <= 0 <= ends[1]:
        return (
            _(
                "%(goal)s: no difference that chance alone would not bring (%(lift)s, between %(low)s and %(high)s)."
            )
            % values
        )
    return _("%(goal)s: %(lift)s because of your posts (95 %% sure: between %(low)s and %(high)s).") % values


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{writing.percent(value)}"


def holdout_figures(found: Experiment, result: HoldoutResult, *, at: datetime) -> list[Figure]:
    """The lift of each goal, and of how many posts and followers it is made."""
    window = window_of(found, at=at)
    made = [_lift_figure(each, window, readable=not result.ratio.alarm) for each in result.goals]
    made.append(
        figures.count(
            result.posts, name=_("Posts whose 48 hours are over"), window=window, population=_POPULATION,
            formula=_("posts that some followers got later"), of_people=False,
        )
    )  # fmt: skip
    return made


def _lift_figure(each: OfGoal, window: Window, *, readable: bool) -> Figure:
    lift, name = each.lift, GOALS[each.goal]
    ready = readable and each.enough is not None and each.enough.enough
    if lift is None or not ready or lift.lift is None or lift.lift_interval is None:
        return Figure(
            name=name, value=None, why=Why.NOTHING_YET, unit=Unit.SHARE, window=window, population=_POPULATION,
            formula=_LIFT,
        )  # fmt: skip
    return Figure(
        name=name, value=lift.lift, unit=Unit.SHARE, window=window, population=_POPULATION, formula=_LIFT,
        grade=Grade.ESTIMATED, interval=lift.lift_interval,
        parts=(
            Part(_("Follower and post, at once"), lift.shown[0]), Part(_("… of them did"), lift.conversions[0]),
            Part(_("Follower and post, later"), lift.shown[1]), Part(_("… of them did"), lift.conversions[1]),
        ),
    )  # fmt: skip


def missing(each: OfGoal) -> str:
    """How much a goal is short of, as a sentence; empty when it can be read."""
    if each.enough is None or each.enough.enough:
        return ""
    return ngettext("about %(n)s more post", "about %(n)s more posts", each.enough.more) % {
        "n": writing.number(each.enough.more)
    }


# two versions -------------------------------------------------------------------------------------


def versions_answer(found: Experiment, result: VersionsResult | None) -> str:
    """Which version is better, or how much is missing; that it was stopped early, and what that does."""
    if result is None:
        return _("It begins when the first version leaves; the second leaves in the same moment.")
    compared = result.comparisons["engaged"]
    if compared.ratio.alarm:
        return str(BROKEN)
    said = [_versions_sentence(compared)]
    if found.stopped_early:
        said.append(
            _(
                "It was stopped after %(share)s of its time. Who stops when the numbers look good finds effects that are "
                "not there, so the intervals are wider and no version is called better."
            )
            % {"share": writing.percent(result.information)}
        )
    elif found.running:
        said.append(_("It goes on; what stands here may change until its end."))
    if found.chosen:
        said.append(_("The other half is shown version %(version)s.") % {"version": found.chosen.upper()})
    return " ".join(said)


def _versions_sentence(compared: Comparison) -> str:
    if compared.better:
        return _("Version %(version)s is better: %(difference)s (95 %% sure: between %(low)s and %(high)s).") % {
            "version": compared.better.upper(), "difference": _signed(abs(compared.difference)),
            "low": _signed(min(map(abs, compared.interval))), "high": _signed(max(map(abs, compared.interval))),
        }  # fmt: skip
    if compared.enough:
        return _("No difference that chance alone would not bring.")
    if compared.more:
        return ngettext(
            "Not enough yet, about %(n)s more follower in each half.",
            "Not enough yet, about %(n)s more followers in each half.",
            compared.more,
        ) % {"n": writing.number(compared.more)}
    return _("Nothing is called better before the end.")


def versions_figures(
    found: Experiment, result: VersionsResult, *, at: datetime
) -> list[tuple[Words, list[Figure]]]:
    """For each goal the share in each half, and the difference with its interval."""
    window = window_of(found, at=at)
    return [(GOALS[goal], _compared(goal, result, window)) for goal in result.comparisons]


def _compared(goal: str, result: VersionsResult, window: Window) -> list[Figure]:
    compared = result.comparisons[goal]
    shares = [
        figures.share(
            Part(_("… of them did"), arm.converted), Part(_("Followers of this half"), arm.people), name=name,
            window=window, population=_POPULATION, formula=_RATE,
        )
        for name, arm in zip((_("Version A"), _("Version B")), result.arms[goal], strict=True)
    ]  # fmt: skip
    told = all(each.value is not None for each in shares) and not compared.ratio.alarm
    shares.append(
        Figure(
            name=_("Difference, B − A"), value=compared.difference if told else None,
            why=None if told else Why.NOTHING_YET, unit=Unit.SHARE, window=window, population=_POPULATION,
            formula=DIFFERENCE, grade=Grade.ESTIMATED if told else Grade.EXACT,
            interval=compared.interval if told else None,
        )
    )  # fmt: skip
    return shares


def answer(found: Experiment, result: HoldoutResult | VersionsResult | None) -> str:
    """The answer of an experiment, whichever kind it is."""
    if isinstance(result, HoldoutResult):
        return holdout_answer(result)
    return versions_answer(found, result)


def sheet(found: Experiment, given: list[Figure]) -> Sheet:
    """The numbers as a table."""
    rows = tuple(
        (
            str(each.name), None if each.value is None else float(each.value), each.interval[0] if each.interval else None,
            each.interval[1] if each.interval else None, str(each.grade.value), str(each.population), str(each.formula),
        )
        for each in given
    )  # fmt: skip
    columns = (
        Column(_("What")), Column(_("Value"), "number"), Column(_("From"), "number"), Column(_("To"), "number"),
        Column(_("Grade")), Column(_("Population"), "prose"), Column(_("How it is computed"), "prose"),
    )  # fmt: skip
    return Sheet(name_of(found), columns, rows, (Note(_("Shares"), _("of one: 0.12 is 12 %")),))
