"""The plan of a page: made when somebody asks, looked at anew every week, taken line by line.

Invariant: a proposal does nothing by itself. It becomes a draft when somebody takes it, and what was taken is hers: no
look at the plan changes or removes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core import jobs, json, sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.ids import new_id
from majlis.people import queries as people
from majlis.posts.composing import PostParams
from majlis.studio import access, actions, moments
from majlis.studio.actions import Draft
from majlis.studio.changing import did
from majlis.studio.content import Content
from majlis.studio.planning import ground as grounds
from majlis.studio.planning import history, interview, reasons, testing
from majlis.studio.planning.forecasts import Kept, listed
from majlis.studio.planning.ground import Ground
from majlis.studio.planning.planner import WEEKS, Planner, Proposal
from majlis.studio.planning.reasons import Reason, weekday
from majlis.studio.planning.tables import SQL
from majlis.studio.planning.testing import Test
from majlis.studio.planning.words import KINDS

TEST: Final = "studio.test_plan"
EVERY: Final = timedelta(days=7)
_AT_ONCE: Final = 200
_SHOWN_REVISIONS: Final = 52
_OF_HOUR: Final = frozenset(
    {"part", "habit", "no_habit", "trial_hour", "rival_part", "rival_beside", "crowd", "moved"}
)
"""Reasons for the hour that a proposal had; with them goes what was tried of a part of the day."""
_MOVED: Final = 0.1  # a change of the expected reach that is worth a sentence
_read_ground: Final = json.own_reader(Ground)
_read_test: Final = json.own_reader(Test)
_read_proposal: Final = json.own_reader(Proposal)
_read_changes: Final = json.own_reader(list[Reason])


class Line(msgspec.Struct, frozen=True):
    """A proposal and what became of it. ``entry_id``: it is a draft (or more) since; ``post_id``: it is out."""

    id: int
    due_at: datetime
    proposal: Proposal
    entry_id: int | None
    dropped_at: datetime | None
    post_id: int | None
    scheduled_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether it waits for somebody to take it."""
        return self.entry_id is None and self.dropped_at is None

    @property
    def drafted(self) -> bool:
        """Whether somebody took it, and has not given it an hour yet."""
        return self.entry_id is not None and self.scheduled_at is None and self.post_id is None


class Plan(msgspec.Struct, frozen=True):
    """The plan as it stands. ``test`` None: it has not been back-tested yet."""

    ground: Ground
    test: Test | None
    made_at: datetime
    looked_at: datetime
    lines: tuple[Line, ...]


class Revision(msgspec.Struct, frozen=True):
    """What a look at the plan changed, and why."""

    id: int
    changes: tuple[Reason, ...]
    made_at: datetime


def plan(team: OnTeam, *, at: datetime) -> Plan | None:
    """The plan from the beginning of this week's day on; None before it is made. Two queries.

    Raises:
        NotAllowed: her role does not measure.
    """
    team.require(Permission.MEASURE)
    row = sql.one(SQL["plan"], page=team.page_id)
    return None if row is None else Plan(*_of(row), lines=_lines(team, at=at))


def _of(row: Sequence[Any]) -> tuple[Ground, Test | None, datetime, datetime]:
    return _read_ground(row[0]), _read_test(row[1]) if row[1] else None, row[2], row[3]


def _lines(team: OnTeam, *, at: datetime) -> tuple[Line, ...]:
    rows = sql.rows(
        SQL["lines"], page=team.page_id, since=at - timedelta(days=7), until=at + timedelta(weeks=WEEKS + 1)
    )
    return tuple(_line(team, row) for row in rows)


def _line(team: OnTeam, row: Sequence[Any]) -> Line:
    proposal = _read_proposal(row[2])
    if not (team.may(Permission.CUSTOMERS) or team.may(Permission.PROMOTE)):
        # whose role has no lists of customers is told that there is a group, and not which
        proposal = msgspec.structs.replace(
            proposal, reasons=reasons.unnamed(proposal.reasons), circle_id=None
        )
    return Line(row[0], row[1], proposal, *row[3:])


