"""A window's money as tables and plots: posts, campaigns, weeks, a closed month beside what it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec.structs import replace

from majlis.insights.exports.sheet import Cell, Column, Note, Sheet
from majlis.insights.figures import Grade
from majlis.insights.plots import look, writing
from majlis.insights.plots.plot import Plot, notes
from majlis.insights.windows import Window
from majlis.insights.words import NOT_YET
from majlis.studio.money.costs import Cost
from majlis.studio.money.figures import figures
from majlis.studio.money.hours import Piece, Place, TeamHours
from majlis.studio.money.results import Line, Result, Sums, Told

Names = Mapping[Any, str]
"""The words of posts or campaigns, by id."""
_CENT: Final = Decimal("0.01")
_TEAM_AND_ORDERS: Final = gettext_lazy(
    "Work of the page's team, what was spent for it, and orders that came of a tracked link or promo code"
)


def month(found: Result, *, zone: str) -> Sheet:
    """The figures of the window, a row each: what they are, of whom, who says so, how they are computed."""
    rows = tuple(
        (
            str(each.name), each.value, each.currency, str(NOT_YET) if each.value is None else "",
            str(each.population), str(each.formula),
        )
        for each in figures(found)
    )  # fmt: skip
    columns = (
        Column(_("Figure")), Column(_("Value"), "money"), Column(_("Currency")), Column(_("Remark")),
        Column(_("Population"), "prose"), Column(_("Formula"), "prose"),
    )  # fmt: skip
    return Sheet(_("The month"), columns, rows, _notes(found, zone))


def posts(found: Result, names: Names, *, zone: str) -> Sheet:
    """What each post took and brought; last what belongs to none."""
    return _lines(
        found, found.posts, names, title=_("Posts"), first=_("Post"), none=_("Of no post in particular"),
        gone=_("A post that is gone"), zone=zone,
    )  # fmt: skip


def campaigns(found: Result, names: Names, *, zone: str) -> Sheet:
    """The same of campaigns."""
    return _lines(
        found, found.campaigns, names, title=_("Campaigns"), first=_("Campaign"),
        none=_("Of no campaign in particular"), gone=_("A campaign that is gone"), zone=zone,
    )  # fmt: skip


def cut(sheet: Sheet, most: int) -> tuple[Sheet, Sheet | None]:
    """The first rows for a page, and the others where there are more."""
    if len(sheet.rows) <= most + 2:
        return sheet, None
    return replace(sheet, rows=sheet.rows[:most]), replace(sheet, rows=sheet.rows[most:])


def _lines(
    found: Result,
    lines: Iterable[Line],
    names: Names,
    *,
    title: str,
    first: str,
    none: str,
    gone: str,
    zone: str,
) -> Sheet:
    ordered = sorted(
        lines, key=lambda line: (line.key is None, -(line.sums.profit or line.sums.came_revenue))
    )
    rows = tuple(
        (none if line.key is None else names.get(line.key, gone), *_row(line.sums)) for line in ordered
    )
    return Sheet(title, (Column(first), *_columns(found)), rows, _notes(found, zone))


def _columns(found: Result) -> tuple[Column, ...]:
    def of(name: str) -> str:
        return f"{name} ({found.currency})"

    return (
        Column(_("Hours"), "number"),
        Column(of(_("Full cost")), "money"),
        Column(_("Orders"), "number"),
        Column(of(_("Revenue")), "money"),
        Column(of(_("Margin")), "money"),
        Column(of(_("What is left")), "money"),
        Column(of(_("Margin an hour")), "money"),
        Column(_("ROI"), "percent"),
    )


def _row(sums: Sums) -> tuple[Cell, ...]:
    return (
        sums.hours.quantize(_CENT), _cents(sums.cost), sums.came_orders, _cents(sums.came_revenue), _cents(sums.came_margin),
        _cents(sums.profit), _cents(sums.per_hour), None if sums.roi is None else float(sums.roi),
    )  # fmt: skip


def weeks(found: Result, *, zone: str) -> Plot:
    """What went in and what came back, week by week; what margin nobody knows is not drawn."""
    since = found.window.since
    first = since.astimezone(ZoneInfo(zone)).date() if since else None
    lines = [line for line in found.weeks if line.key is not None]
    drawn: list[dict[str, Any]] = []
    rows: list[tuple[Cell, ...]] = []
    told: list[str] = []
    went_in, came_back = _("Went in"), _("Came back")
    title = _("Week by week, in %(currency)s") % {"currency": found.currency}
    for line in lines:
        day = max(line.key, first) if first else line.key
        rows.append((day, *_row(line.sums)))
        told.append(_week(day, line.sums))
        for name, value, colour in (
            (came_back, line.sums.came_margin, "--plot-1"),
            (went_in, line.sums.cost, "--plot-3"),
        ):
            if value is not None:
                said = f"{writing.day(day)}, {name}: {writing.number(float(value.quantize(_CENT)))} {found.currency}"
                drawn.append(
                    {"at": writing.words(writing.day(day)), "name": writing.words(name), "value": float(value),
                     "said": said, "colour": colour}
                )  # fmt: skip
    joint = "؛ " if writing.rtl() else "; "
    return Plot(
        name="weeks",
        title=title,
        said=joint.join(told) or _("Nothing that can be told yet."),
        sheet=Sheet(
            title,
            (Column(_("Week from"), "day"), *_columns(found)),
            tuple(rows),
            _notes(found, zone),
        ),
        spec=_pairs(drawn, names=[came_back, went_in]),
    )


def _week(day: date, sums: Sums) -> str:
    margin = sums.came_margin
    return _("week of %(day)s: %(cost)s in, %(margin)s back") % {
        "day": writing.day(day), "cost": writing.number(float(sums.cost.quantize(_CENT))),
        "margin": "–" if margin is None else writing.number(float(margin.quantize(_CENT))),
    }  # fmt: skip


def _pairs(rows: list[dict[str, Any]], *, names: list[str]) -> look.Spec | None:
    """Two columns beside each other for every week."""
    if not any(row["value"] for row in rows):
        return None
    inside = [writing.words(name) for name in names]
    axis: look.Spec = {"title": None, "orient": look.side(), "tickCount": 4, "domain": False, "ticks": False}
    days = list(dict.fromkeys(row["at"] for row in rows))
    encoding: look.Spec = {
        "x": {"field": "at", "type": "ordinal", "sort": None, "scale": {"domain": days, "paddingInner": 0.35},
              "axis": {"title": None, "labelAngle": 0, "ticks": False, "labelOverlap": "greedy"}},
        "xOffset": {"field": "name", "type": "nominal", "sort": inside, "scale": {"domain": inside}},
        "y": {"field": "value", "type": "quantitative", "axis": axis, "scale": {"zero": True, "nice": True}},
        "color": {"field": "name", "type": "nominal", "legend": {"title": None},
                  "scale": {"domain": inside, "range": ["--plot-1", "--plot-3"]}},
        "description": {"field": "said", "type": "nominal"},
    }  # fmt: skip
    return look.spec(
        rows, height=220, mark={"type": "bar", "cornerRadiusEnd": 2}, encoding=encoding,
    )  # fmt: skip


def then_and_now(then: Told, now: Told) -> Sheet:
    """A closed month beside what the same month is now, with the difference; amounts of two currencies have none."""
    same = then.currency == now.currency
    rows: list[tuple[Cell, ...]] = []
    for name, key in (
        (_("Hours"), "hours"), (_("Full cost"), "cost"), (_("Orders"), "orders"), (_("Revenue"), "revenue"),
        (_("Margin"), "margin"), (_("What is left"), "profit"),
    ):  # fmt: skip
        old, new = getattr(then, key), getattr(now, key)
        comparable = old is not None and new is not None and (same or key in ("hours", "orders"))
        rows.append((name, old, new, new - old if comparable else None))
    return Sheet(
        _("When it was closed, and now"),
        (
            Column(""),
            Column(_("When it was closed"), "money"),
            Column(_("Now"), "money"),
            Column(_("Difference"), "money"),
        ),
        tuple(rows),
    )


def differs(then: Told, now: Told) -> bool:
    """Whether something came in after a month was closed."""
    return then != now


def _cents(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_CENT)


def _notes(found: Result, zone: str) -> tuple[Note, ...]:
    said = notes(
        window=found.window, population=_TEAM_AND_ORDERS, zone=zone,
        grade=Grade.REPORTED if found.sums.reported else Grade.EXACT,
    )  # fmt: skip
    return (*said, Note(_("Currency"), found.currency), *_left_out(found))


def _left_out(found: Result) -> Iterable[Note]:
    if found.sums.unpriced_seconds:
        yield Note(
            _("Hours without a price"), writing.number(float(found.sums.unpriced_hours.quantize(_CENT)))
        )
    for code, (cost, revenue) in found.sums.apart.items():
        yield Note(
            _("Apart, in %(currency)s") % {"currency": code},
            _("%(cost)s spent, %(revenue)s of orders")
            % {"cost": writing.number(float(cost)), "revenue": writing.number(float(revenue))},
        )


def costs(found: Iterable[Cost], names: Names, *, kinds: Mapping[str, Any]) -> Sheet:
    """What was spent besides hours and promotion, each amount in its own currency."""
    rows = tuple(
        (
            each.from_day, each.to_day, str(kinds[each.kind]), each.amount, each.currency,
            names.get(each.campaign_id, "") if each.campaign_id else "", each.note,
        )
        for each in found
    )  # fmt: skip
    columns = (
        Column(_("First day"), "day"), Column(_("Last day"), "day"), Column(_("For what")), Column(_("Amount"), "money"),
        Column(_("Currency")), Column(_("Campaign")), Column(_("Note")),
    )  # fmt: skip
    return Sheet(_("Costs"), columns, rows)


def own_hours(found: Iterable[Piece], names: Names, *, places: Mapping[Any, Any], zone: str) -> Sheet:
    """Somebody's own pieces of work, for herself."""
    rows = tuple(
        (
            each.began_at.astimezone(ZoneInfo(zone)).date(), _hours(each.seconds), str(places[Place(each.place)]),
            _("by hand") if each.by_hand else _("measured"),
            names.get(each.campaign_id, "") if each.campaign_id else "", each.note,
        )
        for each in found
    )  # fmt: skip
    columns = (
        Column(_("Day"), "day"), Column(_("Hours"), "money"), Column(_("Where")), Column(_("How it is known")),
        Column(_("Campaign")), Column(_("Note")),
    )  # fmt: skip
    return Sheet(_("My hours"), columns, rows)


def team_hours(
    found: TeamHours, *, roles: Mapping[Any, Any], places: Mapping[Any, Any], window: Window, zone: str
) -> Sheet:
    """What the team worked, by role, by place and by week: sums, without a name."""
    rows = [
        *((_("Role"), str(roles[role]), _hours(seconds)) for role, seconds in found.roles.items()),
        *((_("Where"), str(places[place]), _hours(seconds)) for place, seconds in found.places.items()),
        *((_("Week from"), writing.day(week), _hours(seconds)) for week, seconds in found.weeks.items()),
    ]
    return Sheet(
        _("Hours of the team"), (Column(_("Counted by")), Column(_("Which")), Column(_("Hours"), "money")), tuple(rows),
        notes(window=window, population=_("Everybody who works for the page, without names"), zone=zone),
    )  # fmt: skip


def _hours(seconds: int) -> Decimal:
    return (Decimal(seconds) / 3600).quantize(_CENT)
