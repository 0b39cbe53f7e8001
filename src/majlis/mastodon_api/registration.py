"""Joining through an app: the same rules as on the page, and a token that waits for the address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from majlis.accounts import actions as accounts
from majlis.accounts import joining, limits, tokens
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotAllowed, NotSignedIn
from majlis.mastodon_api.oauth import bearer_token, open_to_browsers, read_fields, text_field
from majlis.people import actions as people

_YES = frozenset({True, "true", "1", "on"})


@csrf_exempt
@open_to_browsers
@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Make a login and a profile; the token is good as soon as the address is confirmed (and approved)."""
    app = _application(request)
    fields = read_fields(request)
    address = text_field(fields, "email")
    limits.take("join", limits.network(limits.client_address(request)))
    limits.take("mail", address)
    if not _agreed(fields.get("agreement")):
        raise BadInput(_("The rules of this server have to be agreed to."), field="agreement")
    at = now()
    with transaction.atomic():
        user_id = joining.begin(
            email=address,
            password=text_field(fields, "password"),
            language=_language(text_field(fields, "locale")),
            invitation=text_field(fields, "invite_code"),
            reason=text_field(fields, "reason"),
            at=at,
        )
        handle = text_field(fields, "username")
        profile_id = people.create_profile(user_id=user_id, handle=handle, at=at)
        accounts.hide_until_open(user_id=user_id, at=at)
        token = tokens.issue_token(
            user_id=user_id, profile_id=profile_id, application=app.application_id, scopes=app.scopes, at=at
        )
    answer = {"access_token": token, "token_type": "Bearer", "scope": " ".join(sorted(app.scopes))}
    return JsonResponse(answer | {"created_at": int(at.timestamp())}, headers={"Cache-Control": "no-store"})


def _application(request: HttpRequest) -> tokens.Bearer:
    """The app itself, by a token of its own that may write accounts."""
    app = tokens.require(bearer_token(request))
    if app.user_id is not None:
        raise NotAllowed(_("Only an app on its own behalf can do this."))
    if not app.allows("write:accounts"):
        raise NotAllowed(_("This action is outside the authorized scopes."), code="insufficient_scope")
    return app


def _agreed(value: Any) -> bool:
    return isinstance(value, bool | str) and value in _YES


def _language(locale: str) -> str:
    code = locale.replace("_", "-").split("-")[0].lower()
    return code if code in dict(settings.LANGUAGES) else translation.get_language()


@csrf_exempt
@open_to_browsers
@require_POST
def send_confirmation(request: HttpRequest) -> HttpResponse:
    """Send the link once more."""
    user_id = _unconfirmed(request)
    limits.take("mail", f"login {user_id}", joining.address_of(user_id=user_id))
    joining.send_again(user_id=user_id)
    return JsonResponse({})


def _unconfirmed(request: HttpRequest) -> int:
    later = tokens.waiting(bearer_token(request))
    if later and later[1].code == "unconfirmed" and later[0].user_id is not None:
        return later[0].user_id
    tokens.require(bearer_token(request))
    raise NotAllowed(_("This address is confirmed already."), code="confirmed")


@open_to_browsers
@require_safe
def check_confirmation(request: HttpRequest) -> HttpResponse:
    """Whether the address of the token's login is confirmed: true or false."""
    token = bearer_token(request)
    holder, later = tokens.bearer(token), tokens.waiting(token)
    if later is not None:
        return JsonResponse(later[1].code != "unconfirmed", safe=False)
    if holder is None or holder.user_id is None:
        raise NotSignedIn(_("This method requires an authenticated user."))
    return JsonResponse(True, safe=False)
