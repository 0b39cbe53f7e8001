"""A member's own filters: the words, where, until when, and what then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.core.clock import now
from majlis.core.errors import Refused
from majlis.feeds import access, actions
from majlis.feeds.access import OwnFilter
from majlis.feeds.actions import Word
from majlis.people.queries import Viewer
from majlis.web.doors import goto, member, sentence_of

PLACES: Final[list[tuple[str, str | Promise]]] = [
    ("home", gettext_lazy("Home, lists and circles")),
    ("notifications", gettext_lazy("Notifications")),
    ("public", gettext_lazy("Public posts, hashtags, search")),
    ("thread", gettext_lazy("Conversations")),
    ("account", gettext_lazy("Profiles")),
]
_HOURS: Final[list[tuple[str, str | Promise]]] = [
    ("keep", gettext_lazy("As it is")),
    ("0", gettext_lazy("For good")),
    ("24", gettext_lazy("1 day")),
    ("168", gettext_lazy("7 days")),
    ("720", gettext_lazy("30 days")),
]


class FilterForm(forms.Form):
    """A filter. The words one a line."""

    title = forms.CharField(label=gettext_lazy("Name of the filter"))
    words = forms.CharField(
        label=gettext_lazy("Words or phrases, one a line"),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=gettext_lazy(
            "Arabic words are found with and without the article, and however they are vowelled."
        ),
    )
    whole_words = forms.BooleanField(label=gettext_lazy("Whole words only"), required=False, initial=True)
    contexts = forms.MultipleChoiceField(
        label=gettext_lazy("Where"),
        choices=PLACES,
        widget=forms.CheckboxSelectMultiple,
        initial=["home", "public"],
    )
    action = forms.ChoiceField(
        label=gettext_lazy("What then"),
        choices=[
            ("warn", gettext_lazy("Fold it away, with the name of the filter")),
            ("hide", gettext_lazy("Leave it out, and count it")),
        ],
        widget=forms.RadioSelect,
        initial="warn",
    )
    lasts = forms.ChoiceField(label=gettext_lazy("For how long?"), choices=_HOURS, initial="0")


@member("GET")
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All her filters."""
    at = now()
    shown = [
        {"filter": own, "ended": own.expires_at is not None and own.expires_at <= at}
        for own in access.own_filters(by=viewer.id)
    ]
    return _page(request, "web/settings/filters.html", _("Filters"), "/settings", filters=shown)


@member("GET", "POST")
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A new filter."""
    form = FilterForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _written(form, viewer, None, at=now()):
        return _done(request, _("The filter is on."))
    return _form(request, form, _("A new filter"), own=None)


@member("GET", "POST")
def change(request: HttpRequest, viewer: Viewer, filter_id: int) -> HttpResponse:
    """Another name, other words, another end."""
    own = access.own_filter(filter_id=filter_id, by=viewer.id)
    form = FilterForm(request.POST) if request.method == "POST" else FilterForm(initial=_present(own))
    if request.method == "POST" and form.is_valid() and _written(form, viewer, own, at=now()):
        return _done(request, _("Saved."))
    return _form(request, form, own.title, own=own)


@member("POST")
def delete(request: HttpRequest, viewer: Viewer, filter_id: int) -> HttpResponse:
    """No longer filter."""
    actions.delete_filter(filter=access.own_filter(filter_id=filter_id, by=viewer.id), by=viewer.id, at=now())
    return _done(request, _("The filter is gone."))


def _present(own: OwnFilter) -> dict[str, Any]:
    return {
        "title": own.title,
        "words": "\n".join(word.keyword for word in own.keywords),
        "whole_words": all(word.whole_word for word in own.keywords),
        "contexts": own.contexts,
        "action": own.action if own.action != "blur" else "warn",
        "lasts": "keep" if own.expires_at else "0",
    }


def _written(form: FilterForm, viewer: Viewer, own: OwnFilter | None, *, at: datetime) -> bool:
    """Write what the form says; False when the domain refused, which the form then shows."""
    data = form.cleaned_data
    hours = int(data["lasts"]) if data["lasts"] != "keep" else None
    lifetime = timedelta(hours=hours) if hours else None
    common = {"title": data["title"], "contexts": data["contexts"], "action": data["action"]}
    try:
        if own is None:
            actions.create_filter(by=viewer.id, at=at, lifetime=lifetime, words=_words(data, None), **common)
        else:
            changes = common if hours is None else {**common, "lifetime": lifetime}
            actions.change_filter(filter=own, by=viewer.id, at=at, changes=changes, words=_words(data, own))
    except Refused as error:
        if error.status >= 500:
            raise
        form.add_error(_FIELDS.get(error.field or "", None), sentence_of(error))
        return False
    return True


_FIELDS: Final = {"title": "title", "keyword": "words", "context": "contexts", "expires_in": "lasts"}


def _words(data: dict[str, Any], own: OwnFilter | None) -> list[Word]:
    """The typed lines against those there are: the same stay, new ones come, missing ones go."""
    typed = list(dict.fromkeys(line.strip() for line in data["words"].splitlines() if line.strip()))
    whole = bool(data["whole_words"])
    kept = {word.keyword: word for word in own.keywords} if own else {}
    made = [Word(line, whole) for line in typed if line not in kept]
    changed = [Word(None, whole, id=word.id) for line, word in kept.items() if line in typed]
    gone = [Word(id=word.id, remove=True) for line, word in kept.items() if line not in typed]
    return [*made, *changed, *gone]


def _form(request: HttpRequest, form: FilterForm, title: str, *, own: OwnFilter | None) -> HttpResponse:
    status = 422 if form.errors else 200
    return _page(
        request, "web/settings/filter.html", title, "/settings/filters", form=form, filter=own, status=status
    )


def _page(
    request: HttpRequest, template: str, title: str, back_url: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    frame = {"here": "settings", "page_title": title, "back_url": back_url, "robots": "noindex"}
    return render(request, template, {**frame, **context}, status=status)


def _done(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return goto(request, "/settings/filters")
