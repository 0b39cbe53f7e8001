"""What every page knows, whichever view rendered it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import works_for_pages
from majlis.core.clock import now
from majlis.web import faces, notices

#: The six reactions in the order they are offered, with their names.
REACTION_KINDS = (
    ("like", _("Like")),
    ("love", _("Love")),
    ("laugh", _("Laugh")),
    ("wow", _("Wow")),
    ("sad", _("Sad")),
    ("angry", _("Angry")),
)
_OWN_NAME = _("Majlis")
THEMES = ("light", "dark")
THEME_COOKIE = "majlis_theme"


def _unread(viewer: int) -> Callable[[], int]:
    """The number on the bell, counted when a page shows it: parts of pages do not."""
    return cache(lambda: notices.unread(viewer=viewer, at=now()))


def _has_studio(viewer: int) -> Callable[[], bool]:
    """Whether the bar leads to the studio. Remembered for a minute: it opens no door."""

    def ask() -> bool:
        key = f"studio-{viewer}"
        known: bool | None = caches["memory"].get(key)
        if known is None:
            known = works_for_pages(member=viewer)
            caches["memory"].set(key, known, 60)
        return known

    return cache(ask)


def house(request: HttpRequest) -> dict[str, Any]:
    """The house itself, who is looking (``me``, None for a guest), and how she likes it (``theme``, "" for
    as her device does)."""
    name = settings.MAJLIS.server_name
    theme = request.COOKIES.get(THEME_COOKIE, "")
    viewer = getattr(request, "profile", None)
    return {
        "house": settings.MAJLIS,
        # a server that kept our name is called by it in the reader's letters
        "site_name": str(_OWN_NAME) if name == "Majlis" else name,
        "me": faces.me(viewer) if viewer else None,
        "unread_notifications": _unread(viewer.id) if viewer else 0,
        "has_studio": _has_studio(viewer.id) if viewer else False,
        "theme": theme if theme in THEMES else "",
        "reaction_kinds": REACTION_KINDS,
    }
