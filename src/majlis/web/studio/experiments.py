"""``/studio/<handle>/experiments``: what posts do, which of two versions is better, and second chances."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput, Refused
from majlis.feeds.hydration import hydrate
from majlis.studio import moments, queries
from majlis.studio.experiments import actions, report, results
from majlis.studio.experiments.results import AgainLine
from majlis.web import formats
from majlis.web.cards import excerpt
from majlis.web.composer import number
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import clock
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path
from majlis.web.studio.looking import file_of

PART: Final = "experiments"
_USUAL_DAYS: Final = 2
_ENTRIES: Final = 40


@team(Permission.MEASURE, "GET")
@in_page_time
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """All experiments of a page, each with its answer; what one may begin."""
    return _index(request, page)


def _index(
    request: HttpRequest, page: OnTeam, *, error: Refused | None = None, status: int = 200
) -> HttpResponse:
    at = now()
    reports = [report.of(page, each, at=at) for each in results.experiments(page)]
    again = results.placed_again(page, at=at)
    may_have = results.may_have_second_chance(page, at=at) if page.may(Permission.PUBLISH) else []
    texts = _texts(page, [*(each.post_id for each in again), *may_have])
    runs = sum(each.experiment.running for each in reports)
    context = frame(
        page, PART, _("Experiments"), answer=_answer(reports, runs), reports=[_line(page, each) for each in reports],
        again=[_again_line(page, each, texts, at=at) for each in again if each.post_id in texts],
        may_have=[(id_, texts[id_]) for id_ in may_have if id_ in texts], may=page.may(Permission.PUBLISH),
        holdout_runs=any(each.experiment.kind == "holdout" and each.experiment.running for each in reports),
        entries=_entries(page), ends=_local(at + timedelta(days=_USUAL_DAYS), page), typed=request.POST,
        error=sentence_of(error) if error else "", wrong=error.field if error else "", part_url=path(page.handle, PART),
    )  # fmt: skip
    return render(request, "web/studio/experiments/index.html", context, status=status)


def _answer(reports: list[report.Report], runs: int) -> str:
    if not reports:
        return _(
            "Nothing is tried yet. An experiment tells what your posts do beyond what would have happened anyway."
        )
    if broken := next((each for each in reports if each.broken and each.experiment.running), None):
        return broken.answer
    first = reports[0]
    if runs:
        said = ngettext("%(n)s experiment runs.", "%(n)s experiments run.", runs) % {
            "n": formats.number(runs)
        }
        return f"{said} {first.name}: {first.answer}"
    return f"{_('No experiment runs.')} {first.name}: {first.answer}"


def _line(page: OnTeam, each: report.Report) -> dict[str, Any]:
    return {"report": each, "url": path(page.handle, f"{PART}/{each.experiment.id}")}


def _again_line(page: OnTeam, each: AgainLine, texts: dict[int, str], *, at: datetime) -> dict[str, Any]:
    return {
        "line": each,
        "text": texts[each.post_id],
        "runs": each.runs(at),
        "placed": results.shown(each.placed),
        "viewed": results.shown(each.viewed),
        "stop_url": path(page.handle, f"{PART}/again/{each.id}/stop"),
    }


def _texts(page: OnTeam, ids: list[int]) -> dict[int, str]:
    """How each post begins."""
    batch = hydrate(ids, viewer=page.page_id)
    return {
        id_: excerpt(post.title or post.text or post.warning, 90) or _("A post without words")
        for id_, post in batch.posts.items()
    }


def _entries(page: OnTeam) -> list[tuple[int, str]]:
    """What is planned and not out yet: of these two may be versions of one."""
    if not page.may(Permission.PUBLISH):
        return []
    found = [
        *queries.drafts(team=page, limit=_ENTRIES),
        *queries.upcoming(team=page, after=now(), limit=_ENTRIES),
    ]
    return list({each.id: (each.id, each.words or _("A post without words")) for each in found}.values())


def _local(at: datetime, page: OnTeam) -> str:
    return moments.on_the_wall(at, zone=page.time_zone).strftime("%Y-%m-%dT%H:%M")


@team(Permission.PUBLISH, "POST")
@in_page_time
def start(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """Begin a holdout or a test of two versions."""
    try:
        made = _started(request, page)
    except Refused as error:
        return _index(request, page, error=error, status=error.status)
    return goto(request, path(page.handle, f"{PART}/{made}"))


def _started(request: HttpRequest, page: OnTeam) -> int:
    form = request.POST
    if form.get("kind") == "holdout":
        share = number(form.get("share")) or 0
        return actions.start_holdout(page, share=share / 100, at=now())
    if form.get("kind") != "versions":
        raise BadInput(gettext_lazy("There is no such choice."), field="kind")
    return actions.start_versions(
        page, entry_a=number(form.get("entry_a")) or 0, entry_b=number(form.get("entry_b")) or 0,
        name=form.get("name", ""), ends_at=clock.moment_of(form.get("ends_at", ""), zone=page.time_zone), at=now(),
    )  # fmt: skip


@team(Permission.MEASURE, "GET")
@in_page_time
def one(request: HttpRequest, page: OnTeam, experiment_id: int) -> HttpResponse:
    """One experiment: the answer, the numbers, the way to end it."""
    found = report.report(page, experiment_id, at=now())
    tried = found.experiment
    texts = _texts(page, [id_ for id_ in (tried.post_a, tried.post_b) if id_])
    return render(request, "web/studio/experiments/one.html", frame(
        page, PART, found.name, back_url=path(page.handle, PART), report=found, answer=found.answer,
        versions=[(letter, texts[id_]) for letter, id_ in (("A", tried.post_a), ("B", tried.post_b)) if id_ in texts],
        stop_url=path(page.handle, f"{PART}/{tried.id}/stop"), may=page.may(Permission.PUBLISH) and tried.running,
        file=file_of(page, "experiment", experiment=tried.id),
    ))  # fmt: skip


@team(Permission.PUBLISH, "POST")
def stop(request: HttpRequest, page: OnTeam, experiment_id: int) -> HttpResponse:
    """End it by hand."""
    actions.stop(page, experiment_id=experiment_id, chosen=request.POST.get("chosen", ""), at=now())
    messages.success(request, _("It is over."))
    return goto(request, path(page.handle, f"{PART}/{experiment_id}"))


@team(Permission.PUBLISH, "POST")
@in_page_time
def second_chance(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """Show a post once more to those who did not see it."""
    try:
        actions.second_chance(page, post_id=number(request.POST.get("post")) or 0, at=now())
    except Refused as error:
        return _index(request, page, error=error, status=error.status)
    messages.success(request, _("From its second day on, who did not see it finds it once more."))
    return goto(request, path(page.handle, PART))


@team(Permission.PUBLISH, "POST")
def stop_second_chance(request: HttpRequest, page: OnTeam, again_id: int) -> HttpResponse:
    """Place it in no further home."""
    actions.stop_second_chance(page, again_id=again_id, at=now())
    messages.success(request, _("It is shown again to nobody more."))
    return goto(request, path(page.handle, PART))


@team(Permission.WRITE, "POST")
def about_safety(request: HttpRequest, page: OnTeam, entry_id: int) -> HttpResponse:
    """Whether an entry is about safety or care: then it reaches everybody at once."""
    actions.about_safety(page, entry_id=entry_id, so=request.POST.get("so") == "yes", at=now())
    messages.success(request, _("Saved."))
    return goto(request, path(page.handle, f"entries/{entry_id}"))


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/experiments", index),
    at_path("studio/<str:handle>/experiments/start", start),
    at_path("studio/<str:handle>/experiments/again", second_chance),
    at_path("studio/<str:handle>/experiments/again/<id:again_id>/stop", stop_second_chance),
    at_path("studio/<str:handle>/experiments/<id:experiment_id>", one),
    at_path("studio/<str:handle>/experiments/<id:experiment_id>/stop", stop),
    at_path("studio/<str:handle>/entries/<id:entry_id>/safety", about_safety),
]
