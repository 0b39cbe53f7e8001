"""How allauth behaves here."""

from __future__ import annotations

from email.utils import getaddresses
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as current
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from majlis.accounts import actions, letters, limits, sessions
from majlis.accounts.addresses import clean_address
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.core.errors import NotNow


class AccountAdapter(DefaultAccountAdapter):
    """Joining follows the operator's choice; mail leaves through a job; whatever ends, ends everywhere."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether the form is shown at all; an invitation is checked by the form itself."""
        return settings.MAJLIS.registrations != "closed"

    def clean_email(self, email: str) -> str:
        return clean_address(email)

    def get_client_ip(self, request: HttpRequest) -> str:
        return limits.client_address(request)

    # sign-in

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        try:
            user: User | None = super().authenticate(request, **credentials)
        except NotNow:
            # nobody was wrong: a flood must not use up the attempts of those who are caught in it
            self._rollback_login_failed_rl_usage()
            raise
        return user

    def pre_login(self, request: HttpRequest, user: User, **circumstances: Any) -> HttpResponseBase | None:
        """Those who are suspended stop here; those who wait for something go through all stages first."""
        if user.is_active or user.suspended_at is None:
            return None
        answer: HttpResponseBase | None = super().pre_login(request, user, **circumstances)
        return answer

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponseBase:
        """The page says which it is to whoever waits for approval: she has proved who she is by now."""
        request.session["awaits_approval"] = user.awaits_approval
        answer: HttpResponseBase = super().respond_user_inactive(request, user)
        return answer

    def get_login_stages(self) -> list[str]:
        return [*super().get_login_stages(), "majlis.accounts.stages.OpenStage"]

    def login(self, request: HttpRequest, user: User) -> None:
        if not user.is_active:  # the stages have seen to it; this is the wall behind them
            raise NotNow(_("This account cannot be used at this time."))
        super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        key = request.session.session_key
        with transaction.atomic():
            if key:
                end_session_of_key(key)
            super().logout(request)

    # credentials

    def set_password(self, user: User, password: str) -> None:
        """A new password ends all other sessions, and all tokens unless the form's box keeps the apps."""
        request = self.request
        own = request is not None and request.user.is_authenticated and request.user.pk == user.pk
        with transaction.atomic():
            super().set_password(user, password)
            actions.end_everything(
                user_id=user.pk,
                at=now(),
                keep_session=request.session.session_key if own else None,
                keep_tokens=own and getattr(request, "keeps_apps", False),
            )

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        with transaction.atomic():
            confirmed: bool = super().confirm_email(request, email_address)
            if confirmed:
                actions.confirm(user_id=email_address.user_id, at=now())
        return confirmed

    # mail

    def format_email_subject(self, subject: str) -> str:
        return f"[{settings.MAJLIS.server_name}] {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        known = {
            "request": current.request,
            "email": email,
            "current_site": SimpleNamespace(name=settings.MAJLIS.server_name, domain=settings.MAJLIS.host),
        }
        message = self.render_mail(template_prefix, email, known | _on_this_server(context))
        html = ""
        if isinstance(message, EmailMultiAlternatives) and message.alternatives:
            html = str(message.alternatives[0][0])
        to = [address for _name, address in getaddresses(message.to)]
        letters.post(to=to, subject=str(message.subject), text=str(message.body), html=html)


def _on_this_server(context: dict[str, Any]) -> dict[str, Any]:
    """Addresses in mail point at this server, whatever Host the request named (CVE-2021-30185)."""
    base = settings.MAJLIS.base_url
    return {
        name: base + urlsplit(value)._replace(scheme="", netloc="").geturl()
        if name.endswith("_url")
        else value
        for name, value in context.items()
    }


def end_session_of_key(key: str) -> None:
    """Tell that the session of a browser is over, when it was somebody's."""
    for session in UserSession.objects.filter(session_key=key):
        sessions.end(session_id=session.pk, by=session.user_id, at=now())


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Sessions ended from allauth's page close their streams too."""

    def end_sessions(self, sessions: list[UserSession]) -> None:
        with transaction.atomic():
            for session in sessions:
                end_session_of_key(session.session_key)
