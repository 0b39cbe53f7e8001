"""Which list an address asks for, and the address of another one."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, QueryDict

from majlis.brands.access import OnTeam
from majlis.care.access import Priority
from majlis.care.inbox import AT_ONCE, ORDERS, VIEWS, Wanted
from majlis.core.text.clean import clean_text
from majlis.web.composer import number
from majlis.web.studio.frame import path

PART: Final = "inbox"
MOST_SHOWN: Final = 200
_LONGEST: Final = 200


def wanted(given: QueryDict) -> Wanted:
    """The list that is asked for. What means nothing is left out, so that an old link shows a list all the same."""
    view, order = given.get("view", ""), given.get("order", "")
    priority = given.get("priority", "")
    return Wanted(
        view=view if view in VIEWS else "open",
        order=order if order in ORDERS else "due",
        source=_text(given, "source"),
        cause=0 if given.get("cause") == "0" else number(given.get("cause")),
        priority=int(priority) if priority in {str(each.value) for each in Priority} else None,
        language=_text(given, "language"),
        tag=_text(given, "tag"),
        assignee=number(given.get("assignee")),
        words=_text(given, "q"),
        after=_text(given, "after"),
    )


def _text(given: QueryDict, name: str) -> str:
    return clean_text(given.get(name, "")).strip()[:_LONGEST]


def shown(request: HttpRequest) -> int:
    """How many rows the screen has that asks for its list again."""
    return min(max(number(request.GET.get("n")) or AT_ONCE, AT_ONCE), MOST_SHOWN)


def query(asked: Wanted, **changed: object) -> str:
    """The list in an address, with its question mark; nothing where it is the usual one."""
    usual = Wanted()
    given = msgspec.structs.asdict(msgspec.structs.replace(asked, after="", **changed))
    names = {"words": "q"}
    kept = {
        names.get(name, name): value
        for name, value in given.items()
        if value not in ("", None) and value != getattr(usual, name)
    }
    return f"?{urlencode(kept)}" if kept else ""


def list_url(team: OnTeam, asked: Wanted, **changed: object) -> str:
    """The address of a list."""
    return path(team.handle, PART) + query(asked, **changed)


def conversation_url(team: OnTeam, conversation_id: int, asked: Wanted | None = None, part: str = "") -> str:
    """The address of a conversation beside its list, or of something to do with it."""
    own = path(team.handle, f"{PART}/{conversation_id}") + (f"/{part}" if part else "")
    return own + (query(asked) if asked else "")
