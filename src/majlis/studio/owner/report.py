"""The report of a month: the four answers, whom the posts reached, the money, the customers, and what changed since
the last one. Everything in the reader's language; nothing of it is computed here that is not computed elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec.structs import replace

from majlis.brands.access import OnTeam
from majlis.core import json, sql
from majlis.insights.exports.sheet import Column, Sheet
from majlis.insights.figures import Figure
from majlis.insights.kinds import State
from majlis.insights.plots import bars, writing
from majlis.insights.plots.plot import Plot, notes
from majlis.insights.reports import measures
from majlis.insights.reports.posts import Order, PostReport, posts
from majlis.insights.windows import Window
from majlis.insights.words import STATES
from majlis.studio.money import figures as money_figures
from majlis.studio.money import results
from majlis.studio.money.results import Result, Told
from majlis.studio.owner import earned, months, paid, slipping, stopping
from majlis.studio.owner.answers import CENT, Answer, Question, cents
from majlis.studio.owner.pieces import SQL, in_a_line, pieces

_MOST: Final = 400
_BEST: Final = 5
MOST_ROWS: Final = 12
"""So many rows of a table stand in the report; the whole is had as a file."""
_BACK: Final = 3
"""So many earlier months are looked at again for what changed."""
_read_told: Final = json.own_reader(Told)


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A month that is no longer as it was told: refunds and late orders after it was reported or closed."""

    month: date
    then: Told
    told_at: datetime
    now: Told

    @property
    def amount(self) -> Decimal | None:
        """What is left now, less what was told then; None: one of the two cannot be said."""
        if self.then.profit is None or self.now.profit is None:
            return None
        return self.now.profit - self.then.profit


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the month's posts reached: each follower once for each post. ``hidden`` posts were for fewer than ten."""

    sentence: str
    posts: int
    hidden: int
    plot: Plot
    best: Sheet


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. ``told`` is what the next one compares with."""

    page: str
    handle: str
    zone: str
    month: date
    made_at: datetime
    answers: tuple[Answer, ...]
    reach: Reach
    money: tuple[Figure, ...]
    weeks: Sheet
    changes: tuple[Changed, ...]
    changed: Sheet
    told: Told

    @property
    def title(self) -> str:
        """Its name."""
        return _("The report of %(month)s") % {"month": months.name(self.month)}

    def answer(self, question: Question) -> Answer:
        """One of the four."""
        return next(each for each in self.answers if each.question is question)

    def table(self, question: Question) -> Sheet:
        """The whole table that an answer rests on."""
        return self.answer(question).sheet

    @property
    def sheets(self) -> list[tuple[Question, Sheet]]:
        """The tables that the answers rest on, but for the money, which has its own; of posts the best alone."""
        rest = [each for each in self.answers if each.question is not Question.PAID]
        return [(each.question, replace(each.sheet, rows=each.sheet.rows[:MOST_ROWS])) for each in rest]

    @property
    def figures(self) -> list[Figure]:
        """Every figure in it, each once, for the account of how they were computed."""
        found: dict[str, Figure] = {}
        for each in (*(figure for answer in self.answers for figure in answer.figures), *self.money):
            found.setdefault(str(each.name), each)
        return list(found.values())

    @property
    def change_words(self) -> str:
        """What changed, as a sentence."""
        if not self.changes:
            return _("Nothing changed in the months that were told before.")
        return ngettext(
            "%(count)s month is no longer as it was told: orders came in late or were refunded.",
            "%(count)s months are no longer as they were told: orders came in late or were refunded.",
            len(self.changes),
        ) % {"count": writing.number(len(self.changes))}


def report(team: OnTeam, *, month: date, at: datetime) -> Report:
    """The report of a month that is over, as it is at a moment.

    Raises:
        NotAllowed: her role does not see the money.
    """
    zone = team.time_zone
    found = results.result(team, window=months.window(month, zone=zone))
    compared = pieces(team, window=months.weeks(month, zone=zone))
    changes = _changes(team, month)
    return Report(
        page=team.name,
        handle=team.handle,
        zone=zone,
        month=month,
        made_at=at,
        answers=(
            paid.answer(found, month=month, zone=zone),
            earned.answer(compared, zone=zone),
            slipping.slipping(team, at=months.window(month, zone=zone).until),
            stopping.answer(compared, zone=zone),
        ),
        reach=_reach(team, month, at),
        money=money_figures.figures(found),
        weeks=_weeks(found, month, zone),
        changes=changes,
        changed=_changed(changes, zone),
        told=results.told(found),
    )


# whom it reached


def _reach(team: OnTeam, month: date, at: datetime) -> Reach:
    within = months.window(month, zone=team.time_zone)
    found = [
        each
        for each in posts(team, window=Window(within.since, at), order=Order.REACH, limit=_MOST)
        if each.appeared_at < within.until
    ]
    window = Window(within.since, at)
    return Reach(
        sentence=_reach_words(found),
        posts=len(found),
        hidden=sum(each.ledger.eligible is None for each in found),
        plot=ledger(found, window=window, zone=team.time_zone),
        best=_best(found, window, team.time_zone),
    )


def _reach_words(found: Sequence[PostReport]) -> str:
    if not found:
        return _("No post appeared in this month.")
    said = ngettext("%(count)s post appeared.", "%(count)s posts appeared.", len(found)) % {
        "count": writing.number(len(found))
    }
    rates = [float(each.seen_rate.value) for each in found if each.seen_rate.value is not None]
    if not rates:
        unknown = _("Not enough yet to say how many of your followers see them.")
        return f"{said} {unknown}"
    middle = _("Half of them were seen by %(share)s of your followers or more; the best by %(best)s.") % {
        "share": writing.percent(median(rates)), "best": writing.percent(max(rates)),
    }  # fmt: skip
    return f"{said} {middle}"


def summed(found: Sequence[PostReport]) -> tuple[Counter[State], int, int]:
    """Followers by state over all posts, those without a count of their own, and all of them: only what each post's
    own ledger tells, so that nothing can be worked out of the sum that could not be of the parts."""
    states: Counter[State] = Counter()
    merged = eligible = 0
    for each in found:
        if each.ledger.eligible is None:
            continue
        eligible += each.ledger.eligible
        merged += each.ledger.merged or 0
        for line in each.ledger.lines:
            states[line.state] += line.count or 0
    return states, merged, eligible


def ledger(found: Sequence[PostReport], *, window: Window, zone: str) -> Plot:
    """The reach ledgers of several posts as one: each follower once for each post."""
    states, merged, eligible = summed(found)
    lines = [
        (str(words.name), states[state], f"--plot-{words.family}", str(words.why))
        for state, words in STATES.items()
    ]
    if merged:
        lines.append(
            (
                _("Small groups together"),
                merged,
                "--plot-6",
                _("Groups of one to nine have no count of their own."),
            )
        )
    drawn = [
        bars.Bar(name, count, f"{writing.number(count)} · {writing.percent(count / eligible)}", colour)
        for name, count, colour, _why in lines
        if count
    ]
    joint = "؛ " if writing.rtl() else "; "
    return Plot(
        name="reach",
        title=_("What became of the posts with your followers"),
        said=joint.join(f"{bar.name}: {bar.label}" for bar in drawn) or _("Nothing that can be told yet."),
        sheet=Sheet(
            _("Reach ledger of the month"),
            (
                Column(_("State")), Column(_("Followers × posts"), "number"), Column(_("Share"), "percent"),
                Column(_("What it means"), "prose"),
            ),
            tuple(
                (name, count, count / eligible if eligible else None, why)
                for name, count, _colour, why in lines if count
            ),
            notes(window=window, population=measures.FOLLOWERS_THEN, zone=zone),
        ),
        spec=bars.lying(drawn),
    )  # fmt: skip


def _best(found: Sequence[PostReport], window: Window, zone: str) -> Sheet:
    rows = tuple(
        (
            in_a_line(each.title or each.text), writing.there(each.appeared_at, zone=zone), _whole(each.ledger.eligible),
            _whole(each.seen.value), _share(each.seen_rate), _share(each.engagement_rate),
        )
        for each in found[:_BEST]
    )  # fmt: skip
    return Sheet(
        _("The most seen posts"),
        (
            Column(_("Post")), Column(_("Appeared"), "moment"), Column(_("Followers it was for"), "number"),
            Column(_("Followers who saw it"), "number"), Column(_("Share of your followers who saw it"), "percent"),
            Column(_("Engagement rate by reach"), "percent"),
        ),
        rows,
        notes(window=window, population=measures.FOLLOWERS_THEN, zone=zone),
    )  # fmt: skip


def _whole(value: float | Decimal | None) -> int | None:
    return None if value is None else int(value)


def _share(figure: Figure) -> float | None:
    return None if figure.value is None else float(figure.value)


# the money


def _weeks(found: Result, month: date, zone: str) -> Sheet:
    rows = tuple(
        (
            max(line.key, month), round(line.sums.seconds / 3600, 1), line.sums.cost.quantize(CENT), line.sums.came_orders,
            line.sums.came_revenue.quantize(CENT), cents(line.sums.came_margin), cents(line.sums.profit),
            found.currency,
        )
        for line in found.weeks
    )  # fmt: skip
    return Sheet(
        _("The money of %(month)s by weeks") % {"month": months.name(month)},
        (
            Column(_("Week from"), "day"), Column(_("Hours"), "money"), Column(_("Full cost"), "money"),
            Column(_("Orders"), "number"), Column(_("Revenue"), "money"), Column(_("Margin"), "money"),
            Column(_("What is left"), "money"), Column(_("Currency")),
        ),
        rows,
        notes(window=found.window, population=money_figures.figures(found)[2].population, zone=zone),
    )  # fmt: skip


# what changed


def _changes(team: OnTeam, month: date) -> tuple[Changed, ...]:
    """Earlier months against what was told of them last, by a report or when they were closed."""
    before: dict[date, tuple[datetime, Told]] = {
        each: (sent_at, _read_told(told))
        for each, told, sent_at in sql.rows(SQL["told_before"], page=team.page_id, month=month)
    }
    for closed in results.closed_months(team):
        if closed.month < month and (
            closed.month not in before or before[closed.month][0] < closed.closed_at
        ):
            before[closed.month] = (closed.closed_at, closed.told)
    found = []
    for each in sorted(before, reverse=True)[:_BACK]:
        told_at, then = before[each]
        now = results.told(results.result(team, window=months.window(each, zone=team.time_zone)))
        if now != then:
            found.append(Changed(month=each, then=then, told_at=told_at, now=now))
    return tuple(found)


def _changed(changes: Sequence[Changed], zone: str) -> Sheet:
    rows = []
    for each in changes:
        names = (_("Orders"), _("Revenue"), _("Margin"), _("Full cost"), _("What is left"))
        kept = ("orders", "revenue", "margin", "cost", "profit")
        for name, field in zip(names, kept, strict=True):
            then, now = getattr(each.then, field), getattr(each.now, field)
            if then == now:
                continue
            rows.append((
                months.name(each.month), name, then, now, None if then is None or now is None else now - then,
                "" if field == "orders" else each.now.currency, writing.there(each.told_at, zone=zone),
            ))  # fmt: skip
    return Sheet(
        _("What changed since it was told"),
        (
            Column(_("Month")), Column(_("What")), Column(_("Told then"), "money"), Column(_("Now"), "money"),
            Column(_("Difference"), "money"), Column(_("Currency")), Column(_("Told at"), "moment"),
        ),
        tuple(rows),
    )  # fmt: skip


def letter_words(found: Report) -> str:
    """The four answers as plain text, for a letter."""
    return "\n\n".join(f"{each.asked}\n{each.sentence}" for each in found.answers)
