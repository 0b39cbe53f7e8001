"""``/studio/<handle>/care/rules``: who looks after what, by itself."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from majlis.brands import queries as brands
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.care import assigning, causes, sources
from majlis.care.assigning import Rule, Then, When
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.insights.plots import writing
from majlis.people import queries as people
from majlis.web.composer import number
from majlis.web.doors import goto, sentence_of
from majlis.web.studio.care.causes import name_of
from majlis.web.studio.care.promises import PRIORITIES
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path

PART: Final = "care/rules"
SOURCES: Final[dict[str, str | Promise]] = {
    sources.MENTION: pgettext_lazy("source of a conversation", "Mention"),
    sources.COMMENT: pgettext_lazy("source of a conversation", "Comment"),
    sources.DIRECT: pgettext_lazy("source of a conversation", "Direct post"),
    sources.REVIEW: pgettext_lazy("source of a conversation", "Review"),
    sources.SPOKEN: pgettext_lazy("source of a conversation", "Spoken of"),
    sources.OUTSIDE: pgettext_lazy("source of a conversation", "Another network"),
}
_YES_NO: Final = {"yes": True, "no": False}


@team(Permission.CARE, "GET", "POST")
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The rules in their order; sent, there is another one."""
    error: BadInput | None = None
    if request.method == "POST":
        try:
            when, then = _read(request.POST)
            assigning.keep_rule(page, name=request.POST.get("name", ""), when=when, then=then, at=now())
        except BadInput as refused:
            error = refused
        else:
            messages.success(request, _("Saved."))
            return goto(request, path(page.handle, PART))
    names = _names(page)
    known = {each.id: name_of(each) for each in causes.causes(page)}
    found = assigning.rules(page.page_id)
    return render(request, "web/studio/care/rules.html", frame(
        page, PART, _("Rules"),
        rules=[{"rule": each, "when": _when(each, known), "then": _then(each, names)} for each in found],
        answer=_("The first rule that fits decides; what is decided stays, whatever a person changes after.") if found
        else _("No rules yet: everybody who answers sees everything."),
        members=list(names.items()), causes=list(known.items()), sources=SOURCES.items(), priorities=PRIORITIES.items(),
        typed=request.POST if error else None, error=sentence_of(error) if error else "", wrong=error.field if error else "",
    ), status=error.status if error else 200)  # fmt: skip


def _names(page: OnTeam) -> dict[int, str]:
    answering = set(assigning.answerers(page.page_id))
    views = people.profiles({each.member_id for each in brands.team(page) if each.member_id in answering})
    return {id_: view.display_name or view.handle for id_, view in views.items()}


def _read(form: QueryDict) -> tuple[When, Then]:
    words = [each.strip() for each in form.get("words", "").replace("،", ",").split(",")]
    when = When(
        sources=tuple(form.getlist("sources")), languages=tuple(form.getlist("languages")),
        causes=tuple(found for each in form.getlist("causes") if (found := number(each))),
        words=tuple(each for each in words if each), complaint=_YES_NO.get(form.get("complaint", "")),
        urgent=_YES_NO.get(form.get("urgent", "")), closed=_YES_NO.get(form.get("closed", "")),
    )  # fmt: skip
    to = form.get("to", "")
    then = Then(
        to=number(to), load=to == "load", priority=number(form.get("priority")) if form.get("priority") != "0" else 0,
        tag=form.get("tag", "").strip(),
    )  # fmt: skip
    return when, then


def _when(rule: Rule, known: dict[int, str]) -> str:
    when = rule.when
    parts: list[str] = [str(SOURCES.get(each, each)) for each in when.sources]
    parts += [writing.locale().languages.get(each, each) for each in when.languages]
    parts += [known.get(each, "…") for each in when.causes]
    parts += [f"“{each}”" for each in when.words]
    said = (
        (when.complaint, _("a complaint"), _("no complaint")), (when.urgent, _("urgent"), _("not urgent")),
        (when.closed, _("outside the hours"), _("within the hours")),
    )  # fmt: skip
    parts += [yes if value else no for value, yes, no in said if value is not None]
    return ("، " if writing.rtl() else ", ").join(parts) or _("everything")


def _then(rule: Rule, names: dict[int, str]) -> str:
    then, parts = rule.then, []
    if then.to is not None:
        parts.append(names.get(then.to, _("somebody who left")))
    if then.load:
        parts.append(_("whoever has least to do"))
    parts += [str(words) for value, words in PRIORITIES.items() if value == then.priority]
    if then.tag:
        parts.append(f"#{then.tag}")
    return ("، " if writing.rtl() else ", ").join(parts)


@team(Permission.CARE, "POST")
def change(request: HttpRequest, page: OnTeam, rule_id: int) -> HttpResponse:
    """Up, down, or away."""
    do: Any = request.POST.get("do")
    if do == "end":
        assigning.end_rule(page, rule_id=rule_id, at=now())
        messages.success(request, _("The rule is gone; what it decided stays."))
    else:
        assigning.move_rule(page, rule_id=rule_id, up=do == "up", at=now())
    return goto(request, path(page.handle, PART))


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/care/rules", index),
    at_path("studio/<str:handle>/care/rules/<id:rule_id>", change),
]
