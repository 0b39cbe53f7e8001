"""What every page knows, whichever view rendered it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

#: The six reactions in the order they are offered, with their names.
REACTION_KINDS = (
    ("like", _("Like")),
    ("love", _("Love")),
    ("laugh", _("Laugh")),
    ("wow", _("Wow")),
    ("sad", _("Sad")),
    ("angry", _("Angry")),
)
THEMES = ("light", "dark")
THEME_COOKIE = "majlis_theme"


def house(request: HttpRequest) -> dict[str, Any]:
    """The house itself, who is looking (``me``, None for a guest), and how she likes it (``theme``, "" for
    as her device does)."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "house": settings.MAJLIS,
        "site_name": settings.MAJLIS.server_name,
        "me": getattr(request, "profile", None),
        "theme": theme if theme in THEMES else "",
        "reaction_kinds": REACTION_KINDS,
    }
