"""The queue of reports, one report with its context, and the second look."""

from __future__ import annotations

from typing import Any, Final, cast

from django.http import HttpRequest
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from majlis.backoffice import shown, words
from majlis.backoffice.doors import Done, Shown, act, asked_page, number, numbers, older, operator, page
from majlis.backoffice.faces import faces
from majlis.core.clock import now
from majlis.media.store import url_for
from majlis.posts import queries as posts
from majlis.safety import access, actions, queries
from majlis.safety.views import ReportedPost, ReportView

_STATES: Final = ("open", "mine", "unassigned", "closed")
_FOR_EVERYBODY: Final = {"public", "unlisted"}


@page
def index(request: HttpRequest) -> Shown:
    """The queue."""
    asked = request.GET.get("state", "open")
    state = cast("queries.State", asked if asked in _STATES else "open")
    found = queries.reports(state=state, operator=operator(request), page=asked_page(request))
    counts = queries.queue_counts()
    labels = (
        ("open", _("Open"), counts.open),
        ("mine", _("Mine"), 0),
        ("unassigned", _("Nobody's"), counts.unassigned),
        ("closed", _("Closed"), 0),
    )
    context = {
        "tabs": [
            {"url": f"/backoffice/reports?state={name}", "label": label, "count": n, "current": name == state}
            for name, label, n in labels
        ],
        "tabs_label": _("Reports"),
        "lines": shown.reports(found.items),
        "older_url": older(request, found.oldest, full=found.full),
    }
    return Shown("reports", _("Reports"), context)


@page
def report(request: HttpRequest, report_id: int) -> Shown:
    """One report: what was said, what is reported, what was decided before, and the form."""
    found = access.report(report_id=report_id)
    (line,) = shown.reports([found])
    rules = queries.rules_by_id(found.rule_ids)
    language = get_language() or "en"
    context = {
        "line": line,
        "report": found,
        "mine": found.assigned_to == operator(request),
        "posts": _with_context(found),
        "rules": [rules[id_].text_in(language) for id_ in found.rule_ids if id_ in rules],
        "decided": shown.decisions(queries.decisions_of_report(report_id=report_id)),
        "before": shown.decisions(queries.seen_decisions(profile_id=found.about)),
        "others": [r for r in queries.reports_about(profile_id=found.about) if r.id != report_id],
        "kinds": words.choices(with_posts=bool(found.posts), with_things=bool(found.things)),
    }
    return Shown("report", pgettext("noun", "Report"), context, back="/backoffice/reports")


def _with_context(report: ReportView) -> list[dict[str, Any]]:
    """Each reported post as it was, its photos while it is there, and what it answers when that was
    written for everybody: more than what was reported is not the operator's to read."""
    answered = [int(post.reply_to) for post in report.posts if post.reply_to]
    now_there = posts.hydrate([*(int(post.id) for post in report.posts), *answered])
    who = faces(now_there[id_].author_id for id_ in answered if id_ in now_there)
    return [_one(post, now_there, who) for post in report.posts]


def _one(post: ReportedPost, now_there: dict[int, posts.PostView], who: dict[int, Any]) -> dict[str, Any]:
    there = now_there.get(int(post.id))
    parent = now_there.get(int(post.reply_to or 0))
    if parent and parent.audience not in _FOR_EVERYBODY:
        parent = None
    photos = there.photos if there else []
    return {
        "post": post,
        "there": there is not None,
        "edited": there is not None and there.text != post.text,
        "photos": [{"url": url_for(p.key, "small.webp"), "alt": p.alt} for p in photos],
        "parent": parent,
        "parent_by": who.get(parent.author_id) if parent else None,
    }


@act("report.assign")
def assign(request: HttpRequest, report_id: int) -> Done:
    """Look after a report oneself, or no longer."""
    to = operator(request) if request.POST.get("to") == "me" else None
    actions.assign(report_id=report_id, to=to, at=now())
    sentence = _("You look after this report.") if to else _("Nobody looks after this report.")
    return Done(sentence, _page_of(report_id), f"report:{report_id}", {"to": "me" if to else ""})


def _dangerous(request: HttpRequest) -> bool:
    return request.POST.get("kind") in words.DANGEROUS


@act("report.decide", danger=_dangerous)
def decide(request: HttpRequest, report_id: int) -> Done:
    """Decide about the profile or the chosen posts; then the report is answered, unless kept open."""
    found = access.report(report_id=report_id)
    kind, chosen = request.POST.get("kind", ""), set(numbers(request.POST.getlist("post")))
    things = set(request.POST.getlist("thing"))
    post_ids = [int(post.id) for post in found.posts if int(post.id) in chosen]
    decision = actions.decide(
        about=found.about,
        kind=kind,
        by=operator(request),
        report_id=report_id,
        post_ids=post_ids,
        things=[
            (thing.kind, int(thing.id)) for thing in found.things if f"{thing.kind}:{thing.id}" in things
        ],
        text=request.POST.get("text", ""),
        at=now(),
    )
    if "keep_open" not in request.POST:
        actions.close(report_id=report_id, by=operator(request), at=now())
    detail = {"kind": kind, "decision": str(decision), "posts": [str(id_) for id_ in post_ids]}
    return Done(_("Decided. Both sides are told."), _page_of(report_id), f"report:{report_id}", detail)


@act("report.close")
def close(request: HttpRequest, report_id: int) -> Done:
    """Answer a report with what was decided so far."""
    actions.close(report_id=report_id, by=operator(request), at=now())
    return Done(_("Closed. The reporter is told."), _page_of(report_id), f"report:{report_id}")


@act("report.reopen")
def reopen(request: HttpRequest, report_id: int) -> Done:
    """Look again."""
    actions.reopen(report_id=report_id, at=now())
    return Done(_("The report is open again."), _page_of(report_id), f"report:{report_id}")


def _page_of(report_id: int) -> str:
    return f"/backoffice/reports/{report_id}"


@page
def appeals(request: HttpRequest) -> Shown:
    """Who asks for a second look, and what was answered."""
    context = {
        "waiting": shown.decisions(queries.appeals(waiting=True)),
        "answered": shown.decisions(queries.appeals(waiting=False, limit=30)),
        "typed_for": number(request.GET.get("decision")),
    }
    return Shown("appeals", _("Appeals"), context)


@act("appeal.answer", danger=True)
def answer(request: HttpRequest, decision_id: int) -> Done:
    """Take the decision back, or let it stand."""
    decision = access.decision(decision_id=decision_id).decision
    lifted = request.POST.get("answer") == "lift"
    actions.answer_appeal(
        decision_id=decision_id,
        by=operator(request),
        lifted=lifted,
        text=request.POST.get("text", ""),
        at=now(),
    )
    detail = {"decision": str(decision_id), "lifted": lifted}
    return Done(
        _("Answered. The profile is told."), "/backoffice/appeals", f"profile:{decision.about}", detail
    )
