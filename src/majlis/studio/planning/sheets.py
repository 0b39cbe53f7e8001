"""Expectations and what came, as a drawing and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.insights.exports.sheet import Column, Note, Sheet
from majlis.insights.figures import Grade
from majlis.insights.methods.expectation import Outcome
from majlis.insights.plots import look, writing
from majlis.insights.plots.look import Spec
from majlis.insights.plots.plot import Plot, notes
from majlis.insights.windows import Window
from majlis.studio.planning import words
from majlis.studio.planning.forecasts import Kept
from majlis.studio.planning.plans import Line, Plan
from majlis.studio.planning.reasons import sentence

_DRAWN = 40


def ranges(kept: Sequence[Kept], *, at: datetime, zone: str) -> Plot:
    """The ranges for reach of the newest posts that had their week, each with what came."""
    scored = [
        each for each in kept if each.expected.outcome is Outcome.REACH and each.held is not None
    ][:_DRAWN][::-1]  # fmt: skip
    missed = sum(not each.held for each in scored)
    said = (
        ngettext(
            "%(n)s post that had its week; of %(missed)s the reach lies outside what was expected.",
            "%(n)s posts that had their week; of %(missed)s the reach lies outside what was expected.",
            len(scored),
        )
        % {"n": writing.number(len(scored)), "missed": writing.number(missed)}
        if scored
        else _("Nothing that can be told yet.")
    )
    return Plot(
        name="ranges", title=_("Expected reach and what came"), said=said,
        sheet=table(kept, at=at, zone=zone), spec=_spec(scored, zone=zone),
    )  # fmt: skip


def table(kept: Sequence[Kept], *, at: datetime, zone: str) -> Sheet:
    """Every expectation with what came; what came to one to nine is empty."""
    first = min((each.appeared_at for each in kept), default=at)
    return Sheet(
        _("Expected and come"),
        (
            Column(_("Appeared"), "moment"),
            Column(_("Post")),
            Column(_("What")),
            Column(_("At least"), "number"),
            Column(_("At most"), "number"),
            Column(_("Came"), "number"),
            Column(_("The range held")),
            Column(_("Told from so many posts"), "number"),
        ),
        tuple(
            (
                writing.there(each.appeared_at, zone=zone), str(each.post_id), str(words.OUTCOMES[each.expected.outcome]),
                each.expected.low, each.expected.high, None if each.hidden else each.came, _held(each),
                each.expected.posts,
            )
            for each in kept
        ),
        (
            *notes(window=Window(first, at), population=words.POPULATION, zone=zone, grade=Grade.ESTIMATED),
            Note(_("Formula"), str(words.FORMULA)),
        ),
    )  # fmt: skip


def _held(each: Kept) -> str:
    if each.held is None:
        return _("not known yet")
    return _("yes") if each.held else _("no")


def _spec(scored: Sequence[Kept], *, zone: str) -> Spec | None:
    if not scored:
        return None
    rows = [
        {
            "at": writing.words(f"{writing.hour(each.appeared_at, zone=zone)}"),
            "low": each.expected.low, "high": each.expected.high, "came": 9 if each.hidden else each.came,
            "held": bool(each.held), "said": words.score(each),
        }
        for each in scored
    ]  # fmt: skip
    every = max(1, -(-len(rows) // 5))
    x: Spec = {
        "field": "at", "type": "ordinal", "sort": None, "scale": {"domain": [row["at"] for row in rows]},
        "axis": {"title": None, "labelAngle": 0, "ticks": False, "values": [row["at"] for row in rows[::every]],
                 "labelOverlap": "greedy"},
    }  # fmt: skip
    y: Spec = {
        "type": "quantitative", "scale": {"type": "symlog", "constant": 10},
        "axis": {"title": writing.words(str(words.OUTCOMES[Outcome.REACH])), "orient": look.side(), "tickCount": 5,
                 "domain": False, "ticks": False, "format": ",d", "titleAngle": 0, "titleAnchor": "end", "titleY": -14,
                 "titleX": 0, "titleAlign": "right" if writing.rtl() else "left"},
    }  # fmt: skip
    layers = [
        {
            "mark": {"type": "rule", "strokeWidth": 5, "color": "--plot-6", "strokeCap": "round"},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"},
                         "description": {"field": "said", "type": "nominal"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60},
            "encoding": {
                "x": x, "y": {**y, "field": "came"}, "description": {"field": "said", "type": "nominal"},
                "color": {"condition": {"test": "datum.held", "value": "--plot-1"}, "value": "--plot-4"},
                "shape": {"condition": {"test": "datum.held", "value": "circle"}, "value": "diamond"},
            },
        },
    ]  # fmt: skip
    return look.spec(rows, height=240, layer=layers, padding={"top": 26, "left": 5, "right": 5, "bottom": 5})


def plan(found: Plan | None, *, at: datetime, zone: str) -> Sheet:
    """The plan as a table; of a page without one, its head."""
    lines = found.lines if found else ()
    last = max((each.due_at for each in lines), default=at)
    first = min((each.due_at for each in lines), default=at)
    return Sheet(
        _("Plan"),
        (
            Column(_("When"), "moment"),
            Column(_("Kind")),
            Column(_("Language")),
            Column(_("At least"), "number"),
            Column(_("At most"), "number"),
            Column(_("Hours"), "number"),
            Column(_("What became of it")),
            Column(_("Why"), "prose"),
        ),
        tuple(
            (
                writing.there(each.due_at, zone=zone), str(words.KINDS[each.proposal.kind]), each.proposal.language,
                each.proposal.low, each.proposal.high, each.proposal.hours, _became(each),
                " ".join(filter(None, map(sentence, each.proposal.reasons))),
            )
            for each in lines
        ),
        notes(window=Window(first, last), population=words.POPULATION, zone=zone, grade=Grade.ESTIMATED),
    )  # fmt: skip


def _became(line: Line) -> str:
    if line.post_id:
        return _("Published")
    if line.entry_id:
        return _("Taken")
    return _("Not wanted") if line.dropped_at else _("Proposed")
