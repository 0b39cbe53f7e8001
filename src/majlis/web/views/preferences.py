"""Language and theme: cookies, so that a guest keeps them too and the page is right from the first byte."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language
from django.views.decorators.http import require_POST

from majlis.accounts import actions as accounts
from majlis.web.context import THEME_COOKIE, THEMES

_YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page she came from, if it is ours: never an open redirect."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if ours else "/")


def remember(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    if value:
        response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(name, samesite="Lax")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak this language from now on; a name we do not speak changes nothing."""
    response = _back(request)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        remember(request, response, settings.LANGUAGE_COOKIE_NAME, code)
        if request.user.is_authenticated:  # so that letters to her, and her other devices, speak it too
            accounts.set_language(user_id=request.user.pk, language=code)
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or (an empty value) as the device says."""
    response = _back(request)
    value = request.POST.get("theme", "")
    if value in ("", *THEMES):
        remember(request, response, THEME_COOKIE, value)
    return response


def chosen_elsewhere(request: HttpRequest) -> str | None:
    """The language that a member chose on another device, when this browser does not know it yet."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or not request.user.is_authenticated:
        return None
    chosen = str(request.user.language)
    return chosen if chosen in dict(settings.LANGUAGES) and chosen != get_language() else None


def speaking(request: HttpRequest, response: HttpResponse, language: str) -> HttpResponse:
    """The answer with which this browser learns the language."""
    remember(request, response, settings.LANGUAGE_COOKIE_NAME, language)
    return response
