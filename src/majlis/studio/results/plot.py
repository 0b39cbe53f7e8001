"""The funnel drawn, and the links as a table."""

from __future__ import annotations

from django.utils.translation import gettext as _

from majlis.insights.exports.sheet import Column, Sheet
from majlis.insights.figures import Figure, Grade
from majlis.insights.plots import bars, writing
from majlis.insights.plots.plot import Plot, notes
from majlis.insights.windows import Window
from majlis.insights.words import FEW, GRADES
from majlis.studio.results.funnel import Results


def funnel(found: Results, *, window: Window, zone: str) -> Plot:
    """From served to ordered."""
    figures = [figure for _step, figure in found.funnel]
    drawn = [
        bars.Bar(str(each.name), int(each.value), writing.number(int(each.value)), f"--plot-{min(number, 4)}")
        for number, each in enumerate(figures, 1) if each.value
    ]  # fmt: skip
    joint = "؛ " if writing.rtl() else "; "
    return Plot(
        name="funnel",
        title=_("From seen to ordered"),
        said=joint.join(f"{bar.name}: {bar.label}" for bar in drawn) or _("Nothing that can be told yet."),
        sheet=Sheet(
            _("From seen to ordered"),
            (
                Column(_("Step")),
                Column(_("Members"), "number"),
                Column(_("Remark")),
                Column(_("How it is counted"), "prose"),
            ),
            tuple(
                (str(each.name), _whole(each), str(FEW) if each.value is None else "", str(each.formula))
                for each in figures
            ),
            notes(window=window, population=figures[0].population, zone=zone),
        ),
        spec=bars.lying(drawn),
    )


def links(found: Results, *, window: Window, zone: str) -> Sheet:
    """Each link and what came of it; a row for each currency and grade."""
    rows = []
    for link in found.links:
        for revenue in link.revenue or (None,):
            grade = revenue.grade if revenue else link.orders.grade
            rows.append((
                link.label or link.target, link.url, link.target, _whole(link.clicks), _whole(link.orders),
                link.conversion_rate.value, revenue.value if revenue else None, revenue.currency if revenue else "",
                str(GRADES[Grade(grade)][0]),
            ))  # fmt: skip
    population = found.links[0].clicks.population if found.links else ""
    return Sheet(
        _("Links"),
        (
            Column(_("Link")),
            Column(_("Address")),
            Column(_("Leads to")),
            Column(_("Clicks"), "number"),
            Column(_("Orders"), "number"),
            Column(_("Conversion rate"), "percent"),
            Column(_("Revenue"), "money"),
            Column(_("Currency")),
            Column(_("Grade of the revenue")),
        ),
        tuple(rows),
        notes(window=window, population=population, zone=zone),
    )


def _whole(figure: Figure) -> int | None:
    return None if figure.value is None else int(figure.value)
