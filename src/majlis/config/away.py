"""When the database is away or its disk is full: a sentence and 503 instead of an error page.

What a view raises comes by :class:`DatabaseAway`; what a middleware raises (sessions, who is signed in, which
profile) never reaches another middleware as an exception, but it comes by ``handler500``. Neither answer asks
the database for anything.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from majlis.core import away
from majlis.mastodon_api.request import refuse
from majlis.web.middleware import as_page
from majlis.web.views import errors

log = logging.getLogger(__name__)

_OF_PROGRAMS: Final = ("/api/", "/oauth/", "/.well-known/", "/nodeinfo/")


class DatabaseAway:
    """Turns what psycopg says of a lost connection, a shutdown or a full disk into 503 with Retry-After."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._respond(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django asks this about what a view raised."""
        return _unavailable(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``: called while the exception is being handled, so that it can be looked at."""
    exception = sys.exc_info()[1]
    answer = _unavailable(request, exception) if exception is not None else None
    return answer or errors.server_error(request)


def _unavailable(request: HttpRequest, exception: BaseException) -> HttpResponse | None:
    refusal = away.refusal(exception)
    if refusal is None:
        return None
    log.warning("no database for %s: %s", request.path, exception)
    if request.path.startswith(_OF_PROGRAMS):
        response = refuse(refusal)
    elif refusal.code == "disk_full" and hasattr(request, "profile"):  # what a page needs can be read
        response = as_page(request, refusal)
    else:
        response = errors.unavailable(request)
    response["Retry-After"] = str(away.RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response
