"""What allauth tells by signal only: a changed address or second factor ends all other sessions."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import email_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.http import HttpRequest

from majlis.accounts import actions
from majlis.accounts.models import User
from majlis.core.clock import now


@receiver([email_changed, authenticator_added, authenticator_removed])
def credentials_changed(*, request: HttpRequest, user: User, **circumstances: Any) -> None:
    """Apps keep their tokens: these came without address or second factor. A new password ends both."""
    own = request.user.is_authenticated and request.user.pk == user.pk
    keep = request.session.session_key if own else None
    actions.end_everything(user_id=user.pk, at=now(), keep_session=keep, keep_tokens=True)
