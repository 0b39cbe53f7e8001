"""The funnel of a page and the results of its links over a window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.insights.figures import Figure, Grade, Part, Unit, Why, count, share
from majlis.insights.floor import too_few
from majlis.insights.funnel import Funnel, funnel
from majlis.insights.reports.measures import MEMBERS
from majlis.insights.reports.overview import reach_is_told
from majlis.insights.windows import Window
from majlis.studio.links.actions import url_of

SQL: Final = sql.load("majlis.studio.results")
MOST_LINKS: Final = 100
_VISITS: Final = _("Everybody who followed the link, members or not; programs left out")
_STEPS: Final = (
    ("served", _("Served"), _("Distinct members in whose feed, list or search a post was.")),
    ("viewed", _("Viewed"), _("Those of them with an impression.")),
    ("clicked", _("Followed a link"), _("Those of them who followed a tracked link of the page.")),
    (
        "ordered",
        _("Ordered"),
        _("Those of them with an order that came of such a click and was not cancelled."),
    ),
)


class LinkResult(msgspec.Struct, frozen=True):
    """A link and what came of its clicks. ``orders`` and ``revenue`` are by grade (and currency): what our own
    shops and servers vouch for is exact, what only a browser's script told is reported."""

    id: int
    url: str
    label: str
    target: str
    post_id: int | None
    clicks: Figure
    orders: Figure
    conversion_rate: Figure
    revenue: tuple[Figure, ...]


class Results(msgspec.Struct, frozen=True):
    """All of it. ``funnel`` goes from the widest to the narrowest."""

    funnel: tuple[tuple[str, Figure], ...]
    links: tuple[LinkResult, ...]


def results(team: OnTeam, *, window: Window) -> Results:
    """The funnel, and each link, over a window of whole days of the page's zone that reaches until now. Five queries.

    The funnel is of what happened in the window, so that who viewed is who was reached in it.
    """
    team.require(Permission.MEASURE)
    if window.since is None:
        raise ValueError("a window without beginning")
    period = {"since": window.since, "until": window.until}
    counts = of_window(since=window.since, until=window.until, page_id=team.page_id)
    rows = sql.rows(SQL["links_in_window"], page=team.page_id, limit=MOST_LINKS, **period)
    orders: defaultdict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in sql.rows(SQL["orders_of_links"], links=[row[0] for row in rows], **period) if rows else ():
        orders[row[0]].append(row[1:])
    return Results(
        funnel=_funnel(counts, window, reach_told=reach_is_told(team, since=window.since)),
        links=tuple(_link(row, orders.get(row[0], []), window) for row in rows),
    )


def of_window(*, since: datetime, until: datetime, page_id: int | None = None) -> Funnel:
    """The funnel of a page, or of all pages, to the last person: what is shown goes over the floor. Until now:
    ``until`` is only of the orders, as no fact is from the future.

    Raises:
        ValueError: ``since`` is not on a quarter of an hour.
    """
    ordered = sql.column(SQL["who_ordered"], page=page_id, since=since, until=until)
    return funnel(since=since, page_id=page_id, ordered=ordered)


def _funnel(counts: Funnel, window: Window, *, reach_told: bool) -> tuple[tuple[str, Figure], ...]:
    """Each step, unless it or what is lost before it is one to nine people. Who viewed is the reach, which is told
    elsewhere: so it is not told here where it is not there, and where hardly anybody was served only, it is the
    wider step that is not told."""
    told = []
    before: int | None = None
    for (step, name, formula), number in zip(_STEPS, msgspec.structs.astuple(counts), strict=True):
        if step == "served":
            hidden = too_few(number) or too_few(number - counts.viewed)
        else:
            hidden = too_few(number) or (before is not None and number > 0 and too_few(before - number))
        hidden = hidden or (step == "viewed" and not reach_told)
        told.append(
            (
                step,
                count(
                    None if hidden else number, name=name, window=window, population=MEMBERS, formula=formula
                ),
            )
        )
        before = before if hidden else number
    return tuple(told)


def _link(row: Sequence[Any], orders: Sequence[Sequence[Any]], window: Window) -> LinkResult:
    link_id, code, label, target, post_id, clicks = row
    # one visit may order twice, in two currencies, or be told of by shop and script
    ordered, visits = next(((each[2], each[4]) for each in orders if each[0] is None), (0, 0))
    grade = Grade.REPORTED if any(each[1] for each in orders) else Grade.EXACT
    return LinkResult(
        id=link_id, url=url_of(code), label=label, target=target, post_id=post_id,
        # visits of the business's own address, which sees each of them itself: few are no secret, who they were is
        clicks=count(clicks, of_people=False, name=_("Clicks"), window=window, population=_VISITS,
                     formula=_("Times the link was followed.")),
        orders=count(ordered, of_people=False, grade=grade, name=_("Orders"), window=window, population=_VISITS,
                     formula=_("Orders that came of these clicks and were not cancelled.")),
        conversion_rate=share(
            Part(_("Visits that ordered"), visits), Part(_("Visits"), clicks), name=_("Conversion rate"),
            window=window, population=_VISITS, grade=grade, known_part=True,
            formula=_("Visits by the link that ended in an order ÷ visits by the link."),
        ),
        revenue=tuple(_revenue(each, window) for each in orders if each[0]),
    )  # fmt: skip


def _revenue(row: Sequence[Any], window: Window) -> Figure:
    currency, by_script, _orders, value, _visits = row
    return Figure(
        name=_("Revenue"), value=Decimal(value), unit=Unit.MONEY, currency=currency, window=window,
        population=_VISITS, grade=Grade.REPORTED if by_script else Grade.EXACT,
        formula=_("Value of these orders after refunds, as the shop said (exact) or the site's script (reported)."),
    )  # fmt: skip


def rate_from(step: Figure, before: Figure) -> Figure:
    """What share of one step of the funnel came to the next."""
    few = step.why is Why.FEW or before.why is Why.FEW
    parts = [Part(each.name, None if few else int(each.value or 0)) for each in (step, before)]
    return share(
        parts[0], parts[1], name=format_lazy("{} ÷ {}", step.name, before.name), window=step.window, population=MEMBERS,
        formula=_("Members in this step ÷ members in the step before."),
    )  # fmt: skip
