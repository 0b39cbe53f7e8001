"""Browsers and apps that are signed in; leaving."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.accounts import actions as accounts
from majlis.accounts import applications, limits, sessions
from majlis.core.clock import now
from majlis.people.queries import Viewer
from majlis.web import devices
from majlis.web.doors import goto, member


@member("GET")
def signed_in(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Where she is signed in: browsers, and apps that she let in."""
    listed = sessions.listed(user_id=viewer.user_id, current_key=request.session.session_key)
    context = {
        "sessions": [
            {"session": session, "device": devices.device_name(session.user_agent)} for session in listed
        ],
        "apps": applications.held(user_id=viewer.user_id),
        "here": "settings",
        "page_title": _("Where you are signed in"),
        "back_url": "/settings",
        "robots": "noindex",
    }
    return render(request, "web/settings/sessions.html", context)


@member("POST")
def end_session(request: HttpRequest, viewer: Viewer, session_id: int) -> HttpResponse:
    """Sign one browser out."""
    sessions.end(session_id=session_id, by=viewer.user_id, at=now())
    messages.success(request, _("That browser is signed out."))
    return goto(request, "/settings/sessions")


@member("POST")
def end_others(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Sign all browsers out but this one."""
    sessions.end_all(user_id=viewer.user_id, at=now(), keep_key=request.session.session_key)
    messages.success(request, _("All other browsers are signed out."))
    return goto(request, "/settings/sessions")


# leaving ------------------------------------------------------------------------------------------


class DeletionForm(forms.Form):
    """The password once more: an open browser is not enough to end an account, nor to guess it."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        limits.take("password", f"login {self.user.pk}")  # before hashing: that is what a flood would cost
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password


@member("GET")
def account(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Signing out, and deleting the account."""
    context = {"here": "settings", "page_title": _("Leave"), "back_url": "/settings", "robots": "noindex"}
    return render(request, "web/settings/account.html", context)


@member("GET", "POST")
def delete(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Ask for the account to be deleted after the days of grace."""
    form = DeletionForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        accounts.ask_deletion(by=viewer.user_id, at=now())
        logout(request)
        messages.success(
            request, _("Your account waits to be deleted. Sign in within the days of grace to keep it.")
        )
        return goto(request, "/")
    days = settings.MAJLIS.deletion_grace_days
    context = {"form": form, "grace_days": days, "deleted_on": now() + timedelta(days=days)}
    return render(request, "web/settings/delete_account.html", context, status=422 if form.errors else 200)