def make(team: OnTeam, *, at: datetime) -> None:
    """Make the plan, or make it anew from what is known now; what was taken stays.

    Raises:
        BadInput: nobody said yet how many hours a week there are.
        NotAllowed: her role does not write.
    """
    with transaction.atomic():
        team = access.again(team, Permission.WRITE)
        if interview.of_page(team.page_id).answers.hours_week is None:
            raise BadInput(
                gettext_lazy("Say first how many hours a week you have for posts."), field="hours_week"
            )
        _looked(team, at=at)
        did(team, "plan.made", at=at)


def look_again(*, page_id: int, at: datetime) -> bool:
    """A week's look at the plan of a page: new proposals in place of those nobody took, what changed written down.
    False when there is nothing to look at any more."""
    with transaction.atomic():
        try:
            team = team_door(page_id=page_id, by=page_id, needs=Permission.READ)
        except NotThere:
            return False
        if sql.one(SQL["plan_held"], page=page_id) is None:
            return False
        _looked(team, at=at)
    return True


def look_at_all(*, at: datetime) -> int:
    """A look at every plan that was not looked at for a week; how many."""
    pages = sql.column(SQL["plans_to_look_at"], before=at - EVERY, limit=_AT_ONCE)
    return sum(look_again(page_id=page_id, at=at) for page_id in pages)


def _looked(team: OnTeam, *, at: datetime) -> None:
    row = sql.one(SQL["plan_held"], page=team.page_id)
    before = _read_ground(row[0]) if row else None
    since: datetime | None = row[3] if row else None
    known_before = {line.due_at for line in _lines(team, at=at)}
    sql.execute(SQL["forget_lines"], page=team.page_id, at=at)
    knows, known = grounds.knowledge(team, at=at)
    proposals = Planner(knows, grounds.teller(team, known, knows)).proposals()
    now = grounds.ground(knows, known, proposals)
    fresh = 0
    for each in proposals:
        due = moments.moment(each.at.date(), each.at.time(), zone=team.time_zone)
        encoded = json.encode(each).decode()
        fresh += due not in known_before
        sql.execute(SQL["keep_line"], id=new_id(), page=team.page_id, due=due, proposal=encoded)
    sql.execute(
        SQL["keep_plan"], page=team.page_id, ground=json.encode(now).decode(), by=team.by, at=at,
    )  # fmt: skip
    changes = changed(before, now, held=_held_since(team, since, at=at), fresh=fresh)
    sql.execute(
        SQL["note_revision"], id=new_id(), page=team.page_id, changes=json.encode(changes).decode(), at=at
    )
    jobs.enqueue(TEST, {"page_id": team.page_id}, key=f"{team.page_id}")


def _held_since(team: OnTeam, since: datetime | None, *, at: datetime) -> list[bool]:
    if since is None or not team.may(Permission.MEASURE):
        return []
    kept: list[Kept] = listed(team, at=at)
    return [bool(each.held) for each in kept if each.scored_at is not None and each.scored_at > since]


def changed(before: Ground | None, now: Ground, *, held: Sequence[bool], fresh: int) -> list[Reason]:
    """What differs between two looks, and why; pure."""
    if before is None:
        return [Reason("first")]
    found: list[Reason] = []
    if held:
        found.append(Reason("held", {"held": sum(held), "n": len(held)}))
    if now.total != before.total:
        took = now.hours_post != before.hours_post
        why = "took" if took else "hours" if now.hours_week != before.hours_week else "pace"
        found.append(
            Reason(
                "more_often",
                {"now": now.total, "before": before.total, "why": why, "took_now": now.hours_post,
                 "took_before": before.hours_post},
            )
        )  # fmt: skip
    if now.kind and before.kind and now.kind != before.kind:
        found.append(Reason("other_kind", {"now": now.kind, "before": before.kind}))
    if now.part != before.part and now.total and before.total:
        found.append(Reason("other_part", {"now": now.part, "before": before.part}))
    if before.middle > 9 and now.middle > 9 and abs(now.middle / before.middle - 1) >= _MOVED:
        found.append(Reason("reach_moved", {"now": now.middle, "before": before.middle}))
    if before.lender and not now.lender:
        found.append(Reason("own_now"))
    if not found:
        found.append(Reason("nothing"))
    if fresh:
        found.append(Reason("added", {"n": fresh}))
    return found


