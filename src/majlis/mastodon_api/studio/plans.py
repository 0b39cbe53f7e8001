"""The plan as a table: written out, looked at, taken as a whole or not at all."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.errors import BadInput
from majlis.mastodon_api.bodies import MEGABYTE
from majlis.mastodon_api.described import Key, Moment
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.entry import PlanContent, content
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.studio.plan import reading, writing
from majlis.studio.plan.rows import Row


class PlanRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that can be taken."""

    number: int
    content: PlanContent
    due_at: Moment | None
    notes: list[str]


class PlanProblem(msgspec.Struct, frozen=True):
    """What is wrong with a row. Row 1 holds the names of the columns."""

    number: int
    column: str
    sentence: str


class PlanPreview(msgspec.Struct, frozen=True):
    """What a table says. Without problems ``import_id`` takes all of it; with any nothing can be taken."""

    import_id: Key | None
    rows: list[PlanRow]
    problems: list[PlanProblem]


class Taken(msgspec.Struct, frozen=True):
    """How many entries were taken."""

    entries: int


@team(Permission.READ, says=_("The whole plan as a table"), gives="text/csv")
def export(call: Call, team: OnTeam) -> HttpResponse:
    response = HttpResponse("".join(writing.lines(team=team)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{team.handle}-plan.csv"'
    return response


@team(
    Permission.PUBLISH,
    writes=True,
    says=_("Send a plan as a table and see what it says; nothing is taken yet"),
    gives=PlanPreview,
    file="file",
    largest=16 * MEGABYTE,
)
def look_at(call: Call, team: OnTeam) -> Any:
    file = call.params.file("file")
    if file is None or file.file is None:
        raise BadInput(_("Choose a file first."), field="file")
    found = reading.look_at(team=team, file=file.file, at=call.at)
    return PlanPreview(
        import_id=str(found.import_id) if found.import_id else None,
        rows=[_row(each) for each in found.rows],
        problems=[PlanProblem(each.number, each.column, str(each.sentence)) for each in found.problems],
    )


def _row(row: Row) -> PlanRow:
    return PlanRow(
        number=row.number, content=content(row.content), due_at=moment(row.due) if row.due else None,
        notes=list(row.notes),
    )  # fmt: skip


@team(
    Permission.PUBLISH,
    writes=True,
    says=_("Take a plan that was looked at, all of it"),
    gives=Taken,
    once=True,
)
def take(call: Call, team: OnTeam, import_id: int) -> Taken:
    return Taken(reading.take(team=team, import_id=import_id, at=call.at))


urls = [
    route("api/v1/studio/<page_id>/plan", GET=export, POST=look_at),
    route("api/v1/studio/<page_id>/plan/<import_id>/take", POST=take),
]
