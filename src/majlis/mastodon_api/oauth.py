"""OAuth 2 for Mastodon apps: consent, tokens, revocation, and what a client can learn beforehand.

The protocol is oauthlib's, narrowed in ``accounts.provider``; the forms of the answers are Mastodon's.
RFC 6749, 7009 (revocation), 7636 (PKCE), 8414 (metadata), 9207 (issuer in the answer), 9700 (practice).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.accounts import authorizing, limits, scopes, tokens
from majlis.accounts.applications import OUT_OF_BAND
from majlis.core import json
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotAllowed, NotSignedIn, Refused, TooMany
from majlis.people import access as people_access
from majlis.people import queries as people

Edge = Callable[..., HttpResponse]
_TRUE: Final = frozenset({"1", "true", "yes", "on"})


def open_to_browsers(view: Edge) -> Edge:
    """Web clients on other origins call it: no cookie is read, so any origin may (CORS, fetch standard)."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = HttpResponse(status=204) if request.method == "OPTIONS" else view(request, *args, **kwargs)
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        answer["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Idempotency-Key"
        return answer

    return opened


def read_fields(request: HttpRequest) -> dict[str, Any]:
    """The fields of a body, whether JSON, urlencoded or multipart. ``name[]`` is a list called ``name``, and
    so is what was given twice: :func:`text_field` refuses it (RFC 6749 section 3.2) where it means anything.

    Raises:
        BadInput: no JSON object.
    """
    if request.content_type == "application/json":
        body = json.decode(request.body)
        if not isinstance(body, dict):
            raise BadInput(_("The data sent is not what is expected here."))
        return body
    fields: dict[str, Any] = {}
    for name, values in request.POST.lists():
        if name.endswith("[]"):
            fields[name[:-2]] = values
        else:
            fields[name] = values[0] if len(values) == 1 else values
    return fields


def text_field(fields: dict[str, Any], name: str) -> str:
    """A field that has to be text; empty when absent.

    Raises:
        BadInput: it is something else, or holds U+0000.
    """
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or "\x00" in value:
        raise BadInput(_("The data sent is not what is expected here."), field=name)
    return value


def bearer_token(request: HttpRequest) -> str:
    """The token of the Authorization header, empty when there is none (RFC 6750 section 2.1)."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


# consent


@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """A member decides whether an app may speak for one of her profiles."""
    query = request.META.get("QUERY_STRING", "")
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    try:
        asked = authorizing.ask(query=query, by=_login_of(request))
        if _must_sign_in_again(request):
            return _sign_in_again(request)
        return _decide(request, asked) if request.method == "POST" else _ask(request, asked)
    except authorizing.SentBack as error:
        return _away(error.location)
    except Refused as error:
        return _explain(request, error)


def _ask(request: HttpRequest, asked: authorizing.Asked) -> HttpResponse:
    profiles = people.profiles_of_login(user_id=_login_of(request))
    if not profiles:
        raise NotAllowed(_("You have no profile that an app could speak for."))
    answer = render(
        request,
        "oauth2_provider/authorize.html",
        {
            "application": asked.application,
            "redirect_uri": asked.redirect_uri,
            "redirect_host": urlsplit(asked.redirect_uri).hostname,
            "scopes": list(asked.scopes),
            "profiles": profiles,
        },
    )
    if asked.redirect_uri != OUT_OF_BAND:
        # Chromium holds form-action against the redirect that answers the form
        answer._csp_update = {"form-action": [_origin(asked.redirect_uri)]}  # type: ignore[attr-defined]
    return answer


def _decide(request: HttpRequest, asked: authorizing.Asked) -> HttpResponse:
    if request.POST.get("allow", "").lower() not in _TRUE:
        return _away(authorizing.decline(asked)) if asked.redirect_uri != OUT_OF_BAND else redirect("/")
    limits.take("authorize", f"login {_login_of(request)}")
    profile = people_access.own_profile(user_id=_login_of(request), profile_id=_chosen(request))
    code = authorizing.agree(asked, by=_login_of(request), profile_id=profile.id)
    if asked.redirect_uri == OUT_OF_BAND:
        page = {"application": asked.application, "code": code}
        return render(request, "oauth2_provider/out_of_band.html", page)
    return _away(authorizing.answer(asked, code=code))


def _chosen(request: HttpRequest) -> int:
    """The profile she picked, or without a pick the one she acts as; 0, which nobody has, for nonsense."""
    picked = request.POST.get("profile", "")
    if not picked:
        viewer = people.viewer_of(user_id=_login_of(request), chosen=request.session.get("profile_id"))
        return viewer.id if viewer else 0
    return int(picked) if picked.isascii() and picked.isdecimal() and len(picked) <= 19 else 0


def _explain(request: HttpRequest, error: Refused) -> HttpResponse:
    """Why nothing was granted, on a page: the app is not told, it may not be what it says."""
    told = {"error": {"error": error.code, "description": error.sentence}}
    answer = render(request, "oauth2_provider/authorize.html", told, status=error.status)
    if isinstance(error, TooMany):
        answer["Retry-After"] = str(error.retry_after)
    return answer


def _must_sign_in_again(request: HttpRequest) -> bool:
    """``force_login``: the app wants to be sure who sits there. The session stays until she has proved it:
    a link must not be able to sign anybody out."""
    asked = request.GET.get("force_login", "").lower() in _TRUE
    return asked and request.method == "GET" and not did_recently_reauthenticate(request)


def _sign_in_again(request: HttpRequest) -> HttpResponse:
    ways = get_adapter().get_reauthentication_methods(request.user)
    if not ways:
        raise NotAllowed(_("Please sign out and sign in again."))
    return redirect(f"{ways[0]['url']}?{urlencode({'next': request.get_full_path()})}")


def _login_of(request: HttpRequest) -> int:
    """The id of the login; those who are not signed in were sent away before."""
    return request.user.pk or 0


def _origin(uri: str) -> str:
    """What CSP calls the place: scheme and host of a web address, the bare scheme of an app."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} else f"{parts.scheme}:"


def _away(location: str) -> HttpResponse:
    """To a registered address, byte for byte: Django's redirect refuses the schemes of apps."""
    answer = HttpResponse(status=302)
    answer["Location"] = location
    answer["Referrer-Policy"] = "no-referrer"
    return answer


# tokens


@csrf_exempt
@never_cache
@open_to_browsers
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A code, or an app's own credentials, for an access token."""
    return _protocol(request, authorizing.exchange)


@csrf_exempt
@never_cache
@open_to_browsers
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """An app gives a token back. Another app's token is left alone, and the answer does not say so."""
    return _protocol(request, authorizing.revoke)


def _protocol(
    request: HttpRequest, act: Callable[..., tuple[int, dict[str, Any], dict[str, str]]]
) -> HttpResponse:
    try:
        fields = read_fields(request)
        texts = {
            name: text_field(fields, name) for name in authorizing.FIELDS if fields.get(name) is not None
        }
    except BadInput as error:
        fault = {"error": "invalid_request", "error_description": str(error.sentence)}
        return JsonResponse(fault, status=400)
    address = limits.network(limits.client_address(request))
    limits.take("token", f"address {address}", f"app {texts.get('client_id', address)}")
    request.oauth_fields = texts  # type: ignore[attr-defined]
    status, body, headers = act(request, at=now())
    return JsonResponse(body, status=status, headers=headers)


@open_to_browsers
@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """What this server can do, and no more (RFC 8414), at its configured address, whatever Host says."""
    base = settings.MAJLIS.base_url
    return JsonResponse(
        {
            "issuer": base,
            "service_documentation": "https://docs.joinmastodon.org/client/intro/",
            "authorization_endpoint": f"{base}/oauth/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "revocation_endpoint": f"{base}/oauth/revoke",
            "userinfo_endpoint": f"{base}/oauth/userinfo",
            "app_registration_endpoint": f"{base}/api/v1/apps",
            "scopes_supported": sorted(scopes.ALL),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "ui_locales_supported": [code for code, _name in settings.LANGUAGES],
        }
    )


@csrf_exempt
@never_cache
@open_to_browsers
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """Who the token speaks for, in OpenID's words."""
    holder = tokens.require(bearer_token(request))
    if not (holder.allows("profile") or holder.allows("read:accounts")):
        raise NotAllowed(_("This action is outside the authorized scopes."), code="insufficient_scope")
    profile = people.profile(holder.profile_id) if holder.profile_id else None
    if profile is None or profile.withdrawn:
        raise NotSignedIn(_("This method requires an authenticated user."))
    base = settings.MAJLIS.base_url
    return JsonResponse(
        {
            "iss": base,
            "sub": f"{base}/users/{profile.id}",
            "name": profile.name,
            "preferred_username": profile.handle,
            "profile": f"{base}/@{profile.handle}",
        }
    )