def test_again(*, page_id: int, at: datetime) -> None:
    """Back-test the plan of a page on its own posts, and keep what came of it."""
    found = testing.test(history.history(page_id=page_id, until=at).posts)
    sql.execute(SQL["keep_test"], page=page_id, test=json.encode(found).decode())


def revisions(team: OnTeam) -> list[Revision]:
    """What looks at the plan changed, newest first.

    Raises:
        NotAllowed: her role does not measure.
    """
    team.require(Permission.MEASURE)
    rows = sql.rows(SQL["revisions"], page=team.page_id, limit=_SHOWN_REVISIONS)
    return [Revision(id_, tuple(_read_changes(kept)), made_at) for id_, kept, made_at in rows]


def take(team: OnTeam, *, line_id: int, at: datetime) -> int:
    """Make a draft of a proposal; its entry. It has no hour: who schedules it is the one to give it that.

    Raises:
        NotThere: no such proposal. BadInput: the calendar is full.
        Conflict: it was taken already, or the group of customers it is for is no more.
    """
    with transaction.atomic():
        team = access.again(team, Permission.WRITE)
        found = _held(team, line_id)
        if found.entry_id is not None:
            raise Conflict(gettext_lazy("Somebody took this already."), code="taken")
        if _group_gone(team, found):
            raise Conflict(
                gettext_lazy("Nothing can be posted any more to the group this was for. Make the plan anew."),
                code="gone",
            )
        return _taken(team, found, at=at)


def take_all(team: OnTeam, *, at: datetime) -> int:
    """Make drafts of all proposals that are still to come and open; how many. One for a group that is no more is left.

    Raises:
        BadInput: the calendar is full; then none is taken.
    """
    with transaction.atomic():
        team = access.again(team, Permission.WRITE)
        found = [
            line
            for line in _lines(team, at=at)
            if line.open and line.due_at > at and not _group_gone(team, line)
        ]
        for line in found:
            _taken(team, _held(team, line.id), at=at)
    return len(found)


def _group_gone(team: OnTeam, line: Line) -> bool:
    circle = line.proposal.circle_id
    return circle is not None and people.circle(owner_id=team.page_id, circle_id=circle) is None


def _taken(team: OnTeam, line: Line, *, at: datetime) -> int:
    proposal = line.proposal
    params = PostParams(language=proposal.language, audience=proposal.audience, circle_id=proposal.circle_id)
    content = Content(params=params)
    entry_id = actions.make(team=team, draft=Draft(content=content, title=title(proposal)), at=at)
    sql.execute(SQL["take_line"], id=line.id, entry=entry_id)
    return entry_id


def title(proposal: Proposal) -> str:
    """What the draft of a proposal is called: what, on which day, at which time."""
    return _("%(kind)s, %(day)s %(time)s") % {
        "kind": KINDS[proposal.kind], "day": weekday(proposal.at.isoweekday()), "time": f"{proposal.at:%H:%M}",
    }  # fmt: skip


def drop(team: OnTeam, *, line_id: int, dropped: bool, at: datetime) -> None:
    """Say that a proposal is not wanted, or is after all. The same hour of the week is not proposed again.

    Raises:
        NotThere: no such proposal. Conflict: it was taken.
    """
    with transaction.atomic():
        team = access.again(team, Permission.WRITE)
        found = _held(team, line_id)
        if found.entry_id is not None:
            raise Conflict(gettext_lazy("Somebody took this already."), code="taken")
        sql.execute(SQL["drop_line"], id=line_id, at=at if dropped else None)
        did(team, "plan.dropped" if dropped else "plan.wanted", at=at, subject=line_id)


