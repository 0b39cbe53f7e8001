"""What waits, how many we are, how the machine does; settings and the book of what operators did."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from django.conf import settings as django_settings
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from majlis.backoffice.doors import Shown, asked_page, older, page
from majlis.core.clock import now
from majlis.core.jobs import queries as jobs
from majlis.safety import queries as safety
from majlis.safety.views import Numbers

_SECRET: Final = {"database_url", "smtp_url"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A room to go to, and how much waits there."""

    url: str
    icon: str
    title: str | Promise
    text: str | Promise = ""
    state: str = ""


def rooms(numbers: Numbers | None = None, dead: int = 0) -> list[Entry]:
    """All rooms; with what waits in each."""
    waits = {
        "reports": numbers.open_reports if numbers else 0,
        "appeals": numbers.appeals if numbers else 0,
        "joining": numbers.awaiting_approval if numbers else 0,
        "jobs": dead,
    }
    return [
        Entry(f"/backoffice/{name}", icon, title, text, number_format(waits[name]) if waits.get(name) else "")
        for name, icon, title, text in _ROOMS
    ]


_ROOMS: Final = (
    ("reports", "flag", gettext_lazy("Reports"), gettext_lazy("What members told you of")),
    ("appeals", "reply", gettext_lazy("Appeals"), gettext_lazy("Who asks for a second look")),
    ("people", "people", gettext_lazy("People"), gettext_lazy("Find somebody, decide, undo")),
    ("joining", "person-add", gettext_lazy("Joining"), gettext_lazy("Who asks to join; invitations")),
    ("rules", "article", gettext_lazy("House rules"), gettext_lazy("In both languages")),
    ("announcements", "bell", gettext_lazy("Announcements"), gettext_lazy("What you tell everybody")),
    ("tags", "at", gettext_lazy("Hashtags"), gettext_lazy("Which of them may trend")),
    ("feed", "compass", gettext_lazy("Order of home"), gettext_lazy("The public rule of the feed")),
    ("promotion", "shop", gettext_lazy("Balances of pages"), gettext_lazy("Top up what pages promote with")),
    ("jobs", "clock", gettext_lazy("Work behind the scenes"), gettext_lazy("What failed, and who works")),
    ("settings", "settings", gettext_lazy("Settings"), gettext_lazy("As this server was started")),
    ("book", "list", gettext_lazy("The book"), gettext_lazy("Who did what, and when")),
)


@page
def overview(request: HttpRequest) -> Shown:
    """The first page."""
    numbers, depth = safety.numbers(at=now()), jobs.depth()
    disk = shutil.disk_usage(django_settings.MAJLIS.data_dir)
    return Shown(
        "overview",
        _("Back office"),
        {
            "numbers": numbers,
            "depth": depth,
            "entries": rooms(numbers, depth.dead),
            "working": any(worker.alive for worker in jobs.workers()),
            "disk": {"free": disk.free, "total": disk.total, "tight": disk.free < disk.total / 10},
            "version": version("majlis"),
        },
        back="/home",
    )


@page
def settings(request: HttpRequest) -> Shown:
    """Every setting with what it means. Changing one needs a restart, so this page only shows."""
    house = django_settings.MAJLIS
    lines = [
        {
            "name": about.variable,
            "value": _value(name, getattr(house, name)),
            "default": getattr(house, name) == about.default,
            "text": gettext(about.description),
        }
        for name, about in house.described().items()
    ]
    return Shown("settings", _("Settings"), {"lines": lines})


def _value(name: str, value: Any) -> str:
    if name in _SECRET and value:
        return "••••••"
    return str(value)


@page
def book(request: HttpRequest) -> Shown:
    """What operators did, newest first; ``target`` shows what was done to one thing."""
    target = request.GET.get("target", "")[:64].replace("\x00", "")
    found = safety.audit_lines(page=asked_page(request, limit=60), target=target)
    context = {
        "lines": found.items,
        "target": target,
        "older_url": older(request, found.oldest, full=found.full),
    }
    return Shown("book", _("The book"), context)
