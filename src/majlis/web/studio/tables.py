"""A plan as a table: sent in, looked at, taken as a whole; and written out."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotThere, Refused
from majlis.studio import queries
from majlis.studio.actions.entries import MOST_PLANNED
from majlis.studio.plan import reading, writing
from majlis.studio.plan.columns import HEADINGS
from majlis.studio.plan.reading import Preview
from majlis.studio.plan.rows import heading
from majlis.web import formats
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import entry_form
from majlis.web.studio.calendar import framed
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.frame import path

_SHOWN: Final = 100
_MOST_PICTURES: Final = 100


@team(Permission.READ, "GET", "POST", changing=Permission.PUBLISH)
@in_page_time
def table(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """Send a table in; what it says is shown, and nothing is taken yet."""
    if request.method != "POST":
        return _page(request, page)
    file = request.FILES.get("table")
    try:
        if file is None or file.file is None:
            raise BadInput(_("Choose a file first."), field="table")
        found = reading.look_at(team=page, file=file.file, pictures=_pictures(request, page), at=now())
    except Refused as error:
        if error.status >= 500:
            raise
        return _page(request, page, status=error.status, error=sentence_of(error))
    return _page(request, page, **_looked_at(found))


def _pictures(request: HttpRequest, page: OnTeam) -> dict[str, int]:
    """Pictures that came along, by the names of their files."""
    files = request.FILES.getlist("photos")
    ids = entry_form.taken(request, page, "photos", room=_MOST_PICTURES)
    return {str(file.name): id_ for file, id_ in zip(files, ids, strict=True)}


def _looked_at(found: Preview) -> dict[str, Any]:
    faulty = len({problem.number for problem in found.problems})
    if faulty:
        answer = ngettext(
            "%(n)s row cannot be taken as it stands, so nothing is taken. Change it in your table and send that again.",
            "%(n)s rows cannot be taken as they stand, so nothing is taken. Change them in your table and send that again.",
            faulty,
        ) % {"n": formats.number(faulty)}
    else:
        answer = ngettext(
            "%(n)s entry can be taken. Nothing has been taken yet.",
            "%(n)s entries can be taken. Nothing has been taken yet.",
            len(found.rows),
        ) % {"n": formats.number(len(found.rows))}
    return {
        "answer": answer,
        "preview": found,
        "problems": [
            (each.number, heading(each.column), str(each.sentence)) for each in found.problems[:_SHOWN]
        ],
        "rows": found.rows[:_SHOWN],
        "more_rows": max(0, len(found.rows) - _SHOWN),
    }


def _page(request: HttpRequest, page: OnTeam, *, status: int = 200, **more: Any) -> HttpResponse:
    room = MOST_PLANNED - queries.planned(team=page)
    context = framed(page, "table", _("The plan as a table"), **{"answer": _room(room), **more})
    context |= {
        "headings": [str(name) for name in HEADINGS.values()],
        "here_url": path(page.handle, "calendar/table"),
    }
    return render(request, "web/studio/table.html", context, status=status)


def _room(room: int) -> str:
    return ngettext(
        "Send in a table: %(n)s more entry fits into the plan.",
        "Send in a table: %(n)s more entries fit into the plan.",
        max(room, 0),
    ) % {"n": formats.number(max(room, 0))}


@team(Permission.PUBLISH, "POST")
@in_page_time
def take(request: HttpRequest, page: OnTeam, import_id: int) -> HttpResponse:
    """Take what was looked at, all of it."""
    try:
        taken = reading.take(team=page, import_id=import_id, at=now())
    except (BadInput, NotThere) as error:
        return _page(request, page, status=error.status, error=sentence_of(error))
    said = ngettext("%(n)s entry is in the plan.", "%(n)s entries are in the plan.", taken)
    messages.success(request, said % {"n": formats.number(taken)})
    return goto(request, path(page.handle, "calendar?view=list"))


@team(Permission.READ, "GET")
def export(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The whole plan as a file, piece by piece."""
    language = get_language() or "en"

    def pieces() -> Any:
        with override(language):
            yield from writing.lines(team=page)

    response = StreamingHttpResponse(pieces(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{page.handle}-plan.csv"'
    return response  # type: ignore[return-value]


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/calendar/table", table),
    at_path("studio/<str:handle>/calendar/table/<id:import_id>/take", take),
    at_path("studio/<str:handle>/calendar/plan.csv", export),
]