def move(
    team: OnTeam, *, line_id: int, day: date | None, clock: time | None, at: datetime
) -> tuple[Line, datetime]:
    """Another day or hour for a proposal, and when it stood before; what it is expected to reach is told anew. It stays
    there, whatever the next looks at the plan find.

    Raises:
        BadInput: the moment is over, or beyond the plan. NotThere: no such proposal.
        Conflict: it was taken, is not wanted, or another one stands there.
    """
    with transaction.atomic():
        team = access.again(team, Permission.WRITE)
        found = _held(team, line_id)
        if not found.open:
            raise Conflict(gettext_lazy("Somebody took this already, or did not want it."), code="taken")
        due = _another_hour(team, found, day, clock, at=at)
        knows, known = grounds.knowledge(team, at=at)
        wall = due.astimezone(ZoneInfo(team.time_zone)).replace(tzinfo=None)
        low, middle, high = grounds.teller(team, known, knows)(wall, found.proposal.kind)
        kept = [each for each in found.proposal.reasons if not _of_hour(each)]
        proposal = msgspec.structs.replace(
            found.proposal, at=wall, low=low, middle=middle, high=high, reasons=(Reason("moved"), *kept)
        )
        encoded = json.encode(proposal).decode()
        if not sql.execute(SQL["move_line"], id=line_id, page=team.page_id, due=due, proposal=encoded, at=at):
            raise Conflict(gettext_lazy("Another proposal stands at that hour."), code="there")
        did(team, "plan.moved", at=at, subject=line_id)
        return _held(team, line_id), found.due_at


def _another_hour(
    team: OnTeam, found: Line, day: date | None, clock: time | None, *, at: datetime
) -> datetime:
    wall = found.due_at.astimezone(ZoneInfo(team.time_zone))
    last, day = at + timedelta(weeks=WEEKS + 1), day or wall.date()
    # compared as days first: the first and the last day of all are a moment in no zone but one
    if at.date() - timedelta(days=1) <= day <= last.date() + timedelta(days=1):
        due = moments.moment(day, clock or wall.time(), zone=team.time_zone)
        if at < due <= last:
            return due
    raise BadInput(gettext_lazy("Choose a moment to come, within the four weeks."), field="day")


def _of_hour(reason: Reason) -> bool:
    return reason.code in _OF_HOUR or str(reason.said.get("about", "")).startswith("part_")


def between(team: OnTeam, *, first: date, days: int, at: datetime) -> list[Line]:
    """Proposals of some days of the page's that wait for somebody, or for the hour of their draft, in their order; none for
    who does not measure. One query."""
    if not team.may(Permission.MEASURE):
        return []
    since, until = (
        moments.moment(first + timedelta(days=each), time(), zone=team.time_zone) for each in (0, days)
    )
    rows = sql.rows(SQL["lines"], page=team.page_id, since=max(since, at), until=until)
    return [line for line in (_line(team, row) for row in rows) if line.open or line.drafted]


def around(team: OnTeam, *, at: datetime) -> tuple[Line, ...]:
    """The proposals of the plan, as :func:`plan` has them. One query.

    Raises:
        NotAllowed: her role does not measure.
    """
    team.require(Permission.MEASURE)
    return _lines(team, at=at)


def _held(team: OnTeam, line_id: int) -> Line:
    row = sql.one(SQL["line_held"], page=team.page_id, id=line_id)
    if row is None:
        raise NotThere(gettext_lazy("There is no such proposal."))
    return _line(team, row)


def proposed_hour(team: OnTeam, *, entry_id: int) -> datetime | None:
    """The hour that the plan proposed for an entry."""
    row = sql.one(SQL["line_of_entry"], page=team.page_id, entry=entry_id)
    return row[0] if row else None
