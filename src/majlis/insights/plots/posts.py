"""The plots of one post and the table of many."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.insights.exports.sheet import Cell, Column, Sheet
from majlis.insights.figures import Figure
from majlis.insights.kinds import State
from majlis.insights.ledger import SEEN, Ledger
from majlis.insights.plots import bars, times, writing
from majlis.insights.plots.plot import Plot, notes
from majlis.insights.reports import measures
from majlis.insights.reports.post import OnePost, Step
from majlis.insights.reports.posts import PostReport
from majlis.insights.windows import Window
from majlis.insights.words import FEW, SOURCES, STATES

_LONGEST = 140


def ledger(found: OnePost, *, window: Window, zone: str) -> Plot:
    """Every state with its count; those that cannot be told together."""
    lines = [(STATES[line.state], line.count) for line in found.ledger.lines]
    drawn = [
        bars.Bar(str(words.name), count, _of(count, found.ledger.eligible), f"--plot-{words.family}")
        for words, count in lines if count
    ]  # fmt: skip
    drawn += [
        bars.Bar(name, count, _of(count, found.ledger.eligible), "--plot-6")
        for name, count, _states in together(found.ledger)
    ]
    rows: list[tuple[Cell, ...]] = [
        (str(words.name), count, _share(count, found.ledger.eligible), "" if count is not None else str(FEW), str(words.why))
        for words, count in lines
    ]  # fmt: skip
    rows += [
        (
            name,
            count,
            _share(count, found.ledger.eligible),
            "",
            ", ".join(str(STATES[state].name) for state in states),
        )
        for name, count, states in together(found.ledger)
    ]
    return Plot(
        name="ledger",
        title=_("What became of it with your followers"),
        said=_sentence([(bar.name, bar.label) for bar in drawn]),
        sheet=Sheet(
            _("Reach ledger"),
            (
                Column(_("State")),
                Column(_("Followers"), "number"),
                Column(_("Share of followers it was for"), "percent"),
                Column(_("Remark")),
                Column(_("What it means"), "prose"),
            ),
            tuple(rows),
            notes(window=window, population=measures.FOLLOWERS_THEN, zone=zone),
        ),
        spec=bars.lying(drawn),
    )


def together(told: Ledger) -> list[tuple[str, int, tuple[State, ...]]]:
    """What is told of the lines without counts of their own: those who saw it, and the others, as sums."""
    hidden = {line.state for line in told.lines if line.count is None}
    if told.merged is None or not hidden:
        return []
    found: list[tuple[str, int, tuple[State, ...]]] = []
    rest, seen = told.merged, tuple(sorted(hidden & set(SEEN)))
    if seen and told.seen is not None:
        found.append((_("Saw it (engaged or viewed)"), told.seen, seen))
        rest -= told.seen
        hidden -= set(SEEN)
    if rest:
        found.append((_("Small groups together"), rest, tuple(sorted(hidden))))
    return found


def hours(found: OnePost, *, window: Window, zone: str) -> Plot:
    """Who viewed it for the first time, when."""
    points = [
        times.Point(writing.hour(step.since, zone=zone), step.reached, _step_said(step, zone=zone))
        for step in found.steps
    ]
    told = [step for step in found.steps if step.reached]
    said = _("Hardly anybody yet, or too few at a time to tell.")
    if told:
        best = max(told, key=lambda step: step.reached or 0)
        said = _(
            "Most saw it for the first time between %(from)s and %(until)s. So many people: %(count)s."
        ) % {
            "from": writing.hour(best.since, zone=zone),
            "until": writing.hour(best.until, zone=zone),
            "count": writing.number(best.reached or 0),
        }
    rows = tuple(
        (step.since, step.until, step.reached, "" if step.reached is not None else str(FEW))
        for step in found.steps
    )
    return Plot(
        name="hours",
        title=_("When it was seen for the first time"),
        said=said,
        sheet=Sheet(
            _("First views by time"),
            (
                Column(_("From"), "moment"),
                Column(_("Until"), "moment"),
                Column(_("People who saw it for the first time"), "number"),
                Column(_("Remark")),
            ),
            _local(rows, zone),
            notes(window=window, population=measures.MEMBERS, zone=zone),
        ),
        spec=times.columns(points, title=_("People")),
    )


def sources(found: OnePost, *, window: Window, zone: str) -> Plot:
    """Where it was seen first."""
    drawn = [
        bars.Bar(str(SOURCES[each.source]), each.reached, writing.number(each.reached))
        for each in sorted(found.sources, key=lambda each: -(each.reached or 0)) if each.reached
    ]  # fmt: skip
    return Plot(
        name="sources",
        title=_("Where it was seen"),
        said=_sentence([(bar.name, bar.label) for bar in drawn]),
        sheet=Sheet(
            _("Sources"),
            (
                Column(_("Where")),
                Column(_("People who saw it there first"), "number"),
                Column(_("Times served"), "number"),
                Column(_("Impressions"), "number"),
                Column(_("Remark")),
            ),
            tuple(
                (str(SOURCES[each.source]), each.reached, each.served, each.viewed,
                 str(FEW) if None in (each.reached, each.served, each.viewed) else "")
                for each in found.sources
            ),
            notes(window=window, population=measures.MEMBERS, zone=zone),
        ),
        spec=bars.lying(drawn),
        left_out=_left_out(sum(each.reached is None for each in found.sources)),
    )  # fmt: skip


def _left_out(count: int) -> str:
    """How many sources are not shown, as a sentence; nothing for none."""
    if not count:
        return ""
    return ngettext(
        "%(count)s more source is not shown: it stands for fewer than ten people, or would tell how many came by such.",
        "%(count)s more sources are not shown: they stand for fewer than ten people, or would tell how many came by such.",
        count,
    ) % {"count": writing.number(count)}


def table(found: Sequence[PostReport], *, window: Window, zone: str) -> Sheet:
    """The list of posts as a table."""
    states = [STATES[state].name for state in State]
    return Sheet(
        _("Posts"),
        (
            Column(_("Appeared"), "moment"),
            Column(_("Post")),
            Column(_("Followers it was for"), "number"),
            Column(_("Followers who saw it"), "number"),
            Column(_("Share of your followers who saw it"), "percent"),
            Column(_("Organic reach rate"), "percent"),
            Column(_("Engagement rate by reach"), "percent"),
            *(Column(str(name), "number") for name in states),
        ),
        _local(
            tuple(
                (each.appeared_at, (each.title or each.text)[:_LONGEST], each.ledger.eligible, each.ledger.seen,
                 each.seen_rate.value, each.organic_reach_rate.value, each.engagement_rate.value,
                 *(line.count for line in each.ledger.lines))
                for each in found
            ),
            zone,
        ),
        notes(window=window, population=measures.FOLLOWERS_THEN, zone=zone,
              formulas=_formulas(found[0]) if found else ()),
    )  # fmt: skip


def _formulas(post: PostReport) -> tuple[Figure, ...]:
    return post.seen_rate, post.organic_reach_rate, post.engagement_rate


def _local(rows: tuple[tuple[Cell, ...], ...], zone: str) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(writing.there(cell, zone=zone) for cell in row) for row in rows)


def _sentence(told: Sequence[tuple[str, str]]) -> str:
    joint = "؛ " if writing.rtl() else "; "
    return joint.join(f"{name}: {label}" for name, label in told) or _("Nothing that can be told yet.")


def _of(count: int, eligible: int | None) -> str:
    rate = _share(count, eligible)
    return writing.number(count) if rate is None else f"{writing.number(count)} ({writing.percent(rate)})"


def _share(count: int | None, eligible: int | None) -> float | None:
    if not count or not eligible:
        return None if count is None or not eligible else 0.0
    return count / eligible


def _step_said(step: Step, *, zone: str) -> str:
    count = str(FEW) if step.reached is None else writing.number(step.reached)
    return f"{writing.hour(step.since, zone=zone)}: {count}"
