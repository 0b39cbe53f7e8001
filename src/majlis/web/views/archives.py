"""Bringing an archive and taking everything away. Progress comes by htmx, or by looking again."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.core.clock import now
from majlis.core.errors import Refused
from majlis.networks import actions, queries
from majlis.people import queries as people
from majlis.people.queries import Viewer
from majlis.web import faces
from majlis.web.doors import goto, member

_MOST_SUGGESTED: Final = 10
_AUDIENCES: Final = [
    ("", gettext_lazy("Whoever could read it there")),
    ("followers", gettext_lazy("My followers at the most")),
    ("friends", gettext_lazy("Friends at the most")),
    ("mentioned", gettext_lazy("Nobody but me")),
]


class ArchiveForm(forms.Form):
    """The file, and who may read what is in it."""

    archive = forms.FileField(
        label=gettext_lazy("The file you downloaded"),
        help_text=gettext_lazy(
            "A zip or tar.gz file from X, Instagram, Facebook or Mastodon, 4 GB at the most."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,.gz,.tgz,.tar,.csv"}),
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who may read these posts"),
        choices=_AUDIENCES,
        required=False,
        help_text=gettext_lazy(
            "Never more people than there. Nobody is notified, and nobody's home changes."
        ),
    )
    boosts = forms.BooleanField(label=gettext_lazy("Keep what I shared of others, as a link"), required=False)


@member("GET", "POST")
def bring(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Bring an archive, and what came of those before."""
    sent = request.method == "POST"
    form = ArchiveForm(request.POST, request.FILES) if sent else ArchiveForm()
    if sent and form.is_valid() and _asked(form, viewer):
        return goto(request, "/settings/import")
    context = {"form": form, **_imports(viewer), **_page(_("Bring your archive"))}
    return render(request, "web/settings/import.html", context, status=422 if form.errors else 200)


def _asked(form: ArchiveForm, viewer: Viewer) -> bool:
    """Whether the archive waits for its job now; otherwise the form says why not."""
    file, choices = form.cleaned_data["archive"], form.cleaned_data
    try:
        actions.ask_import(
            by=viewer.id,
            chunks=file.chunks(),
            name=file.name,
            audience=choices["audience"],
            boosts=choices["boosts"],
            at=now(),
        )
    except Refused as refusal:
        form.add_error("archive", str(refusal.sentence))
        return False
    return True


@member("GET")
def bring_state(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """How far it is: a part of the page, asked for while it goes on."""
    return render(request, "web/settings/import_state.html", _imports(viewer))


def _imports(viewer: Viewer) -> dict[str, Any]:
    found = queries.imports(by=viewer.id)
    again = next((each.outcome.found for each in found if each.outcome), [])
    return {
        "imports": found,
        "running": any(each.running for each in found),
        "people": _suggested([int(id_) for id_ in again], viewer),
    }


def _suggested(ids: list[int], viewer: Viewer) -> list[faces.PersonRow]:
    """People of the archive who may be here, and whom she does not follow yet."""
    relations = people.relationships(viewer_id=viewer.id, ids=ids, at=now())
    new = [id_ for id_ in ids if id_ in relations and not relations[id_].following]
    shown = people.profiles(new[:_MOST_SUGGESTED])
    return faces.rows(shown.values(), relations, viewer=viewer.id)


@member("GET", "POST")
def take(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Ask for everything, and fetch it."""
    problem = ""
    if request.method == "POST":
        try:
            actions.ask_export(by=viewer.id, at=now())
            return goto(request, "/settings/export")
        except Refused as refusal:
            problem = str(refusal.sentence)
    context = {"problem": problem, **_export(viewer), **_page(_("Take everything with you"))}
    return render(request, "web/settings/export.html", context, status=409 if problem else 200)


@member("GET")
def take_state(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """How far it is: a part of the page, asked for while it goes on."""
    return render(request, "web/settings/export_state.html", _export(viewer))


def _export(viewer: Viewer) -> dict[str, Any]:
    return {"export": queries.last_export(by=viewer.id)}


@member("GET")
def take_file(request: HttpRequest, viewer: Viewer, export_id: int) -> HttpResponse:
    """The file, for its owner alone, and kept by nobody on the way."""
    path = queries.export_file(by=viewer.id, export_id=export_id)
    name = f"majlis-{viewer.handle}-{now():%Y-%m-%d}.zip"
    response: HttpResponseBase = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response  # type: ignore[return-value]  # a streaming answer is none of HttpResponse's kind


def _page(title: str) -> dict[str, Any]:
    return {"page_title": title, "here": "settings", "back_url": "/settings", "robots": "noindex"}
