"""What a member is told."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.core.clock import now
from majlis.core.ids import moment_of
from majlis.feeds import markers
from majlis.notifications import actions, queries
from majlis.people import queries as people
from majlis.people.queries import Viewer
from majlis.web import notices as shown
from majlis.web import paging
from majlis.web.composer import number
from majlis.web.doors import goto, member

_ONLY: Final = {"mentions": ("mention", "quote")}


@member("GET")
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Notifications, those that belong together as one."""
    at, page = now(), paging.asked(request)
    only = request.GET.get("only", "")
    found = queries.grouped(viewer=viewer.id, page=page, at=at, types=_ONLY.get(only))
    last_read = shown.last_read(viewer=viewer.id)
    return render(request, "web/notifications/index.html", {
        "groups": shown.notices(found.items, viewer=viewer.id, last_read=last_read, at=at),
        **paging.slice_context(request, found, page),
        "newest": found.newest if page.max_id is None and not only else None,
        "requests": people.follow_requests_count(profile_id=viewer.id),
        "tabs": shown.tabs(only if only in _ONLY else ""),
        "tabs_label": _("Notifications"),
        "here": "notifications",
        "page_title": _("Notifications"),
        "robots": "noindex",
    })  # fmt: skip


@member("POST")
def read(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """She has read them up to here."""
    last = number(request.POST.get("last"))
    if last and moment_of(last) <= now():
        markers.set_marker(by=viewer.id, timeline="notifications", last_read_id=last, at=now())
    return HttpResponse(status=204) if request.headers.get("HX-Request") else goto(request, "/notifications")


@member("POST")
def clear(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Remove all."""
    actions.clear(by=viewer.id, at=now())
    messages.success(request, _("All notifications are gone."))
    return goto(request, "/notifications")


KINDS: Final[list[tuple[str, str | Promise]]] = [
    ("mention", gettext_lazy("Somebody mentions me")),
    ("reply", gettext_lazy("Somebody answers me")),
    ("favourite", gettext_lazy("Somebody reacts to my post")),
    ("reblog", gettext_lazy("Somebody boosts my post")),
    ("quote", gettext_lazy("Somebody quotes my post")),
    ("follow", gettext_lazy("Somebody follows me")),
    ("poll", gettext_lazy("A poll I took part in ends")),
    ("update", gettext_lazy("A post I boosted is edited")),
    ("review", gettext_lazy("Somebody reviews a page I work for")),
    ("review_answer", gettext_lazy("A page answers my review")),
    ("team_invitation", gettext_lazy("A page asks me into its team")),
    ("approval_asked", gettext_lazy("A post of a page waits for my yes; a letter too")),
    ("approval_given", gettext_lazy("A post that I asked about is approved; a letter too")),
    ("changes_wanted", gettext_lazy("Changes are wanted to a post that I asked about; a letter too")),
    ("care_complaint", gettext_lazy("Somebody complains to a page that I answer for")),
    ("care_assigned", gettext_lazy("A conversation of a page is given to me")),
    ("care_due", gettext_lazy("An answer of a page is due soon")),
    ("care_late", gettext_lazy("An answer of a page is late; a letter too")),
]
_RULINGS: Final[list[tuple[str, str | Promise]]] = [
    ("accept", gettext_lazy("Tell me")),
    ("filter", gettext_lazy("Keep them back")),
    ("drop", gettext_lazy("Do not tell me")),
]


class PolicyForm(forms.Form):
    """Of what, and by whom."""

    on = forms.MultipleChoiceField(
        label=gettext_lazy("Tell me when"), choices=KINDS, widget=forms.CheckboxSelectMultiple, required=False
    )
    for_not_following = forms.ChoiceField(label=gettext_lazy("People I do not follow"), choices=_RULINGS)
    for_not_followers = forms.ChoiceField(label=gettext_lazy("People who do not follow me"), choices=_RULINGS)
    for_new_accounts = forms.ChoiceField(
        label=gettext_lazy("Accounts younger than 30 days"), choices=_RULINGS
    )
    for_private_mentions = forms.ChoiceField(
        label=gettext_lazy("Private mentions by people I do not follow"), choices=_RULINGS
    )
    for_limited_accounts = forms.ChoiceField(
        label=gettext_lazy("Accounts the house has limited"), choices=_RULINGS
    )
    digest = forms.BooleanField(label=gettext_lazy("Send me a letter with what I missed"), required=False)


@member("GET", "POST")
def policy(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Which of them she wants."""
    form = PolicyForm(request.POST) if request.method == "POST" else PolicyForm(initial=_present(viewer))
    if request.method == "POST" and form.is_valid():
        chosen: dict[str, Any] = dict(form.cleaned_data)
        on = chosen.pop("on")
        actions.change_policy(by=viewer.id, off=[kind for kind, _label in KINDS if kind not in on], **chosen)
        messages.success(request, _("Saved."))
        return goto(request, "/settings/notifications")
    context = {
        "form": form,
        "here": "settings",
        "page_title": _("Notifications"),
        "back_url": "/settings",
        "robots": "noindex",
    }
    return render(request, "web/settings/form.html", context, status=422 if form.errors else 200)


def _present(viewer: Viewer) -> dict[str, Any]:
    found = queries.policy(viewer=viewer.id, at=now())
    names = [name for name in PolicyForm.base_fields if name != "on"]
    return {
        "on": [kind for kind, _label in KINDS if kind not in found.off],
        **{name: getattr(found, name) for name in names},
    }
