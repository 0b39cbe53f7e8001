"""The apps a member let in, and taking that back."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from majlis.accounts import applications, tokens
from majlis.core.clock import now
from majlis.core.errors import NotThere


@never_cache
@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What holds tokens of hers."""
    held = [
        {
            "pk": access.application_id,
            "application": {"name": access.name, "website": access.website},
            "created": access.given_at,
            "last_used_on": access.last_used_on,
            "scopes": access.scopes,
        }
        for access in applications.held(user_id=request.user.pk or 0)
    ]
    return render(request, "oauth2_provider/authorized-tokens.html", {"authorized_tokens": held})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, application_id: int) -> HttpResponse:
    """Sign an app out. One that holds nothing of hers is as good as none."""
    held = {access.application_id for access in applications.held(user_id=request.user.pk or 0)}
    if application_id not in held:
        raise NotThere(_("There is no such app."))
    if request.method == "GET":
        return render(request, "oauth2_provider/authorized-token-delete.html")
    tokens.revoke_application(application_id=application_id, by=request.user.pk or 0, at=now())
    return redirect("oauth2_provider:authorized-token-list")


app_name = "oauth2_provider"
urlpatterns: list[URLPattern] = [
    path("", listed, name="authorized-token-list"),
    path("<int:application_id>/", take_back, name="authorized-token-delete"),
]
