"""The one door of the back office. Whoever is not an operator finds an unknown page behind every address.

Cross-site forms and wrong methods are refused after that, so that neither says that something is here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from urllib.parse import urlsplit

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict
from majlis.core.paging import HIGHEST, Page
from majlis.safety import actions as safety

P = ParamSpec("P")
Danger = bool | Callable[[HttpRequest], bool]
HOME: Final = "/backoffice/"
_TYPED: Final = "backoffice_typed"


@dataclass(frozen=True)
class Done:
    """What an action did: the sentence for the operator, where she goes on, and its line in the book."""

    sentence: str
    address: str
    target: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """A page: its template below ``backoffice/``, its title, what it reads, and where "back" leads."""

    template: str
    title: str
    context: dict[str, Any] = field(default_factory=dict)
    back: str = HOME


def page(view: Callable[Concatenate[HttpRequest, P], Shown]) -> Callable[..., HttpResponse]:
    """A page for operators. Looking changes nothing."""

    def shown(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        found = view(request, *args, **kwargs)
        context = {
            "page_title": found.title,
            "back_url": found.back,
            "robots": "noindex",
            "typed": request.session.pop(_TYPED, {}) if _TYPED in request.session else {},
            **found.context,
        }
        return render(request, f"backoffice/{found.template}.html", context)

    return _for_operators(wraps(view)(shown))


def act(
    name: str, *, danger: Danger = False
) -> Callable[[Callable[Concatenate[HttpRequest, P], Done]], Callable[..., HttpResponse]]:
    """Something an operator does: one transaction, with its line in the book (``name``) or not at all.

    ``danger``: whoever has not said the password (or shown the second factor) lately is asked for it
    first; what was sent is kept and done afterwards.
    """

    def wrap(view: Callable[Concatenate[HttpRequest, P], Done]) -> Callable[..., HttpResponse]:
        def done(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            if danger(request) if callable(danger) else danger:
                raise_if_reauthentication_required(request, app="majlis")
            try:
                found = _do(name, request, lambda: view(request, *args, **kwargs))
            except (BadInput, Conflict) as error:
                return _again(request, str(error.sentence))
            messages.success(request, found.sentence)
            return _see(found.address)

        guarded = _for_operators(wraps(view)(done))
        guarded.audited = name  # type: ignore[attr-defined]  # read by the tests
        return guarded

    return wrap


def _do(name: str, request: HttpRequest, view: Callable[[], Done]) -> Done:
    with transaction.atomic():
        found = view()
        safety.audit(by=operator(request), action=name, target=found.target, detail=found.detail, at=now())
    return found


def _again(request: HttpRequest, sentence: str) -> HttpResponse:
    """Back to the form, with what was typed."""
    messages.error(request, sentence)
    typed = {key: value for key, value in request.POST.items() if key != "csrfmiddlewaretoken"}
    request.session[_TYPED] = typed
    came_from = urlsplit(request.headers.get("Referer", "")).path
    return _see(came_from if came_from.startswith(HOME) else HOME)


def _see(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def _for_operators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    protected = csrf_protect(view)

    @csrf_exempt  # checked by csrf_protect, once we know that she may know of this page
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        known = user.is_authenticated and user.is_active and user.is_staff
        if not known or any(isinstance(value, int) and value > HIGHEST for value in kwargs.values()):
            raise Http404
        response = protected(request, *args, **kwargs)
        # GHSA-m9qf-3pfj-2r86: pages of operators were kept by caches and shown to others
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return opened


def operator(request: HttpRequest) -> int:
    """The login of the operator; the door has checked that she is one."""
    assert request.user.pk is not None  # noqa: S101  # the door let in somebody signed in
    return int(request.user.pk)


def number(typed: str | None) -> int | None:
    """A number from a form or an address; None when it is none."""
    text = typed or ""
    good = text.isascii() and text.isdecimal() and len(text) <= 19
    return int(text) if good and int(text) <= HIGHEST else None


def numbers(typed: list[str]) -> list[int]:
    """All of them that are numbers."""
    return [found for found in map(number, typed) if found is not None]


def asked_page(request: HttpRequest, *, limit: int = 40) -> Page:
    """The page that an address asks for (``max_id``)."""
    return Page(max_id=number(request.GET.get("max_id")), limit=limit)


def older(request: HttpRequest, cursor: int | None, *, full: bool) -> str:
    """The address of the next page, or empty after the last."""
    if not full or cursor is None:
        return ""
    query = request.GET.copy()
    query["max_id"] = str(cursor)
    return f"{request.path}?{query.urlencode()}"
