"""Two targets behind one code. Which of them a click leads to is worked out from its token, so nothing is kept of it.

A code without a test leads where it always did, at the price of one look at a field that is empty.
"""

from __future__ import annotations

import math
import secrets
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.ids import new_id
from majlis.insights import figures
from majlis.insights.figures import Figure, Grade, Part, Unit, Why
from majlis.insights.methods.lift import Arm, Comparison
from majlis.insights.plots import writing
from majlis.insights.windows import Window
from majlis.studio.experiments import results, telling
from majlis.studio.experiments.holding import SQL
from majlis.studio.links import memory, queries, targets
from majlis.studio.links.actions import OwnLink

LONGEST: Final = timedelta(days=90)
_POPULATION: Final = gettext_lazy("Clicks that were led to this target")
_RATE: Final = gettext_lazy("clicks that an order or event came of ÷ clicks")


class LinkTest(msgspec.Struct, frozen=True):
    """A test of a link. ``chosen``: "a" (its own target) or "b", to which it leads since the end."""

    id: int
    link_id: int
    target_b: str
    key: bytes
    made_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    stopped_early: bool
    chosen: str


class LinkReport(msgspec.Struct, frozen=True):
    """What a test of a link says."""

    answer: str
    figures: tuple[Figure, ...]
    compared: Comparison


def of_link(team: OnTeam, *, link_id: int) -> list[LinkTest]:
    """The tests of a link, the newest first.

    Raises:
        NotThere: the link is not the page's.
    """
    queries.link(team, link_id=link_id)
    return [_of_row(row) for row in sql.rows(SQL["link_tests"], link=link_id, page=team.page_id)]


def _of_row(row: tuple[object, ...]) -> LinkTest:
    values = [*row]
    values[3] = bytes(values[3])  # type: ignore[call-overload]
    return LinkTest(*values)  # type: ignore[arg-type]


def start(team: OnTeam, *, link_id: int, target_b: str, ends_at: datetime, at: datetime) -> int:
    """From now on every other click, by lot, leads to ``target_b``; the test's id.

    Raises:
        BadInput: the address cannot be taken, is the link's own, or the end is too near or too far.
        NotThere: the link is not the page's, or is retired. Conflict: a test of it runs.
    """
    kept = targets.checked_target(target_b)
    if not at + timedelta(hours=1) <= ends_at <= at + LONGEST:
        raise BadInput(
            gettext_lazy("A test runs for an hour at least and for ninety days at most."), field="ends_at"
        )
    with transaction.atomic():
        link = _held(team, link_id)
        if link.target == kept:
            raise BadInput(
                gettext_lazy("Choose another address than the one it leads to already."), field="target_b"
            )
        if any(each.ended_at is None for each in of_link(team, link_id=link_id)):
            raise Conflict(gettext_lazy("A test of this link runs already."), code="running")
        made = new_id()
        sql.execute(
            SQL["start_link_test"], id=made, link=link_id, page=team.page_id, target=kept, key=secrets.token_bytes(16),
            by=team.by, at=at, ends_at=ends_at,
        )  # fmt: skip
        memory.tell(link_id, link.code, at=at)
        deeds.note(team, "experiment.link_started", at=at, subject=link_id)
    return made


def stop(team: OnTeam, *, link_id: int, chosen: str = "", at: datetime) -> None:
    """End it: the link leads to the ``chosen`` target alone, without a choice to the better one if there is one, else
    to its own.

    Raises:
        NotThere: the link is not the page's, or no test of it runs. BadInput: no such target.
    """
    if chosen not in ("", "a", "b"):
        raise BadInput(gettext_lazy("There is no such version."), field="chosen")
    with transaction.atomic():
        link = _held(team, link_id)
        found = next((each for each in of_link(team, link_id=link_id) if each.ended_at is None), None)
        if found is None:
            raise NotThere(gettext_lazy("No test of this link runs."))
        early = found.ends_at is not None and at < found.ends_at
        _end(found, link.code, by=team.by, chosen=chosen, early=early, at=at)
        deeds.note(team, "experiment.link_stopped", at=at, subject=link_id)


def end_due(*, at: datetime) -> None:
    """End those whose date has come."""
    for code, *row in sql.rows(SQL["link_tests_due"], at=at):
        with transaction.atomic():
            _end(_of_row(tuple(row)), code, by=None, chosen="", early=False, at=at)


