"""Where settings begin: what there is to choose, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from majlis.people import queries as people
from majlis.people.queries import Viewer
from majlis.web import formats
from majlis.web.doors import member
from majlis.web.faces import Shown


@dataclass(slots=True)
class Entry(Shown):
    """A place to go, with how it stands."""

    url: str
    icon: str
    title: str
    text: str = ""
    state: str = ""


@member("GET")
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All of it on one page."""
    profiles = people.profiles_of_login(user_id=viewer.user_id)
    return render(request, "web/settings/index.html", {
        "groups": [
            (_("You"), _you(len(profiles))),
            (_("Reading and writing"), _reading()),
            (_("Signing in"), _access()),
            (_("Your things"), _things()),
            *([(_("This house"), _house())] if viewer.is_operator else []),
        ],
        "here": "settings",
        "page_title": _("Settings"),
        "robots": "noindex",
    })  # fmt: skip


def _you(profiles: int) -> list[Entry]:
    return [
        Entry("/settings/profile", "person", _("Profile"), _("Name, picture, links, who may find you")),
        Entry(
            "/settings/profiles",
            "people",
            _("My profiles"),
            _("One for yourself, one for your business"),
            formats.number(profiles) if profiles > 1 else "",
        ),
        Entry("/studio", "shop", _("Studio"), _("The pages you work for: posts, reviews, team")),
    ]


def _reading() -> list[Entry]:
    return [
        Entry(
            "/settings/preferences",
            "language",
            _("Preferences"),
            _("Language, time zone, light or dark, how posts begin"),
        ),
        Entry(
            "/settings/privacy",
            "lock",
            _("Blocked and muted"),
            _("People and servers you do not want to read"),
        ),
        Entry(
            "/settings/measured",
            "info",
            _("What is counted about me"),
            _("For the numbers of businesses, never by name"),
        ),
        Entry("/settings/filters", "eye-off", _("Filters"), _("Words that you do not want to read")),
        Entry("/settings/promotions", "up", _("Promoted posts"), _("Whether you are shown any")),
        Entry(
            "/settings/experiments",
            "eye",
            _("Later, and once more"),
            _("Posts that reach you later, or a second time"),
        ),
        Entry("/lists", "circle", _("Lists and circles"), _("Family, colleagues, customers")),
    ]


def _access() -> list[Entry]:
    return [
        Entry("/accounts/email/", "mail", _("Mail address")),
        Entry("/accounts/password/change/", "key", _("Password")),
        Entry("/accounts/2fa/", "shield", _("Two-step sign-in"), _("Passkeys, codes from an app")),
        Entry("/settings/sessions", "device", _("Where you are signed in"), _("Browsers and apps")),
    ]


def _things() -> list[Entry]:
    return [
        Entry(
            "/settings/import", "up", _("Bring your archive"), _("From X, Instagram, Facebook or Mastodon")
        ),
        Entry(
            "/settings/export", "download", _("Take everything with you"), _("Posts, photos, lists, follows")
        ),
        Entry("/settings/account", "leave", _("Leave"), _("Sign out, or delete the account")),
    ]


def _house() -> list[Entry]:
    return [Entry("/backoffice/", "shield", _("Back office"), _("Reports, people, rules, work that failed"))]
