"""Joining, and the two pages of the way in that allauth does not have."""

from __future__ import annotations

from allauth.account.internal.decorators import login_stage_required
from allauth.account.views import SignupView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from majlis.accounts import actions as accounts
from majlis.accounts import joining
from majlis.core.clock import now
from majlis.core.errors import Refused
from majlis.web.forms import JoinForm

_SERVER_FAULT = 500
_FIELDS = {"username": "handle"}


class JoinView(SignupView):
    """allauth's page, on which a refusal of the domain is a sentence beside its field."""

    def form_valid(self, form: JoinForm) -> HttpResponse:
        answer: HttpResponse
        try:
            answer = super().form_valid(form)
        except Refused as error:
            if error.status >= _SERVER_FAULT:
                raise
            field = _FIELDS.get(error.field or "", error.field)
            form.add_error(field if field in form.fields else None, str(error.sentence))
            answer = self.form_invalid(form)
        return answer


join = JoinView.as_view()


@login_stage_required(stage="open", redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest) -> HttpResponse:
    """She has proved who she is and waits for deletion: she can take that back, and goes on signing in."""
    stage = request._login_stage  # type: ignore[attr-defined]
    user = stage.login.user
    if request.method == "GET":
        return render(request, "web/accounts/take_back.html", {"asked_at": user.deletion_asked_at})
    if user.deletion_asked_at is not None:  # a second press of the button finds it taken back
        accounts.take_back(by=user.pk, at=now())
    user.refresh_from_db()
    answer: HttpResponse = stage.exit()
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """The link sent to those who joined through an app. Opening it changes nothing: scanners open links."""
    if request.method == "GET":
        good = joining.key_is_good(key)
        return render(request, "web/accounts/confirm.html", {"good": good}, status=200 if good else 404)
    joining.confirm_by_key(key=key, at=now())
    return redirect("account_login")