def _end(found: LinkTest, code: str, *, by: int | None, chosen: str, early: bool, at: datetime) -> None:
    if not chosen:
        chosen = (not early and compared(found, at=at).better) or "a"
    if not sql.execute(SQL["end_link_test"], id=found.id, by=by, at=at, early=early, chosen=chosen):
        return  # somebody else ended it
    if chosen == "b":
        sql.execute(SQL["retarget"], link=found.link_id, target=found.target_b)
    memory.tell(found.link_id, code, at=at)


def _held(team: OnTeam, link_id: int) -> OwnLink:
    team_door(page_id=team.page_id, by=team.by, needs=Permission.TRACK, lock=True)
    sql.rows(SQL["lock_link"], link=link_id, page=team.page_id)
    found = queries.link(team, link_id=link_id)
    if found.retired_at is not None:
        raise NotThere(gettext_lazy("This link is retired."))
    return found


def compared(found: LinkTest, *, at: datetime) -> Comparison:
    """Conversions of clicks by target, until now or the end."""
    return results.compared(*arms(found, at=at), information=_information(found, at=at))


def _information(found: LinkTest, *, at: datetime) -> float:
    if found.ends_at is None:
        return 1.0
    planned = max((found.ends_at - found.made_at) / timedelta(seconds=1), 1.0)
    passed = (min(found.ended_at or at, at) - found.made_at) / timedelta(seconds=1)
    return min(max(passed / planned, 0.01), 1.0)


def arms(found: LinkTest, *, at: datetime) -> tuple[Arm, Arm]:
    """Clicks and how many of them an order or event came of, for the link's own target and for the other."""
    counted = {"a": [0, 0], "b": [0, 0]}
    until = min(found.ended_at or at, at)
    for token, ordered in sql.rows(
        SQL["clicks_of_test"], link=found.link_id, since=found.made_at, until=until
    ):
        row = counted[memory.arm_of(found.key, token)]
        row[0] += 1
        row[1] += bool(ordered)
    return Arm(*counted["a"]), Arm(*counted["b"])


def report(found: LinkTest, *, at: datetime) -> LinkReport:
    """The answer as a sentence, and the numbers. Clicks and orders are the business's own, and shown."""
    a, b = arms(found, at=at)
    result = results.compared(a, b, information=_information(found, at=at))
    window = Window(found.made_at, found.ended_at or at)
    rates = [
        Figure(
            name=name, value=arm.rate if arm.people else None, why=None if arm.people else Why.NOTHING_YET,
            unit=Unit.SHARE, window=window, population=_POPULATION, formula=_RATE,
            parts=(Part(_("Clicks"), arm.people), Part(_("Orders and events"), arm.converted)),
        )
        for name, arm in ((_("Target A"), a), (_("Target B"), b))
    ]  # fmt: skip
    ready = bool(a.people and b.people) and not result.ratio.alarm
    rates.append(
        Figure(
            name=_("Difference, B − A"), value=result.difference if ready else None,
            why=None if ready else Why.NOTHING_YET, unit=Unit.SHARE, window=window, population=_POPULATION,
            formula=telling.DIFFERENCE, grade=Grade.ESTIMATED if ready else figures.Grade.EXACT,
            interval=result.interval if ready else None,
        )
    )  # fmt: skip
    return LinkReport(_answer(found, result, at=at), tuple(rates), result)


def _answer(found: LinkTest, result: Comparison, *, at: datetime) -> str:
    if result.ratio.alarm:
        return str(telling.BROKEN)
    if result.better:
        said = _("Target %(target)s is better.") % {"target": result.better.upper()}
    elif result.more:
        said = ngettext(
            "Not enough yet, about %(n)s more click on each.", "Not enough yet, about %(n)s more clicks on each.",
            result.more,
        ) % {"n": writing.number(result.more)}  # fmt: skip
    elif result.enough:
        said = _("No difference that chance alone would not bring.")
    else:
        said = _("Nothing is called better before the end.")
    if found.stopped_early:
        share = writing.percent(math.floor(_information(found, at=at) * 100) / 100)
        early = _(
            "It was stopped after %(share)s of its time, so the interval is wider and nothing is called better."
        )
        said = f"{said} {early % {'share': share}}"
    return said
