"""The last step of every sign-in, after password or passkey, address and second factor."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response
from django.http import HttpRequest, HttpResponseBase


class OpenStage(LoginStage):
    """A login that is not active goes no further; one that waits for deletion may take that back here.

    It comes last, so that only those who have proved everything learn how things stand.
    """

    key = "open"
    urlname = "account_take_back"

    def is_resumable(self, request: HttpRequest) -> bool:
        return False

    def handle(self) -> tuple[HttpResponseBase | None, bool]:
        user = self.login.user
        if user is None or user.is_active:
            return None, True
        if user.deletion_asked_at is not None and user.suspended_at is None:
            return headed_redirect_response("account_take_back"), True
        return get_adapter().respond_user_inactive(self.request, user), False
