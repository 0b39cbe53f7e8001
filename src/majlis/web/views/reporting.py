"""Telling the people who run this house that something breaks its rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from majlis.brands import access as brands
from majlis.core.clock import now
from majlis.core.errors import BadInput, Refused
from majlis.core.text.bidi import isolate
from majlis.people import access as people_access
from majlis.people.access import SeenProfile
from majlis.people.queries import Viewer
from majlis.posts import access
from majlis.safety import actions, queries
from majlis.web import faces
from majlis.web.composer import number
from majlis.web.doors import goto, member, sentence_of

_CATEGORIES: Final[list[tuple[str, str | Promise, str | Promise]]] = [
    (
        "spam",
        gettext_lazy("Spam or fraud"),
        gettext_lazy("Advertising, links that deceive, a false identity"),
    ),
    ("legal", gettext_lazy("Against the law"), gettext_lazy("What is forbidden where you or the house are")),
    ("other", gettext_lazy("Something else"), gettext_lazy("Tell us below")),
]


@member("GET", "POST")
def post(request: HttpRequest, viewer: Viewer, post_id: int) -> HttpResponse:
    """Report a post."""
    seen = access.see_itself(post_id=post_id, viewer=viewer.id)
    about = people_access.see_profile(profile_id=seen.author_id, viewer_id=viewer.id)
    subject = _("You report a post by %(name)s.") % {"name": isolate(about.name)}
    return _report(request, viewer, about, subject, post_ids=[seen.id])


@member("GET", "POST")
def profile(request: HttpRequest, viewer: Viewer, profile_id: int) -> HttpResponse:
    """Report a profile."""
    about = people_access.see_profile(profile_id=profile_id, viewer_id=viewer.id)
    subject = _("You report the profile of %(name)s.") % {"name": isolate(about.name)}
    return _report(request, viewer, about, subject, post_ids=[])


Send = Callable[[str, list[int], str], object]


def of_review(request: HttpRequest, viewer: Viewer, review_id: int, send: Send) -> HttpResponse:
    """Report a review of a business; ``send`` takes category, rules and comment."""
    review = brands.see_review(review_id=review_id, viewer=viewer.id)
    about = people_access.see_profile(profile_id=review.author_id, viewer_id=viewer.id)
    page = people_access.see_profile(profile_id=review.page_id, viewer_id=viewer.id)
    names = {"name": isolate(about.name), "page": isolate(page.name)}
    subject = _("You report what %(name)s wrote about %(page)s.") % names
    return _form(request, about, subject, send, back=f"{faces.profile_path(page.acct)}/reviews")


def _report(
    request: HttpRequest, viewer: Viewer, about: SeenProfile, subject: str, *, post_ids: list[int]
) -> HttpResponse:
    def send(category: str, rule_ids: list[int], comment: str) -> object:
        return actions.report(
            by=viewer.id,
            about=about,
            at=now(),
            post_ids=post_ids,
            rule_ids=rule_ids,
            category=category,
            comment=comment,
            forward="forward" in request.POST,
        )

    return _form(request, about, subject, send, back=faces.profile_path(about.acct))


def _form(request: HttpRequest, about: SeenProfile, subject: str, send: Send, *, back: str) -> HttpResponse:
    if request.method == "GET":
        return _page(request, about, subject, back=back)
    reason = request.POST.get("reason", "")
    try:
        rule = number(reason.removeprefix("rule:")) if reason.startswith("rule:") else None
        if not rule and reason not in [name for name, _label, _text in _CATEGORIES]:
            raise BadInput(_("Say what is wrong."), field="reason")
        send("" if rule else reason, [rule] if rule else [], request.POST.get("comment", ""))
    except Refused as error:
        return _page(request, about, subject, back=back, error=error)
    messages.success(request, _("Thank you. People look at it, and we tell you what was decided."))
    return goto(request, back)


def _page(
    request: HttpRequest, about: SeenProfile, subject: str, *, back: str, error: Refused | None = None
) -> HttpResponse:
    report = {
        "action": request.path,
        "subject": subject,
        "reasons": [
            *_rules(),
            *({"value": v, "label": label, "text": text} for v, label, text in _CATEGORIES),
        ],
        "chosen": request.POST.get("reason", ""),
        "comment": request.POST.get("comment", ""),
        "may_forward": about.domain,
        "error": sentence_of(error) if error else "",
        "back_url": back,
    }
    context = {
        "report": report,
        "page_title": _("Report"),
        "back_url": report["back_url"],
        "robots": "noindex",
    }
    return render(request, "web/reports/report.html", context, status=error.status if error else 200)


def _rules() -> list[dict[str, Any]]:
    arabic = get_language() == "ar"
    return [
        {
            "value": f"rule:{rule.id}",
            "label": (rule.text_ar if arabic else "") or rule.text,
            "text": (rule.hint_ar if arabic else "") or rule.hint,
        }
        for rule in queries.rules()
    ]


def house_rules() -> list[dict[str, Any]]:
    """The rules of the operator as the page of rules shows them."""
    return [{"title": rule["label"], "text": rule["text"]} for rule in _rules()]
