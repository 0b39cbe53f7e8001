"""When the database is away or its disk is full: a sentence and 503 instead of an error page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotNow
from majlis.mastodon_api.request import refuse
from majlis.web.views import errors

log = logging.getLogger(__name__)

RETRY_AFTER: Final = "5"  # seconds


class DatabaseAway:
    """Turns what psycopg says of a lost connection, a shutdown or a full disk into 503 with Retry-After."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._respond(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django asks this about what a view raised."""
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        log.warning("no database for %s: %s", request.path, exception)
        if request.path.startswith(("/api/", "/oauth/")):
            response = refuse(
                NotNow(
                    _("This is not possible just now. Please try again in a minute."), cause=str(exception)
                )
            )
        else:
            response = errors.server_error(request)
            response.status_code = 503
        response["Retry-After"] = RETRY_AFTER
        return response
