"""Work behind the scenes: how much waits, who works, and what failed for good."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from majlis.backoffice.doors import Done, Shown, act, numbers, page
from majlis.core.errors import BadInput
from majlis.core.jobs import actions, queries

_HERE: Final = "/backoffice/jobs"


#: A letter that could not be sent may hold a code for a new password: nobody reads that but its reader.
_NOT_SHOWN: Final = {"text", "html", "subject", "code", "token", "secret", "key", "password"}


@page
def index(request: HttpRequest) -> Shown:
    """The queue. Arguments may quote what members wrote; they are shown as text, folded away."""
    letters = queries.dead_letters(limit=50)
    context = {
        "depth": queries.depth(),
        "workers": queries.workers(),
        "letters": [{"letter": each, "arguments": _arguments(each)} for each in letters],
    }
    return Shown("jobs", _("Work behind the scenes"), context)


def _arguments(letter: queries.SeenDeadLetter) -> dict[str, str]:
    return {name: "…" if name in _NOT_SHOWN else str(value) for name, value in letter.arguments.items()}


def _chosen(request: HttpRequest) -> list[int]:
    ids = numbers(request.POST.getlist("job"))
    if not ids:
        raise BadInput(_("Choose what you mean."))
    return ids


@act("jobs.retry")
def retry(request: HttpRequest) -> Done:
    """Try again what failed."""
    tried = actions.retry_dead_letters(ids=_chosen(request))
    return Done(_("It is tried again."), _HERE, "jobs:", {"ids": [str(id_) for id_ in tried]})


@act("jobs.discard", danger=True)
def discard(request: HttpRequest) -> Done:
    """Give up what failed."""
    gone = actions.discard_dead_letters(ids=_chosen(request))
    return Done(_("Given up."), _HERE, "jobs:", {"ids": [str(id_) for id_ in gone]})
