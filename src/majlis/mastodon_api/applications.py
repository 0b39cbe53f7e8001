"""Apps register themselves, and ask whether they are still known."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from majlis.accounts import applications, limits, tokens
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotSignedIn
from majlis.mastodon_api.oauth import bearer_token, open_to_browsers, read_fields, text_field
from majlis.notifications.vapid import public_key


@csrf_exempt
@open_to_browsers
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Register an app; the only answer that ever holds its secret."""
    limits.take("apps", limits.network(limits.client_address(request)))
    fields = read_fields(request)
    app, secret = applications.register(
        name=text_field(fields, "client_name"),
        redirect_uris=_redirect_uris(fields.get("redirect_uris")),
        scopes=text_field(fields, "scopes"),
        website=text_field(fields, "website"),
        at=now(),
    )
    secrets = {"client_id": app.client_id, "client_secret": secret, "client_secret_expires_at": 0}
    answer = JsonResponse(_application(app) | secrets)
    answer["Cache-Control"] = "no-store"
    return answer


def _redirect_uris(value: Any) -> str | list[str]:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(uri, str) for uri in value):
        return value
    raise BadInput(_("An app needs between one and twenty redirect addresses."), field="redirect_uris")


@open_to_browsers
@require_safe
def verify_credentials(request: HttpRequest) -> HttpResponse:
    """The app that a token, its own or a member's, was given to."""
    holder = tokens.require(bearer_token(request))
    app = applications.find(application_id=holder.application_id)
    if app is None:
        raise NotSignedIn(_("The access token is invalid."))
    return JsonResponse(_application(app))


def _application(app: applications.App) -> dict[str, Any]:
    """Mastodon's Application; an app sees its own redirects only."""
    return {
        "id": str(app.id),
        "name": app.name,
        "website": app.website or None,
        "scopes": list(app.scopes),
        "redirect_uris": list(app.redirect_uris),
        "redirect_uri": "\n".join(app.redirect_uris),
        "vapid_key": public_key(),
    }
