"""Reading about logins, for edges."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from majlis.accounts.models import User


@dataclass(frozen=True, slots=True)
class Login:
    """A login as its owner and the operator may see it."""

    id: int
    email: str
    language: str
    is_staff: bool
    is_active: bool
    joined_at: datetime
    confirmed_at: datetime | None
    approval_asked_at: datetime | None
    approved_at: datetime | None
    suspended_at: datetime | None
    deletion_asked_at: datetime | None
    join_reason: str


def _facts(user: User) -> Login:
    return Login(
        id=user.pk,
        email=user.email,
        language=user.language,
        is_staff=user.is_staff,
        is_active=user.is_active,
        joined_at=user.joined_at,
        confirmed_at=user.confirmed_at,
        approval_asked_at=user.approval_asked_at,
        approved_at=user.approved_at,
        suspended_at=user.suspended_at,
        deletion_asked_at=user.deletion_asked_at,
        join_reason=user.join_reason,
    )


def login(*, user_id: int) -> Login | None:
    """The login of an id."""
    user = User.objects.filter(pk=user_id).first()
    return _facts(user) if user else None


def login_of_address(*, email: str) -> Login | None:
    """The login that a mail address belongs to, confirmed or not."""
    address = email.strip().lower()
    user = User.objects.filter(email=address).first()
    if user is None:
        owner = EmailAddress.objects.filter(email=address).select_related("user").first()
        user = owner.user if owner else None
    return _facts(user) if user else None


def addresses(*, user_ids: Iterable[int]) -> dict[int, str]:
    """From login to mail address, for operators."""
    return dict(User.objects.filter(pk__in=list(user_ids)).values_list("pk", "email"))


def awaiting_approval() -> list[Login]:
    """Those who asked to join, confirmed their address and wait, the longest first."""
    rows = User.objects.filter(
        approval_asked_at__isnull=False, approved_at=None, confirmed_at__isnull=False, suspended_at=None
    )
    return [_facts(user) for user in rows.order_by("approval_asked_at", "pk")]


def logins_of_sessions(keys: Collection[str]) -> dict[str, tuple[int, int]]:
    """Session key → login and the profile chosen in it (0: none), for sessions that hold. Two queries.

    As ``django.contrib.auth.get_user`` looks at one: the data is signed, the login is active, and its password
    is the one that it had when it signed in.
    """
    if not keys:
        return {}
    stored = Session.objects.filter(session_key__in=list(keys), expire_date__gt=timezone.now())
    decode = SessionStore().decode
    sessions = {key: decode(data) for key, data in stored.values_list("session_key", "session_data")}
    named = {key: str(data.get(SESSION_KEY, "")) for key, data in sessions.items()}
    wanted = {int(name) for name in named.values() if name.isdecimal()}
    logins = User.objects.filter(id__in=wanted, is_active=True).only("password")
    users = {str(user.pk): user for user in logins}
    found = {}
    for key, data in sessions.items():
        user = users.get(named[key])
        told = str(data.get(HASH_SESSION_KEY, ""))
        if user is not None and constant_time_compare(told, user.get_session_auth_hash()):
            chosen = data.get("profile_id")
            found[key] = (user.pk, chosen if isinstance(chosen, int) else 0)
    return found


def confirmed_addresses(*, user_id: int) -> list[str]:
    """The mail addresses that a login has proved to be its own."""
    found = EmailAddress.objects.filter(user_id=user_id, verified=True).order_by("pk")
    return list(found.values_list("email", flat=True))
