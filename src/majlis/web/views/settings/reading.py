"""Preferences, and whom and what one does not want to read."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.accounts import actions as accounts
from majlis.accounts import zones
from majlis.core.clock import now
from majlis.core.errors import Refused
from majlis.core.paging import Page
from majlis.people import actions
from majlis.people import queries as people
from majlis.people.queries import Viewer
from majlis.web import composer, faces
from majlis.web.cards import AUDIENCES
from majlis.web.context import THEME_COOKIE, THEMES
from majlis.web.doors import goto, member, sentence_of
from majlis.web.views import preferences as cookies

_SHOWN: Final = Page(limit=200)
_PERMITS: Final[list[tuple[str, str | Promise]]] = list(composer.MAY_REPLY.items())


class PreferencesForm(forms.Form):
    """The interface, then how a post begins."""

    interface = forms.ChoiceField(label=gettext_lazy("Language of the pages"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(
        label=gettext_lazy("Light or dark"),
        choices=[
            ("auto", gettext_lazy("As the device")),
            ("light", gettext_lazy("Light")),
            ("dark", gettext_lazy("Dark")),
        ],
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=lambda: [("", _("As this device says")), *zones.choices()],
        required=False,
        help_text=gettext_lazy("Dates and hours are told and taken in it."),
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who sees my posts, unless I say otherwise"),
        choices=[(name, AUDIENCES[name]) for name in composer.CHOICES],
    )
    language = forms.ChoiceField(
        label=gettext_lazy("I mostly write in"),
        choices=[("", gettext_lazy("Recognise it")), *composer.LANGUAGES],
        required=False,
    )
    may_reply = forms.ChoiceField(label=gettext_lazy("Who may reply"), choices=_PERMITS)
    may_quote = forms.ChoiceField(label=gettext_lazy("Who may quote me"), choices=_PERMITS)
    sensitive = forms.BooleanField(label=gettext_lazy("My photos are sensitive"), required=False)


@member("GET", "POST")
def preferences(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """How pages look and posts begin."""
    if request.method == "GET":
        return _page(request, PreferencesForm(initial=_present(request, viewer)))
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    chosen: dict[str, Any] = dict(form.cleaned_data)
    interface, zone = chosen.pop("interface"), chosen.pop("time_zone")
    actions.change_preferences(by=viewer.id, changes=chosen, at=now())
    accounts.set_language(user_id=viewer.user_id, language=interface)
    accounts.set_time_zone(user_id=viewer.user_id, name=zone)
    translation.activate(interface)
    messages.success(request, _("Saved."))
    response = goto(request, "/settings/preferences")
    cookies.remember(request, response, settings.LANGUAGE_COOKIE_NAME, interface)
    cookies.remember(request, response, THEME_COOKIE, chosen["theme"] if chosen["theme"] in THEMES else "")
    return response


def _present(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    wishes = viewer.preferences
    return {
        "interface": translation.get_language(),
        # the cookie is what is seen now; a choice made in the foot of a page is one too
        "theme": request.COOKIES.get(THEME_COOKIE) or "auto",
        "time_zone": getattr(request.user, "time_zone", ""),
        **{
            name: getattr(wishes, name)
            for name in wishes.__struct_fields__
            if name not in ("theme", "recipe", "promotions", "experiments", "second_chance")
        },
    }


def _page(request: HttpRequest, form: PreferencesForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "here": "settings",
        "page_title": _("Preferences"),
        "back_url": "/settings",
        "robots": "noindex",
    }
    return render(request, "web/settings/preferences.html", context, status=status)


# blocked and muted --------------------------------------------------------------------------------


@member("GET")
def privacy(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Whom she blocks and mutes, and which servers."""
    return _privacy(request, viewer)


def _privacy(request: HttpRequest, viewer: Viewer, *, status: int = 200, **typed: Any) -> HttpResponse:
    at = now()
    blocked = people.blocks(profile_id=viewer.id, page=_SHOWN).items
    muted = people.mutes(profile_id=viewer.id, at=at, page=_SHOWN).items
    profiles = people.profiles([*blocked, *(mute.profile_id for mute in muted)])
    context = {
        "blocked": [faces.face(profiles[id_]) for id_ in blocked if id_ in profiles],
        "muted": [
            {
                "person": faces.face(profiles[mute.profile_id]),
                "until": mute.expires_at,
                "notifications": mute.notifications,
            }
            for mute in muted
            if mute.profile_id in profiles
        ],
        "domains": people.domain_blocks(profile_id=viewer.id, page=_SHOWN).items,
        "here": "settings",
        "page_title": _("Blocked and muted"),
        "back_url": "/settings",
        "robots": "noindex",
        **typed,
    }
    return render(request, "web/settings/privacy.html", context, status=status)


@member("POST")
def block_domain(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Read nothing from a server any more."""
    domain = request.POST.get("domain", "")
    try:
        actions.block_domain(by=viewer.id, domain=domain, at=now())
    except Refused as error:
        return _privacy(request, viewer, status=error.status, domain=domain, domain_error=sentence_of(error))
    messages.success(request, _("You read nothing from this server any more."))
    return goto(request, "/settings/privacy")


@member("POST")
def unblock_domain(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Read from it again."""
    actions.unblock_domain(by=viewer.id, domain=request.POST.get("domain", ""), at=now())
    messages.success(request, _("You read from this server again."))
    return goto(request, "/settings/privacy")
